"""How an optimizer is called in sentences and pictures."""

from __future__ import annotations

from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS


def title_of(optimizer: str) -> str:
    """Returns the name as a person reads it.

    >>> title_of("adamw")
    'AdamW'
    """
    known = OPTIMIZERS.get(optimizer) or KERAS_OPTIMIZERS.get(optimizer)
    return optimizer if known is None else known.title
