"""A member of a race: one run, told from others by its rate and its seed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One run.

    Attributes:
        rate: the learning rate, constant.
        seed: of the first weights, the order of the rows and the noise; the same in every tool.
    """

    rate: float
    seed: int
