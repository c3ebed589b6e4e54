"""Losses of the two players, as functions of what the discriminator says of a point: a number a, any real.

Slopes take complex numbers too, so that the field can be differentiated by a complex step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Rule = Callable[[Array], Array]


@dataclass(frozen=True)
class GameLoss:
    """What each player lowers.

    Attributes:
        title: as a person reads it.
        source: author and year.
        real: D's loss of a real point, and its slope along a.
        fake: D's loss of a fake point, and its slope.
        fool: G's loss of a fake point, and its slope.
        belief: what a says, as a share from 0 (fake) to 1 (real).
    """

    title: str
    source: tuple[str, int]
    real: tuple[Rule, Rule]
    fake: tuple[Rule, Rule]
    fool: tuple[Rule, Rule]
    belief: Rule


def sigmoid(a: Array) -> Array:
    """Without overflow on either side, by the real part's sign."""
    positive = a.real >= 0
    small = np.exp(np.where(positive, -a, a))
    return np.where(positive, 1.0 / (1.0 + small), small / (1.0 + small))


def _softplus(a: Array) -> Array:
    return np.logaddexp(0.0, a)


_REAL = (lambda a: _softplus(-a), lambda a: sigmoid(a) - 1.0)
_FAKE = (_softplus, sigmoid)

GAME_LOSSES: dict[str, GameLoss] = {
    "log": GameLoss(
        "log loss, non-saturating",
        ("Goodfellow and others", 2014),
        _REAL,
        _FAKE,
        (lambda a: _softplus(-a), lambda a: sigmoid(a) - 1.0),
        sigmoid,
    ),
    "minimax": GameLoss(
        "log loss, minimax",
        ("Goodfellow and others", 2014),
        _REAL,
        _FAKE,
        (lambda a: -_softplus(a), lambda a: -sigmoid(a)),
        sigmoid,
    ),
    "squares": GameLoss(
        "least squares",
        ("Mao and others", 2017),
        (lambda a: 0.5 * (a - 1.0) ** 2, lambda a: a - 1.0),
        (lambda a: 0.5 * a * a, lambda a: 1.0 * a),
        (lambda a: 0.5 * (a - 1.0) ** 2, lambda a: a - 1.0),
        lambda a: np.clip(a, 0.0, 1.0),
    ),
}
"""Name → losses."""
