"""Families: the surfaces of the field that exist for any number of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.engine.surfaces.expression import written
from fallline.engine.surfaces.quadratic_form import bowl
from fallline.engine.surfaces.surface import Minimum, RateRange, Source, Surface

MOST = 100
"""Weights of a family that is an expression."""

SCHWEFEL_AT, SCHWEFEL_HEIGHT = 420.96874635998200, 418.98288727243371
STYBLINSKI_AT, STYBLINSKI_VALUE = -2.903534027771177, -39.16616570377141


def rosenbrock(dimension: int = 2) -> Surface:
    """Returns Σ 100·(wⱼ₊₁ − wⱼ²)² + (1 − wⱼ)²: the banana valley, for two weights or more."""
    _at_least(dimension, 2)
    terms = [f"100(w{j + 1}-w{j}^2)^2+(1-w{j})^2" for j in range(1, dimension)]
    return written(
        f"rosenbrock_{dimension}",
        "+".join(terms),
        title=f"Rosenbrock ({dimension} weights)",
        tex=r"\sum_j 100\left(w_{j+1} - w_j^2\right)^2 + \left(1 - w_j\right)^2",
        source=Source("Rosenbrock", 1960),
        domain=((-2.0, 2.0),) * dimension,
        start=tuple(-1.2 if j % 2 == 0 else 1.0 for j in range(dimension)),
        minima=(Minimum((1.0,) * dimension, 0.0),),
        rate=RateRange(1e-5, 2e-3, 4e-4),
        levels="log",
    )


def rastrigin(dimension: int = 2) -> Surface:
    """Returns Σ wⱼ² − 10·cos 2πwⱼ + 10: a bowl full of dents."""
    _at_least(dimension, 1)
    return written(
        f"rastrigin_{dimension}",
        "+".join(f"(w{j}^2-10cos(2pi*w{j})+10)" for j in range(1, dimension + 1)),
        title=f"Rastrigin ({dimension} weights)",
        tex=r"\sum_j w_j^2 - 10\cos 2\pi w_j + 10",
        source=Source("Rastrigin", 1974),
        domain=((-5.12, 5.12),) * dimension,
        start=tuple(-3.4 if j % 2 == 0 else 2.7 for j in range(dimension)),
        minima=(Minimum((0.0,) * dimension, 0.0),),
        rate=RateRange(1e-4, 0.02, 2e-3),
    )


def griewank(dimension: int = 2) -> Surface:
    """Returns 1 + Σ wⱼ²/4000 − Π cos(wⱼ/√j): ripples on a very wide bowl."""
    _at_least(dimension, 1)
    squares = "+".join(f"w{j}^2/4000" for j in range(1, dimension + 1))
    waves = "*".join(f"cos(w{j}/sqrt({j}))" for j in range(1, dimension + 1))
    return written(
        "griewank" if dimension == 2 else f"griewank_{dimension}",
        f"1+{squares}-{waves}",
        title="Griewank" if dimension == 2 else f"Griewank ({dimension} weights)",
        tex=r"1 + \sum_j \tfrac{w_j^2}{4000} - \prod_j \cos\tfrac{w_j}{\sqrt{j}}",
        source=Source("Griewank", 1981),
        domain=((-10.0, 10.0),) * dimension,
        start=tuple(-7.2 if j % 2 == 0 else 5.6 for j in range(dimension)),
        minima=(Minimum((0.0,) * dimension, 0.0),),
        rate=RateRange(1e-3, 3.0, 0.3),
    )


def levy(dimension: int = 2) -> Surface:
    """Returns Levy's function: waves across and along, with the lowest point at (1, …, 1)."""
    _at_least(dimension, 1)
    u = [f"(1+(w{j}-1)/4)" for j in range(1, dimension + 1)]
    middle = [f"({each}-1)^2*(1+10sin(pi*{each}+1)^2)" for each in u[:-1]]
    text = "+".join([f"sin(pi*{u[0]})^2", *middle, f"({u[-1]}-1)^2*(1+sin(2pi*{u[-1]})^2)"])
    return written(
        "levy" if dimension == 2 else f"levy_{dimension}",
        text,
        title="Levy" if dimension == 2 else f"Levy ({dimension} weights)",
        tex=(
            r"\sin^2 \pi u_1 + \sum_{j<d} (u_j - 1)^2\left(1 + 10\sin^2(\pi u_j + 1)\right)"
            r" + (u_d - 1)^2\left(1 + \sin^2 2\pi u_d\right),\quad u_j = 1 + \tfrac{w_j - 1}{4}"
        ),
        source=Source("Levy and Montalvo", 1985),
        domain=((-10.0, 10.0),) * dimension,
        start=tuple(-6.3 if j % 2 == 0 else 7.1 for j in range(dimension)),
        minima=(Minimum((1.0,) * dimension, 0.0),),
        rate=RateRange(1e-3, 0.5, 0.02),
    )


