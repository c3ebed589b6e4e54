"""What is raced on: a net, its rows, its loss, and what disturbs its gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fallline.engine.data.sets import Data
from fallline.engine.nets import Net
from fallline.engine.train.race.member import Member

if TYPE_CHECKING:
    from torch import nn

    from fallline.engine.train.loop.recipe import Recipe

POINTS = 40
"""How often the loss is looked at along a run, about, besides the start."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A workload, ready to be trained in any tool.

    Attributes:
        net: a named net, or what makes the user's own torch module from a seed.
        data: its training rows teach; the loss is looked at on its validation rows.
        loss: name of the loss; None takes the task's own.
        batch: rows of a step; 0 takes all.
        noise: standard deviation of the Gaussian noise added to each coordinate of each gradient.
        steps: of a run.
    """

    net: Net | Callable[[int], nn.Module]
    data: Data
    loss: str | None
    batch: int
    noise: float
    steps: int

    @property
    def look(self) -> int:
        """Steps between two looks at the loss."""
        return max(1, self.steps // POINTS)

    @property
    def points(self) -> tuple[int, ...]:
        """The steps after which the loss is looked at, from 0 to `steps`."""
        return (*range(0, self.steps, self.look), self.steps)

    def recipe(self, optimizer: Any, member: Member) -> Recipe:
        """Returns how a member is trained: in float64, so that equal formulas give equal curves.

        Args:
            optimizer: one of ours, or what makes a tool's own of parameters.
            member: its rate, and the seed of its start, the order of its rows and its noise.
        """
        from fallline.engine.train.loop.recipe import Recipe  # brings torch, which a Spec need not wait for

        return Recipe(
            optimizer,
            rate=member.rate,
            steps=self.steps,
            batch=self.batch or "full",
            loss=self.loss,
            seed=member.seed,
            look=self.look,
            noise=self.noise,
            precision="float64",
        )
