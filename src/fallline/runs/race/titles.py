"""How an optimizer is called in sentences and pictures."""

from __future__ import annotations

from fallline.engine.optim import OPTIMIZERS

OTHERS = {
    "adadelta": "AdaDelta",
    "amsgrad": "AMSGrad",
    "adamax": "Adamax",
    "nadam": "NAdam",
    "radam": "RAdam",
    "lion": "Lion",
    "lamb": "LAMB",
    "adafactor": "Adafactor",
    "ftrl": "Ftrl",
}
"""Those that a tool has and we have not."""


def title_of(optimizer: str) -> str:
    """Returns the name as a person reads it.

    >>> title_of("adamw")
    'AdamW'
    """
    known = OPTIMIZERS.get(optimizer)
    return known.title if known is not None else OTHERS.get(optimizer, optimizer)
