"""Whose colour, dash and marker an optimizer of a race takes."""

from __future__ import annotations

from typing import Any

from fallline.figures.roles import ROLES

SPARE = ("link", "second-order", "warning", "good", "ink", "bad", "one_cycle", "boosting")
"""Roles lent, in order, to optimizers that have none of their own."""
WORDS = {
    "cross_entropy": "cross entropy",
    "log_loss": "log loss",
    "squared": "mean squared error",
    "absolute": "mean absolute error",
    "huber": "Huber loss",
}
"""Name of a loss → as an axis says it."""
LANES = {"torch": "torch", "keras": "keras", "fallline-torch": "fallline", "fallline-keras": "link"}


def role_of(part: dict[str, Any], optimizer: str) -> str:
    """Returns its role; the same in every picture of a race."""
    if optimizer in ROLES:
        return optimizer
    without = [name for name in part["order"]["optimizers"] if name not in ROLES]
    return SPARE[without.index(optimizer) % len(SPARE)]
