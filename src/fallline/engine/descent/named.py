"""Surfaces, optimizers and schedules by name, for those who type them."""

from __future__ import annotations

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.engine.optim import OPTIMIZERS, Optimizer
from fallline.engine.schedules import SCHEDULES, Schedule
from fallline.engine.surfaces import SURFACES, Surface, expression_surface
from fallline.engine.surfaces.tokens import ExpressionError


def surface_named(surface: Surface | str) -> Surface:
    """Returns a surface: itself, by its name, or read from a formula.

    Raises:
        SpecError: neither a known name nor a formula.

    >>> surface_named("w1^2 + w2^2 + w3^2").dimension
    3
    """
    if isinstance(surface, Surface):
        return surface
    if surface in SURFACES:
        return SURFACES[surface]
    try:
        return expression_surface(surface)
    except ExpressionError:
        close = nearest(surface, SURFACES) if surface.replace("_", "").isalnum() else None
        if close is None:
            raise
        raise SpecError("surface", surface, "a known name or a formula", f"Did you mean {close!r}?") from None


def optimizer_named(optimizer: Optimizer | str) -> Optimizer:
    """Returns an optimizer: itself, or by its name with the hyperparameters that torch has.

    Raises:
        SpecError: no such optimizer.
    """
    return lookup(optimizer, OPTIMIZERS, "optimizer")() if isinstance(optimizer, str) else optimizer


def schedule_named(schedule: Schedule | str) -> Schedule:
    """Returns a schedule: itself, or by its name with its default settings.

    Raises:
        SpecError: no such schedule.
    """
    return lookup(schedule, SCHEDULES, "schedule")() if isinstance(schedule, str) else schedule
