"""``torch.optim`` as a lane of the race: its own classes, its own defaults, one plain loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fallline.engine.train.race import Curve, Member, Problem

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Arguments = dict[str, Any]

OPTIMIZERS: dict[str, tuple[str, Arguments]] = {
    "gd": ("SGD", {"fused": True}),
    "momentum": ("SGD", {"momentum": 0.9, "fused": True}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True, "fused": True}),
    "adagrad": ("Adagrad", {"fused": True}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop_centered": ("RMSprop", {"centered": True}),
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
        from fallline.engine.train.race.follow import follow  # brings torch

        return [follow(problem, partial(make, optimizer, member.rate), member) for member in members]

    def remembers(self, problem: Problem, optimizer: str) -> float:
        """Counts what torch's optimizer holds after two steps, single numbers such as its step count left out."""
        from fallline.engine.train.race.follow import start  # brings torch

        factory = partial(make, optimizer, 0.1)
        weights = tuple(start(problem, problem.recipe(factory, Member(0.1, 0))).parameters())
        chosen = factory(weights)
        for _ in range(2):
            for weight in weights:
                weight.grad = weight.detach().clone()
            chosen.step()
        held = [each for state in chosen.state.values() for each in state.values()]
        kept = sum(each.numel() for each in held if hasattr(each, "dim") and each.dim() > 0)
        return float(kept / sum(weight.numel() for weight in weights))
