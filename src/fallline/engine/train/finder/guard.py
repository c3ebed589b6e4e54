"""The guard: what a finder touches besides its own copies is put back, whatever happens inside."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


@contextmanager
def untouched(generators: Sequence[torch.Generator]) -> Iterator[None]:
    """Puts back every stream of random numbers when it is left, by an exception too.

    That is torch's own of the CPU and of every device in use, those given, and the global ones of Python and NumPy,
    from which transforms of images often draw.

    Args:
        generators: those of the data, the module or the loss.
    """
    states = [each.get_state() for each in generators]
    # the global streams belong to the person whose data draws from them; here they are only put back
    numbers, python = np.random.get_state(), random.getstate()  # noqa: NPY002
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    with torch.random.fork_rng(devices=devices):
        try:
            yield
        finally:
            for generator, state in zip(generators, states, strict=True):
                generator.set_state(state)
            np.random.set_state(numbers)  # noqa: NPY002
            random.setstate(python)


def generators_of(batches: Any) -> list[torch.Generator]:
    """Finds the generators by which a data loader draws its order, its own and those of its samplers."""
    places = [batches, getattr(batches, "sampler", None), getattr(batches, "batch_sampler", None)]
    places.append(getattr(places[-1], "sampler", None))
    found = [getattr(place, "generator", None) for place in places]
    distinct = {id(each): each for each in found if isinstance(each, torch.Generator)}
    return list(distinct.values())
