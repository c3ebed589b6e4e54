"""Batches for a finder: a list, a data loader or a function of a generator, in another order for every seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

from fallline.core.errors import SpecError

Batch: TypeAlias = tuple[Any, Any]
"""Inputs and target; the inputs are a tensor, or a tuple of tensors that the module takes one by one."""
Batches: TypeAlias = Sequence[Batch] | Iterable[Batch] | Callable[[torch.Generator], Iterable[Batch]]


def stream(batches: Batches, generator: torch.Generator, device: torch.device) -> Iterator[Batch]:
    """Yields batches without end, pass after pass; a list is shuffled anew in each.

    Args:
        batches: a list, something that can be passed over again, such as a DataLoader, or a function that draws from
            the generator it is given.
        generator: decides the order of a list.
        device: where tensors go.

    Raises:
        SpecError: there is no batch, it can be passed over only once, or it is no pair.
    """
    while True:
        count = 0
        for batch in _once(batches, generator):
            count += 1
            if not (isinstance(batch, tuple | list) and len(batch) == 2):
                raise SpecError("batches", type(batch).__name__, "a pair of inputs and target in every batch")
            yield _moved(batch[0], device), _moved(batch[1], device)
        if count == 0:
            raise SpecError("batches", batches, "at least one batch, again on every pass")


def check_batches(batches: Batches) -> None:
    """Refuses what can be passed over only once: looking at it would use it up.

    Raises:
        SpecError: an iterator, or something that is no collection.
    """
    if isinstance(batches, Iterator) or not (callable(batches) or isinstance(batches, Iterable)):
        hint = "Pass a list, a DataLoader, or a function of a torch.Generator that returns batches."
        raise SpecError("batches", type(batches).__name__, "something that can be passed over again", hint)


def _once(batches: Batches, generator: torch.Generator) -> Iterable[Batch]:
    if callable(batches):
        return batches(generator)
    if isinstance(batches, Sequence):
        order = torch.randperm(len(batches), generator=generator).tolist()
        return (batches[place] for place in order)
    return batches


def _moved(value: Any, device: torch.device) -> Any:
    if isinstance(value, Tensor):
        return value.to(device)
    return tuple(_moved(each, device) for each in value) if isinstance(value, tuple | list) else value
