"""Surfaces over two weights that are one expression: valleys, dents and wells of the literature."""

from __future__ import annotations

from math import log, pi, sqrt

from fallline.engine.surfaces.expression import written
from fallline.engine.surfaces.surface import Minimum, RateRange, Source

BOOTH = written(
    "booth", "(x + 2y - 7)^2 + (2x + y - 5)^2", title="Booth", source=Source("Booth", 1949),
    domain=((-10.0, 10.0), (-10.0, 10.0)), start=(-7.0, 6.0), minima=(Minimum((1.0, 3.0), 0.0),),
    rate=RateRange(0.001, 0.16, 0.04), levels="log", quadratic=True,
)  # fmt: skip

MATYAS = written(
    "matyas", "0.26(x^2 + y^2) - 0.48x*y", title="Matyas", source=Source("Matyas", 1965),
    domain=((-10.0, 10.0), (-10.0, 10.0)), start=(-8.0, 3.0), minima=(Minimum((0.0, 0.0), 0.0),),
    rate=RateRange(0.01, 3.0, 0.8), levels="log", quadratic=True,
)  # fmt: skip

SIX_HUMP_CAMEL = written(
    "six_hump_camel", "(4 - 2.1x^2 + x^4/3)x^2 + x*y + (4y^2 - 4)*y^2", title="Six-hump camel",
    source=Source("Branin", 1972), domain=((-2.2, 2.2), (-1.2, 1.2)), start=(-1.2, 1.0), minima=(
        Minimum((-0.08984201310031807, 0.7126564030207396), -1.0316284534898774),
        Minimum((0.08984201310031807, -0.7126564030207396), -1.0316284534898774),
        Minimum((-1.7036067149699807, 0.7960835686726251), -0.21546382438371725),
        Minimum((1.7036067149699807, -0.7960835686726251), -0.21546382438371725),
        Minimum((-1.6071047529201974, -0.5686514548841314), 2.1042503103112584),
        Minimum((1.6071047529201974, 0.5686514548841314), 2.1042503103112584),
    ),
    rate=RateRange(0.001, 0.2, 0.03),
)  # fmt: skip

GOLDSTEIN_PRICE = written(
    "goldstein_price",
    "(1 + (x + y + 1)^2*(19 - 14x + 3x^2 - 14y + 6x*y + 3y^2))"
    "*(30 + (2x - 3y)^2*(18 - 32x + 12x^2 + 48y - 36x*y + 27y^2))",
    title="Goldstein–Price", source=Source("Goldstein and Price", 1971), domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.0, 0.5), minima=(
        Minimum((0.0, -1.0), 3.0),
        Minimum((-0.6, -0.4), 30.0),
        Minimum((1.8, 0.2), 84.0),
        Minimum((1.2, 0.8), 840.0),
    ), rate=RateRange(1e-7, 5e-4, 1e-5), levels="log",
)  # fmt: skip

EASOM = written(
    "easom", "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)", title="Easom", source=Source("Easom", 1990),
    domain=((0.0, 6.5), (0.0, 6.5)), start=(2.0, 4.0), minima=(Minimum((pi, pi), -1.0),),
    rate=RateRange(0.01, 1.0, 0.1),
)  # fmt: skip

MCCORMICK = written(
    "mccormick", "sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1", title="McCormick", source=Source("McCormick", 1976),
    domain=((-1.5, 4.0), (-3.0, 4.0)), start=(0.5, 3.0),
    minima=(
        Minimum((0.5 - pi / 3, -0.5 - pi / 3), -0.5 * sqrt(3.0) - pi / 3),
        Minimum((0.5 + 2 * pi / 3, -0.5 + 2 * pi / 3), 2 * pi / 3 - 0.5 * sqrt(3.0)),
    ),
    rate=RateRange(0.001, 0.6, 0.05),
)  # fmt: skip

