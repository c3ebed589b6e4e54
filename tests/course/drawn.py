"""Variants of a generator, as many as a test wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fallline.core.rng import generator
from fallline.course.generators import GENERATORS, Params


def variants(name: str, seeds: int = 200) -> Iterator[Params]:
    """Accepted draws of a generator with its default ranges."""
    made = 0
    for attempt in range(40 * seeds):
        params = GENERATORS[name].draw(generator(attempt, name), GENERATORS[name].settings({}))
        if params is not None:
            made += 1
            yield params
        if made == seeds:
            return
    pytest.fail(f"{name} gave {made} variants in {40 * seeds} draws")
