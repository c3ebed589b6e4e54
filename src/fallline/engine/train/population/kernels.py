"""Perceptrons trained by compiled kernels."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import DataError
from fallline.core.event import Event, EventKind, Listener
from fallline.core.rng import generator
from fallline.engine.optim.compiled import telling
from fallline.engine.train.population.activations import unit_kernel
from fallline.engine.train.population.disturbance import Labels, Noise
from fallline.engine.train.population.fleet import Fleet, Stretch
from fallline.engine.train.population.losses import LOSSES, loss_kernel
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.perceptron import Layers, Perceptron
from fallline.engine.train.population.signal import first_break, outputs
from fallline.engine.train.population.steps import step_kernel
from fallline.engine.train.population.task import Task
from fallline.engine.train.population.wishes import Desk

LOOKED_AT = 64
"""Rows that are looked at together: their values stay in the first cache."""


class Origin(Protocol):
    """A module that turned out to be a perceptron."""

    def layers(self, member: Member) -> Layers:
        """Returns a member's first weights."""
        ...

    def module(self, layers: Layers) -> Any:
        """Returns a module with these weights."""
        ...


@dataclass(frozen=True, eq=False)
class KernelTrainer:
    """Takes the steps of perceptrons, member after member, each as if it were alone.

    Attributes:
        net: the architecture.
        task: what the members share.
        threads: how many members train at once; their bits do not depend on it.
        origin: whose perceptron it is, where a module was recognised as one.
    """

    net: Perceptron
    task: Task
    threads: int = 1
    origin: Origin | None = None
    _nets: dict[int, tuple[NDArray[np.int64], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape, loss = self.task.x.shape, self.task.loss
        inputs, outs = self.net.sizes[0], self.net.sizes[-1]
        if shape[1:] != (inputs,):
            raise DataError(f"Inputs have the shape {shape}; the net reads {inputs} columns.")
        if LOSSES[loss].classes and self.task.y.max() >= outs:
            raise DataError(f"Class {self.task.y.max()} occurs, and the net has {outs} outputs: it needs one a class.")
        if not LOSSES[loss].classes and self.task.y.shape[1] != outs:
            raise DataError(f"Targets have {self.task.y.shape[1]} columns and the net has {outs} outputs.")

    @property
    def length(self) -> int:
        """Numbers in a member's row, filling included."""
        return self.net.length

    @property
    def moving(self) -> int:
        """All of them."""
        return self.net.length

    @property
    def sentence(self) -> str:
        """How the members are trained."""
        sizes = "-".join(map(str, self.net.sizes))
        head = "The module is a perceptron: it" if self.origin else f"The perceptron {sizes}"
        return f"{head} is trained by compiled kernels, one member after the other."

    def first(self, member: Member) -> NDArray[Any]:
        """Returns the member's own weights, or draws them."""
        if self.origin is not None:
            layers = self.origin.layers(member)
        elif member.weights is not None:
            layers = tuple(member.weights)
        else:
            rng = generator(member.seed, self.task.streams, "weights")
            layers = self.net.draw(member.initialisation, rng)
        return self.net.pack(layers, self.task.precision)

    def stream(self, member: Member) -> None:
        """Perceptrons draw nothing."""

    def prepare(self, members: Sequence[Member], listener: Listener) -> None:
        """Compiles the kernels, or loads them from the cache."""
        message = "Compiling the kernels: some seconds, the first time on a machine."
        with telling(lambda: listener(Event(EventKind.STARTED, "population", "kernels", message))):
            self._kernels  # noqa: B018 - compiles them
            for kind in {type(member.optimizer) for member in members}:
                step_kernel(kind, self.task.precision)
            self.looks(self.first(members[0])[None])
            warmed = self._copy_of_one(members[0])
            self.advance(warmed, members[:1], np.zeros(1, dtype=np.int64), 1, np.ones(1))

    def _copy_of_one(self, member: Member) -> Fleet:
        row = self.first(member)[None]
        memories = np.zeros((1, max(1, member.optimizer.memories), self.length), row.dtype)
        return Fleet(row, memories, np.zeros((1, 2), dtype=np.int64), [None])

    @cached_property
    def _kernels(self) -> tuple[list[Any], Any]:
        units = [unit_kernel(name, self.task.precision) for name in self.net.activations]
        return units, loss_kernel(self.task.loss, self.task.precision)

    def _net(self, most: int) -> tuple[NDArray[np.int64], ...]:
        """What the kernel knows of the architecture, with room for so many rows."""
        if most not in self._nets:
            weights, biases = zip(*self.net.places, strict=True)
            rooms = np.concatenate([[0], np.cumsum([most * width for width in self.net.widths])[:-1]])
            units = [unit.address for unit in self._kernels[0]]
            parts = (self.net.sizes, self.net.widths, weights, biases, rooms, units)
            self._nets[most] = tuple(np.array(part, dtype=np.int64) for part in parts)
        return self._nets[most]

    @cached_property
    def _desk(self) -> Desk:
        noise = Noise(self.net.parameters, self.net.laid, self.task.precision)
        return Desk(self.task, noise, Labels(self.task, self._targets))

    def _targets(self, y: NDArray[Any]) -> NDArray[Any]:
        """Targets as the compiled losses read them: (n, targets), classes as numbers."""
        return np.ascontiguousarray(y.reshape(len(y), -1), dtype=self.task.precision)

    def advance(
        self, fleet: Fleet, members: Sequence[Member], moving: NDArray[np.int64], steps: int, factors: NDArray[Any]
    ) -> Stretch:
        """Takes steps in place."""
        from fallline.engine.train.population.drive import compiled_drive  # Numba compiles it at its first call

        asked = self._desk.ask(members, fleet, moving, steps, factors)
        losses = np.full((len(members), steps), np.nan)
        broken = np.full(len(members), -1, dtype=np.int64)
        most = max(self.task.batch, int(asked.batches.places[..., 2].max()))

        def some(group: NDArray[np.int64]) -> None:
            state = (fleet.weights, fleet.memories, fleet.taken)
            loss = self._kernels[1].address
            compiled_drive(self._net(most), loss, self.task.x, most, asked.plain, group, state, (losses, broken))

        groups = [group for group in np.array_split(moving, self.threads) if len(group)]
        if len(groups) > 1:
            with ThreadPoolExecutor(len(groups)) as pool:
                list(pool.map(some, groups))
        else:
            some(moving)
        done = np.where(broken >= 0, broken, steps)[moving]
        fleet.taken[moving] += done[:, None]
        return Stretch(losses, broken)

    def looks(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Returns the loss of the validation rows at rows of weights; nothing where there are none."""
        from fallline.engine.train.population.drive import compiled_look  # as above

        losses = np.full(len(rows), np.nan)
        if self.task.validation is not None:
            x, y = self.task.validation
            most = min(LOOKED_AT, len(x))
            flat = x.reshape(len(x), -1)
            compiled_look(self._net(most), self._kernels[1].address, flat, self._targets(y), most, rows, losses)
        return losses

    def work(self) -> float:
        """Multiplications of one step: forward, and twice as many back."""
        return 3.0 * self.task.batch * self.net.parameters

    def cause(self, row: NDArray[Any], x: NDArray[Any]) -> str:
        """Says which layer gave the first value that is no number."""
        return first_break(self.net, self.net.unpack(row), x.reshape(len(x), -1))

    def parts(self, row: NDArray[Any]) -> Any:
        """Returns (weights, biases) per layer, or a module like the one that was given."""
        layers = self.net.unpack(row)
        return layers if self.origin is None else self.origin.module(layers)

    def outputs(self, row: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
        """Returns the net's outputs, shape (n, outputs)."""
        return outputs(self.net, self.net.unpack(row), x.reshape(len(x), -1))
