"""The state of a population as arrays, and what trains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending
from fallline.core.event import Listener
from fallline.engine.optim import State
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.task import Task


@dataclass(frozen=True, eq=False)
class Fleet:
    """Everything that changes while K members train.

    Attributes:
        weights: shape (K, P), each row in the layout of its trainer.
        memories: shape (K, most, P).
        taken: steps since the start, and since the optimizer's; shape (K, 2).
        streams: where each member's random stream is, of nets that draw; None where it is found from the step.
    """

    weights: NDArray[Any]
    memories: NDArray[Any]
    taken: NDArray[np.int64]
    streams: list[Any]

    def copy(self) -> Fleet:
        """Returns another that shares nothing with this one."""
        return Fleet(self.weights.copy(), self.memories.copy(), self.taken.copy(), [*self.streams])


def with_room(fleet: Fleet, member: Member) -> Fleet:
    """Returns the fleet with room for all that a member's optimizer remembers."""
    missing = member.optimizer.memories - fleet.memories.shape[1]
    if missing <= 0:
        return fleet
    k, _, length = fleet.memories.shape
    more = np.zeros((k, missing, length), dtype=fleet.memories.dtype)
    return replace(fleet, memories=np.concatenate([fleet.memories, more], axis=1))


def remember(fleet: Fleet, k: int, member: Member, moving: int) -> None:
    """Sets a member's memories to what its optimizer begins with.

    Args:
        fleet: changed.
        k: which member.
        member: what it asks for.
        moving: numbers of its row that an optimizer moves; memory j of number i is at j·moving + i.
    """
    room = fleet.memories[k].reshape(-1)
    room[:] = 0.0
    for j, begun in enumerate(member.optimizer.init(fleet.weights[k, :moving]).memories):
        room[j * moving : (j + 1) * moving] = begun


def judged(fleet: Fleet, k: int, member: Member, moving: int) -> NDArray[Any]:
    """Returns the row by which a member is judged: where it stands, or what its optimizer keeps beside it."""
    row: NDArray[Any] = fleet.weights[k].copy()
    memories = fleet.memories[k].reshape(-1)[: member.optimizer.memories * moving].reshape(-1, moving)
    row[:moving] = member.optimizer.judged(row[:moving], State(int(fleet.taken[k, 1]), tuple(memories)))
    return row


@dataclass(frozen=True, eq=False)
class Stretch:
    """What some steps gave.

    Attributes:
        losses: of each member and step, before the step was taken; NaN where none was. Shape (K, steps).
        broken: which step's loss was no number, −1 where all were; shape (K,).
    """

    losses: NDArray[np.float64]
    broken: NDArray[np.int64]


class Trainer(Protocol):
    """What takes the steps: compiled kernels or torch."""

    @property
    def task(self) -> Task:
        """What the members share."""
        ...

    @property
    def length(self) -> int:
        """Numbers in a member's row of weights."""
        ...

    @property
    def moving(self) -> int:
        """How many of them, the first ones, an optimizer moves."""
        ...

    @property
    def sentence(self) -> str:
        """How the members are trained, and why so."""
        ...

    def first(self, member: Member) -> NDArray[Any]:
        """Returns a member's first row of weights."""
        ...

    def stream(self, member: Member) -> Any:
        """Returns where the random stream of a member's net begins; None where it draws nothing, or by the step."""
        ...

    def prepare(self, members: Sequence[Member], listener: Listener) -> None:
        """Compiles or traces what the members need, and says so."""
        ...

    def advance(
        self, fleet: Fleet, members: Sequence[Member], moving: NDArray[np.int64], steps: int, factors: NDArray[Any]
    ) -> Stretch:
        """Takes steps in place, at rates times factors (K,); who has a loss that is no number stops before it."""
        ...

    def looks(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Returns the loss of the validation rows at rows of weights; NaN where there are no such rows."""
        ...

    def work(self) -> float:
        """Multiplications of one step of one member, about."""
        ...

    def cause(self, row: NDArray[Any], x: NDArray[Any]) -> str:
        """Says what is no number first at these weights on these inputs, as the end of a sentence."""
        ...

    def parts(self, row: NDArray[Any]) -> Any:
        """Returns a row of weights as the net holds them."""
        ...

    def outputs(self, row: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
        """Returns the net's outputs, shape (n, outputs)."""
        ...


Endings = tuple[Ending | None, ...]