def schwefel(dimension: int = 2) -> Surface:
    """Returns Schwefel's function: the lowest point lies far from the next lowest, near a corner."""
    _at_least(dimension, 1)
    text = f"{SCHWEFEL_HEIGHT * dimension!r}"
    text += "".join(f"-w{j}*sin(sqrt(abs(w{j})))" for j in range(1, dimension + 1))
    return written(
        "schwefel" if dimension == 2 else f"schwefel_{dimension}",
        text,
        title="Schwefel" if dimension == 2 else f"Schwefel ({dimension} weights)",
        tex=r"418.983\,d - \sum_j w_j \sin\sqrt{\left|w_j\right|}",
        source=Source("Schwefel", 1981),
        domain=((-500.0, 500.0),) * dimension,
        start=tuple(-260.0 if j % 2 == 0 else 140.0 for j in range(dimension)),
        minima=(Minimum((SCHWEFEL_AT,) * dimension, 0.0),),
        rate=RateRange(0.01, 10.0, 1.0),
    )


def styblinski_tang(dimension: int = 2) -> Surface:
    """Returns ½·Σ wⱼ⁴ − 16wⱼ² + 5wⱼ: two wells along each weight."""
    _at_least(dimension, 1)
    return written(
        f"styblinski_tang_{dimension}",
        "+".join(f"(w{j}^4-16w{j}^2+5w{j})/2" for j in range(1, dimension + 1)),
        title=f"Styblinski–Tang ({dimension} weights)",
        tex=r"\tfrac{1}{2}\sum_j w_j^4 - 16\,w_j^2 + 5\,w_j",
        source=Source("Styblinski and Tang", 1990),
        domain=((-5.0, 5.0),) * dimension,
        start=tuple(0.6 if j % 2 == 0 else 4.2 for j in range(dimension)),
        minima=(Minimum((STYBLINSKI_AT,) * dimension, STYBLINSKI_VALUE * dimension),),
        rate=RateRange(1e-4, 0.05, 0.01),
    )


def zakharov(dimension: int = 2) -> Surface:
    """Returns Σ wⱼ² + s² + s⁴ with s = Σ j·wⱼ/2: a bowl crossed by a steep quartic wall."""
    _at_least(dimension, 1)
    squares = "+".join(f"w{j}^2" for j in range(1, dimension + 1))
    s = "+".join(f"{0.5 * j!r}w{j}" for j in range(1, dimension + 1))
    return written(
        "zakharov" if dimension == 2 else f"zakharov_{dimension}",
        f"{squares}+({s})^2+({s})^4",
        title="Zakharov" if dimension == 2 else f"Zakharov ({dimension} weights)",
        tex=r"\sum_j w_j^2 + s^2 + s^4,\quad s = \sum_j \tfrac{j}{2}\,w_j",
        source=Source("Zakharov", 1975),
        domain=((-5.0, 5.0),) * dimension,
        start=tuple(-3.0 if j % 2 == 0 else 3.5 for j in range(dimension)),
        minima=(Minimum((0.0,) * dimension, 0.0),),
        rate=RateRange(1e-5, 0.05, 2e-3 / dimension**3),
        levels="log",
    )


