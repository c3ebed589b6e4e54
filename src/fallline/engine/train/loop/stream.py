"""Torch's random stream, swapped for one's own and back: dropout draws from the seed, and nobody else notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from fallline.core.rng import generator


class Stream:
    """A state of torch's generators that is in force inside `on` alone.

    Layers such as dropout draw from torch's global stream, and cannot be given another; so it is lent to them.
    """

    def __init__(self, seed: int, name: str, device: torch.device) -> None:
        """Starts a stream.

        Args:
            seed: of the training; the stream's own is drawn from ``generator(seed, "train", name)``.
            name: of the stream.
            device: whose layers draw; a graphics card has a stream besides the processor's.
        """
        drawn = int(generator(seed, "train", name).integers(2**63))
        self._card = device if device.type == "cuda" else None
        homes = [torch.device("cpu"), *(() if self._card is None else (self._card,))]
        self._states = [torch.Generator(home).manual_seed(drawn).get_state() for home in homes]

    @contextmanager
    def on(self) -> Iterator[None]:
        """Lends the stream to everything inside, from where it stopped the last time."""
        outside = self._read()
        self._write(self._states)
        try:
            yield
        finally:
            self._states = self._read()
            self._write(outside)

    @contextmanager
    def at(self, states: Sequence[Tensor]) -> Iterator[None]:
        """Lends the stream as it was at a state; where it stands is not moved."""
        outside = self._read()
        self._write(states)
        try:
            yield
        finally:
            self._write(outside)

    def state(self) -> list[Tensor]:
        """Returns where the stream is, to come back to; nothing changes these tensors later."""
        return [*self._states]

    def load(self, states: Sequence[Tensor]) -> None:
        """Goes to where a state was."""
        self._states = [*states]

    def _read(self) -> list[Tensor]:
        return [torch.get_rng_state(), *(() if self._card is None else (torch.cuda.get_rng_state(self._card),))]

    def _write(self, states: Sequence[Tensor]) -> None:
        torch.set_rng_state(states[0])
        if self._card is not None:
            torch.cuda.set_rng_state(states[1], self._card)
