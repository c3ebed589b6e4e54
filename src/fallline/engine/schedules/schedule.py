"""A schedule: what a base value is multiplied by, as a pure function of the step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.schedules.parameter import Parameter

Shape = Literal["constant", "falling", "monotone", "peak", "valley", "cyclic", "free"]
"""The law that a kind keeps at any settings and any number of steps.

``constant`` is 1 throughout; ``falling`` never rises; ``monotone`` never turns; ``peak`` never falls before its highest
step and never rises after it, ``valley`` the reverse; the tops of a ``cyclic`` one never rise; a ``free`` one, made of
others, promises its range alone. Whatever the shape, factors are finite and from 0 to `Schedule.ceiling`.
"""

BLOCK = 1024
"""Steps that are computed together. A factor asked alone is computed with the same neighbours as all of them at once:
vector instructions may round the same number in another way elsewhere in an array."""


@dataclass(frozen=True)
class Schedule(ABC):
    """Multiplies a base value, step by step; the same step of the same length always has the same factor.

    It does not know what it multiplies: a learning rate, a momentum, a weight decay or a batch size; `Plan` says that.

    Attributes:
        name: key in `SCHEDULES`.
        title: as a person reads it.
        formula: in TeX, with t the step, T the number of steps.
        source: author and year.
        parameters: the settings.
        shape: the law that it keeps.
        inner: how many schedules it is made of, at least and at most.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    shape: ClassVar[Shape]
    inner: ClassVar[tuple[int, int]] = (0, 0)

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    @classmethod
    def suited(cls, steps: int) -> Self:
        """Returns one whose settings suit a run of this length; by default they do not depend on it.

        Args:
            steps: how many steps there are, ≥ 0.
        """
        del steps
        return cls()

    @property
    def ceiling(self) -> float:
        """No factor is above it."""
        return 1.0

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Returns the factor of every step.

        Args:
            steps: how many steps there are, ≥ 0.

        Returns:
            shape (steps,), each from 0 to `ceiling`.
        """
        blocks = [self._block(start, steps) for start in range(0, steps, BLOCK)]
        return np.concatenate(blocks) if blocks else np.empty(0)

    def factor(self, step: int, steps: int) -> float:
        """Returns the factor of one step, bit for bit what `factors` has there: a run resumes with the rates it had.

        Args:
            step: from 0 to steps − 1.
            steps: how many steps there are.

        Raises:
            SpecError: there is no such step.
        """
        if not 0 <= step < steps:
            raise SpecError("step", step, f"a step from 0 to {steps - 1}")
        return float(self._block(step - step % BLOCK, steps)[step % BLOCK])

    def _block(self, start: int, steps: int) -> NDArray[np.float64]:
        return self.curve(np.arange(start, min(start + BLOCK, steps), dtype=np.float64), steps)

    @abstractmethod
    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the factors at the steps t, elementwise."""


class Ways(Protocol):
    """What a cycle says of its way: when its peak is, and whether it goes there in straight lines."""

    @property
    def rise(self) -> float:
        """The share of the steps before the peak."""

    @property
    def linear(self) -> int:
        """1 for straight lines, 0 for half cosines."""


def blend(start: float, end: float, progress: NDArray[np.float64]) -> NDArray[np.float64]:
    """Goes in a straight line from `start` to `end` while progress goes from 0 to 1."""
    line = start + (end - start) * progress
    return np.clip(line, min(start, end), max(start, end))  # never past an end by a rounding


def cosine_between(start: float, end: float, progress: NDArray[np.float64]) -> NDArray[np.float64]:
    """Goes on half a cosine from `start` to `end` while progress goes from 0 to 1."""
    curve = end + 0.5 * (start - end) * (1.0 + np.cos(np.pi * progress))
    return np.clip(curve, min(start, end), max(start, end))  # as above


def between(start: float, end: float, progress: NDArray[np.float64], *, linear: int) -> NDArray[np.float64]:
    """Goes from `start` to `end` in a straight line or on half a cosine."""
    return (blend if linear else cosine_between)(start, end, progress)