def dixon_price(dimension: int = 2) -> Surface:
    """Returns (w₁ − 1)² + Σ j·(2wⱼ² − wⱼ₋₁)²: a curved valley with two lowest points, one on each side."""
    _at_least(dimension, 2)
    terms = [f"{j}(2w{j}^2-w{j - 1})^2" for j in range(2, dimension + 1)]
    at = [2.0 ** (-(2.0**j - 2.0) / 2.0**j) for j in range(1, dimension + 1)]
    return written(
        "dixon_price" if dimension == 2 else f"dixon_price_{dimension}",
        "+".join(["(w1-1)^2", *terms]),
        title="Dixon–Price" if dimension == 2 else f"Dixon–Price ({dimension} weights)",
        tex=r"(w_1 - 1)^2 + \sum_{j \geq 2} j\left(2w_j^2 - w_{j-1}\right)^2",
        source=Source("Dixon and Price", 1989),
        domain=((-3.0, 3.0),) * dimension,
        start=tuple(-2.0 if j % 2 == 0 else 1.7 for j in range(dimension)),
        minima=(Minimum(tuple(at), 0.0), Minimum((*at[:-1], -at[-1]), 0.0)),
        rate=RateRange(1e-5, 0.02, 2e-3 / dimension),
        levels="log",
    )


def trid(dimension: int = 6) -> Surface:
    """Returns Σ (wⱼ − 1)² − Σ wⱼ·wⱼ₋₁: convex, with a minimum far from its centre of symmetry."""
    _at_least(dimension, 2)
    squares = "+".join(f"(w{j}-1)^2" for j in range(1, dimension + 1))
    products = "".join(f"-w{j}*w{j - 1}" for j in range(2, dimension + 1))
    side = float(dimension**2)
    at = tuple(float(j * (dimension + 1 - j)) for j in range(1, dimension + 1))
    return written(
        f"trid_{dimension}",
        squares + products,
        title=f"Trid ({dimension} weights)",
        tex=r"\sum_j (w_j - 1)^2 - \sum_{j \geq 2} w_j w_{j-1}",
        source=Source("Neumaier", 2003),
        domain=((-side, side),) * dimension,
        start=tuple(-0.5 * side if j % 2 == 0 else 0.6 * side for j in range(dimension)),
        minima=(Minimum(at, -dimension * (dimension + 4.0) * (dimension - 1.0) / 6.0),),
        rate=RateRange(1e-3, 0.8, 0.2),
        levels="log",
        quadratic=True,
    )


FAMILIES: dict[str, Callable[..., Surface]] = {
    "bowl": bowl,
    "rosenbrock": rosenbrock,
    "rastrigin": rastrigin,
    "griewank": griewank,
    "levy": levy,
    "schwefel": schwefel,
    "styblinski_tang": styblinski_tang,
    "zakharov": zakharov,
    "dixon_price": dixon_price,
    "trid": trid,
}


def family(name: str, **settings: Any) -> Surface:
    """Returns a member of a family.

    Args:
        name: as in `FAMILIES`.
        **settings: ``dimension``; of bowls also ``condition`` and ``rotation``.

    Raises:
        SpecError: no such family or setting, or a number outside its range.

    >>> family("rosenbrock", dimension=10).dimension
    10
    """
    make = lookup(name, FAMILIES, "surface")
    known = ("dimension", "condition", "rotation") if make is bowl else ("dimension",)
    for key, value in settings.items():
        if key not in known:
            raise SpecError(key, value, f"a setting of {name}", f"It has: {', '.join(known)}.")
    return make(**settings)


def _at_least(dimension: int, least: int) -> None:
    if not least <= dimension <= MOST:
        raise SpecError("dimension", dimension, f"a number of weights from {least} to {MOST}")
