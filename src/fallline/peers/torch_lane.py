"""``torch.optim`` as a lane of the race: its own classes, its own defaults, one plain loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fallline.engine.train.race import Curve, Member, Problem

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from fallline.engine.train.race.in_torch import Step

Arguments = dict[str, Any]

OPTIMIZERS: dict[str, tuple[str, Arguments]] = {
    "gd": ("SGD", {"fused": True}),
    "momentum": ("SGD", {"momentum": 0.9, "fused": True}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True, "fused": True}),
    "adagrad": ("Adagrad", {"fused": True}),
    "rmsprop": ("RMSprop", {}),
    "adadelta": ("Adadelta", {}),
    "adam": ("Adam", {"fused": True}),
    "amsgrad": ("Adam", {"amsgrad": True, "fused": True}),
    "adamw": ("AdamW", {"fused": True}),
    "adamax": ("Adamax", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "adafactor": ("Adafactor", {}),
}
"""Our name → its class in ``torch.optim`` and what is said to it besides the rate."""


def make(optimizer: str, rate: float, parameters: Iterable[Tensor]) -> torch.optim.Optimizer:
    """Returns torch's optimizer of our name."""
    from torch import optim  # 3 s of imports: only who trains needs it

    kind, arguments = OPTIMIZERS[optimizer]
    chosen: Callable[..., torch.optim.Optimizer] = getattr(optim, kind)
    return chosen(parameters, lr=rate, **arguments)


class TorchLane:
    """PyTorch."""

    name = "torch"
    title = "PyTorch"

    def optimizers(self) -> tuple[str, ...]:
        """Those of ``torch.optim``."""
        return tuple(OPTIMIZERS)

    def trains(self, problem: Problem) -> bool:
        """Any net that is a torch module."""
        del problem
        return True

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Trains the members one after another."""
        from fallline.engine.train.race.in_torch import TorchProblem, follow  # brings torch

        torched = TorchProblem(problem)
        begins = [partial(_begin, optimizer, member.rate) for member in members]
        return [follow(torched, member.draw, begin) for member, begin in zip(members, begins, strict=True)]

    def remembers(self, problem: Problem, optimizer: str, member: Member) -> float:
        """Counts what torch's optimizer holds after two steps, single numbers such as its step count left out."""
        from fallline.engine.train.race.in_torch import TorchProblem  # brings torch

        torched = TorchProblem(problem)
        module = torched.module(member.draw)
        chosen = make(optimizer, member.rate, module.parameters())
        for _ in range(2):
            chosen.zero_grad()
            torched.loss(module, torched.x[:8], torched.y[:8]).backward()  # type: ignore[no-untyped-call]
            chosen.step()
        held = [each for state in chosen.state.values() for each in state.values()]
        kept = sum(each.numel() for each in held if hasattr(each, "dim") and each.dim() > 0)
        return float(kept / sum(weight.numel() for weight in module.parameters()))


def _begin(optimizer: str, rate: float, module: nn.Module) -> Step:
    weights = tuple(module.parameters())
    chosen = make(optimizer, rate, weights)

    def step(gradients: tuple[Tensor, ...]) -> None:
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.grad = gradient
        chosen.step()

    return step
