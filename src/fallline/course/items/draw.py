"""Drawing a variant: parameters from a seed, redrawn while two answers could be confused."""

from __future__ import annotations

from fallline.core.choice import lookup
from fallline.core.errors import FallLineError
from fallline.core.rng import generator
from fallline.course.generators import GENERATORS, Params
from fallline.course.items.item import ItemBase

TRIES = 400
"""Draws before a generator counts as broken: the worst accepts about one draw in six."""


def draw(item: ItemBase, seed: int) -> Params:
    """Returns the variant's parameters.

    Raises:
        FallLineError: no unambiguous draw in `TRIES`; the item's ranges leave no room.
    """
    if item.generate is None:
        return {}
    source = lookup(item.generate.builtin, GENERATORS, "generate.builtin")
    ranges = source.settings(item.generate.settings)
    for attempt in range(TRIES):
        params = source.draw(generator(seed, "item", item.id, attempt), ranges)
        if params is not None and not item.rejects(params):
            return params
    raise FallLineError(f"{item.id}: no unambiguous variant in {TRIES} draws of {source.name}. Widen its settings.")
