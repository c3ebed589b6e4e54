"""Our own optimizers as a lane of the race, in either dialect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from fallline.engine.optim import OPTIMIZERS
from fallline.engine.train.race.lane import Curve, Member
from fallline.engine.train.race.problem import Problem

if TYPE_CHECKING:
    from torch import Tensor, nn

    from fallline.engine.train.race.in_torch import Step

TITLES = {"torch": "Fall Line (torch)", "keras": "Fall Line (Keras)"}


class OwnLane:
    """Fall Line's optimizers.

    Args:
        dialect: whose formulas and defaults.
    """

    def __init__(self, dialect: Literal["torch", "keras"]) -> None:
        self.name = f"fallline-{dialect}"
        self.title = TITLES[dialect]
        self._optimizers = OPTIMIZERS if dialect == "torch" else {}

    def optimizers(self) -> tuple[str, ...]:
        """Those that need nothing but a gradient."""
        return tuple(self._optimizers)

    def trains(self, problem: Problem) -> bool:
        """Any net that torch can differentiate."""
        del problem
        return True

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Trains the members one after another."""
        from fallline.engine.train.race.in_torch import TorchProblem, follow  # torch: only those who race need it

        torched = TorchProblem(problem)
        begins = [partial(self._begin, optimizer, member.rate) for member in members]
        return [follow(torched, member.draw, begin) for member, begin in zip(members, begins, strict=True)]

    def _begin(self, optimizer: str, rate: float, module: nn.Module) -> Step:
        chosen = self._optimizers[optimizer]()
        weights = tuple(module.parameters())
        states = [chosen.init(weight.detach()) for weight in weights]

        def step(gradients: tuple[Tensor, ...]) -> None:
            for place, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
                moved, states[place] = chosen.step(weight.detach(), gradient, states[place], rate)
                weight.data = moved

        return step

    def remembers(self, problem: Problem, optimizer: str, member: Member) -> float:
        """Counts the memories of one step."""
        from fallline.engine.train.race.in_torch import TorchProblem

        torched = TorchProblem(problem)
        weights = [weight.detach() for weight in torched.module(member.draw).parameters()]
        chosen = self._optimizers[optimizer]()
        kept = sum(memory.numel() for weight in weights for memory in chosen.init(weight).memories)
        return float(kept / sum(weight.numel() for weight in weights))
