"""Surfaces over one weight, the presets of the visualizers that the course links among them."""

from __future__ import annotations

from math import pi

from fallline.engine.surfaces.expression import written
from fallline.engine.surfaces.surface import Minimum, RateRange, Source

NEWTON = Source("Newton", 1711)

SQUARE = written(
    "square", "x^2", title="Square", source=NEWTON, domain=((-6.0, 6.0),), start=(5.0,),
    minima=(Minimum((0.0,), 0.0),), rate=RateRange(0.001, 1.2, 0.25), quadratic=True,
)  # fmt: skip

CUBE = written(
    "cube", "x^3", title="Cube", source=NEWTON, domain=((-3.0, 3.0),), start=(2.0,), rate=RateRange(0.001, 0.5, 0.05)
)

SINE = written(
    "sine", "sin(x)", title="Sine", source=Source("Euler", 1748), domain=((-6.5, 6.5),), start=(5.0,),
    minima=(Minimum((-0.5 * pi,), -1.0), Minimum((1.5 * pi,), -1.0)), rate=RateRange(0.01, 3.0, 0.25),
)  # fmt: skip

RECIPROCAL = written(
    "reciprocal", "1/x", title="Reciprocal", source=NEWTON, domain=((0.05, 6.0),), start=(2.0,),
    rate=RateRange(0.001, 2.0, 0.25),
)  # fmt: skip

CUBIC = written(
    "cubic", "x + 2x^2 + 0.4x^3", title="Cubic with a dip", source=NEWTON, domain=((-6.0, 3.0),), start=(2.0,),
    rate=RateRange(0.001, 0.6, 0.1),
)  # fmt: skip

QUARTIC = written(
    "quartic", "x^4", title="Quartic (flat at its lowest point)", source=NEWTON, domain=((-2.0, 2.0),), start=(1.5,),
    minima=(Minimum((0.0,), 0.0),), rate=RateRange(0.001, 0.2, 0.05),
)  # fmt: skip

DOUBLE_WELL = written(
    "double_well", "(x^2 - 1)^2 + 0.3x", title="Double well", source=Source("Duffing", 1918), domain=((-2.0, 2.0),),
    start=(1.8,), minima=(
        Minimum((-1.0355787140888537,), -0.305428483743916),
        Minimum((0.9601495555191055,), 0.29414648102826285),
    ), rate=RateRange(0.001, 0.3, 0.03),
)  # fmt: skip

FORRESTER = written(
    "forrester", "(6x - 2)^2*sin(12x - 4)", title="Forrester", source=Source("Forrester, Sóbester and Keane", 2008),
    domain=((0.0, 1.0),), start=(0.45,), minima=(
        Minimum((0.7572487578418559,), -6.0207400557670825),
        Minimum((0.14258918932471631,), -0.9863254063210813),
    ), rate=RateRange(1e-5, 0.01, 5e-4),
)  # fmt: skip
