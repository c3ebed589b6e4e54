"""Initialisations: how large the first weights are, given how many units a layer reads and feeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Initialisation:
    """Normal weights of a certain size; biases start at zero.

    Attributes:
        name: key in `INITIALISATIONS`.
        title: as a person reads it.
        formula: the standard deviation, in TeX.
        source: author and year.
        deviation: ``(fan in, fan out) → standard deviation``.
    """

    name: str
    title: str
    formula: str
    source: tuple[str, int]
    deviation: Callable[[int, int], float]


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


ZERO = Initialisation("zero", "All zero", r"0", ("Rumelhart, Hinton and Williams", 1986), _zero)
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
