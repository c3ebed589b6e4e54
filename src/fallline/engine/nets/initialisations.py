"""Initialisations: how large the first weights are, given how many units a layer reads and feeds, and by which law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Literal


@dataclass(frozen=True)
class Initialisation:
    """Weights of a certain size, drawn by a certain law; biases start at zero.

    Attributes:
        name: key in `INITIALISATIONS`.
        title: as a person reads it.
        formula: the standard deviation, in TeX.
        source: author and year.
        deviation: ``(fan in, fan out) → standard deviation``; of an orthogonal matrix, its gain.
        law: how they are drawn; a uniform law spans ±√3 standard deviations.
    """

    name: str
    title: str
    formula: str
    source: tuple[str, int]
    deviation: Callable[[int, int], float]
    law: Literal["normal", "uniform", "orthogonal", "zero"] = "normal"


def _zero(_fan_in: int, _fan_out: int) -> float:
    return 0.0


def _small(_fan_in: int, _fan_out: int) -> float:
    return 0.01


def _large(_fan_in: int, _fan_out: int) -> float:
    return 1.0


def _xavier(fan_in: int, fan_out: int) -> float:
    """Keeps the variance, forward and back on average, through units of slope 1 (Glorot and Bengio, 2010, eq. 12)."""
    return sqrt(2.0 / (fan_in + fan_out))


def _he(fan_in: int, _fan_out: int) -> float:
    """Doubles it, since a ReLU silences half of its inputs (He and others, 2015, eq. 10)."""
    return sqrt(2.0 / fan_in)


def _lecun(fan_in: int, _fan_out: int) -> float:
    """Keeps the variance forward through units of slope 1 (LeCun, Bottou, Orr and Müller, 1998, eq. 16)."""
    return sqrt(1.0 / fan_in)


def _torch(fan_in: int, _fan_out: int) -> float:
    """What torch's own layers start with: uniform within ±1/√n, a third of LeCun's variance."""
    return sqrt(1.0 / (3.0 * fan_in))


def _one(_fan_in: int, _fan_out: int) -> float:
    return 1.0


ZERO = Initialisation("zero", "All zero", r"0", ("Rumelhart, Hinton and Williams", 1986), _zero, "zero")
SMALL_NORMAL = Initialisation("small-normal", "Small normal", r"0.01", ("Krizhevsky and others", 2012), _small)
LARGE_NORMAL = Initialisation("large-normal", "Large normal", r"1", ("Glorot and Bengio", 2010), _large)
XAVIER = Initialisation(
    "xavier",
    "Xavier",
    r"\sqrt{2 / (n_\mathrm{in} + n_\mathrm{out})}",
    ("Glorot and Bengio", 2010),
    _xavier,
)
HE = Initialisation("he", "He", r"\sqrt{2 / n_\mathrm{in}}", ("He and others", 2015), _he)
LECUN = Initialisation("lecun", "LeCun", r"\sqrt{1 / n_\mathrm{in}}", ("LeCun, Bottou, Orr and Müller", 1998), _lecun)
XAVIER_UNIFORM = Initialisation(
    "xavier-uniform", "Xavier, uniform", XAVIER.formula, ("Glorot and Bengio", 2010), _xavier, "uniform"
)
HE_UNIFORM = Initialisation("he-uniform", "He, uniform", HE.formula, ("He and others", 2015), _he, "uniform")
TORCH = Initialisation(
    "torch", "Torch's default", r"\sqrt{1 / 3 n_\mathrm{in}}", ("Paszke and others", 2019), _torch, "uniform"
)
ORTHOGONAL = Initialisation(
    "orthogonal", "Orthogonal", r"1", ("Saxe, McClelland and Ganguli", 2014), _one, "orthogonal"
)

INITIALISERS: dict[str, Initialisation] = {
    each.name: each
    for each in (
        ZERO, SMALL_NORMAL, LARGE_NORMAL, XAVIER, HE, LECUN, XAVIER_UNIFORM, HE_UNIFORM, TORCH, ORTHOGONAL,
    )
}  # fmt: skip
"""Every way in which a named net may start; those of a normal law are `INITIALISATIONS` too."""