CLIFF = written(
    "cliff", "((x - 3)/100)^2 - (x - y) + exp(20(x - y))", title="Cliff", source=Source("Buckley", 1989),
    domain=((2.0, 4.0), (2.6, 4.2)), start=(2.2, 4.0),
    minima=(Minimum((3.0, 3.0 + log(20.0) / 20.0), (1.0 + log(20.0)) / 20.0),),
    rate=RateRange(0.0002, 0.1, 0.002), levels="log",
)  # fmt: skip

BRANIN = written(
    "branin", "(y - 5.1/(4pi^2)*x^2 + 5/pi*x - 6)^2 + 10(1 - 1/(8pi))*cos(x) + 10", title="Branin",
    source=Source("Branin", 1972), domain=((-5.0, 10.0), (0.0, 15.0)), start=(-2.0, 4.0),
    minima=(
        Minimum((-pi, 12.275), 10.0 / (8.0 * pi)),
        Minimum((pi, 2.275), 10.0 / (8.0 * pi)),
        Minimum((3.0 * pi, 2.475), 10.0 / (8.0 * pi)),
    ),
    rate=RateRange(0.001, 0.2, 0.02), levels="log",
)  # fmt: skip

BOHACHEVSKY = written(
    "bohachevsky", "x^2 + 2y^2 - 0.3cos(3pi*x) - 0.4cos(4pi*y) + 0.7", title="Bohachevsky",
    source=Source("Bohachevsky, Johnson and Stein", 1986), domain=((-2.0, 2.0), (-2.0, 2.0)), start=(-1.7, 1.4),
    minima=(Minimum((0.0, 0.0), 0.0),), rate=RateRange(0.0005, 0.05, 0.01),
)  # fmt: skip

FREUDENSTEIN_ROTH = written(
    "freudenstein_roth", "(-13 + x + ((5 - y)*y - 2)*y)^2 + (-29 + x + ((y + 1)*y - 14)*y)^2",
    title="Freudenstein–Roth", source=Source("Freudenstein and Roth", 1963), domain=((-4.0, 16.0), (-3.0, 5.0)),
    start=(0.5, -2.0), minima=(
        Minimum((5.0, 4.0), 0.0),
        Minimum((11.4127789869021, -0.8968052532744761), 48.98425367924001),
    ), rate=RateRange(1e-5, 3e-3, 3e-4), levels="log",
)  # fmt: skip

PEAKS = written(
    "peaks",
    "3(1 - x)^2*exp(-x^2 - (y + 1)^2) - 10(x/5 - x^3 - y^5)*exp(-x^2 - y^2) - exp(-(x + 1)^2 - y^2)/3",
    title="Peaks", source=Source("The MathWorks", 1984), domain=((-3.0, 3.0), (-3.0, 3.0)), start=(0.6, 0.9),
    minima=(
        Minimum((0.22827892055636914, -1.6255349574999964), -6.5511333328358345),
        Minimum((-1.3473962443682108, 0.20451886609700518), -3.04984940280026),
        Minimum((0.2964455538468321, 0.32019624766683435), -0.06493586825552683),
    ), rate=RateRange(0.0005, 0.1, 0.01),
)  # fmt: skip

MULLER_BROWN = written(
    "muller_brown",
    "-200exp(-(x - 1)^2 - 10y^2) - 100exp(-x^2 - 10(y - 0.5)^2)"
    " - 170exp(-6.5(x + 0.5)^2 + 11(x + 0.5)*(y - 1.5) - 6.5(y - 1.5)^2)"
    " + 15exp(0.7(x + 1)^2 + 0.6(x + 1)*(y - 1) + 0.7(y - 1)^2)",
    title="Müller–Brown", source=Source("Müller and Brown", 1979), domain=((-1.6, 1.2), (-0.3, 2.0)),
    start=(-0.4, 0.1), minima=(
        Minimum((-0.5582236346330242, 1.4417258418046688), -146.69951720995402),
        Minimum((0.6234994049308765, 0.028037758528685668), -108.16672411685235),
        Minimum((-0.05001082299820601, 0.46669410487197205), -80.76781812965903),
    ), rate=RateRange(1e-5, 2e-3, 2e-4),
)  # fmt: skip
