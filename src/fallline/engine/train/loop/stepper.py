"""Who takes the step: one of our optimizers, or one of torch's, behind the same few words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from fallline.core.errors import SpecError
from fallline.engine.optim import Optimizer, Probe, State
from fallline.engine.optim.driving import with_factor
from fallline.engine.optim.options import with_names
from fallline.engine.train.loop.recipe import Factory
from fallline.engine.train.loop.snapshot import copied

Again = Callable[[], float]
"""Computes loss and gradient of the step's batch again, at the weights as they are now."""


class Stepper(ABC):
    """Changes parameters by their gradients.

    Attributes:
        title: as a sentence names it.
    """

    title: str

    @abstractmethod
    def rate(self, factor: float) -> float:
        """Returns the rate of a step whose schedule says this factor."""

    @abstractmethod
    def step(self, factor: float, others: Mapping[str, float], probe: Probe, again: Again) -> None:
        """Takes one step; each parameter has its gradient in ``grad``.

        Args:
            factor: of the rate.
            others: ``momentum`` and ``decay`` → factor, where they are scheduled.
            probe: what an optimizer may ask about the batch.
            again: for those who compute the batch as often as they like.

        Raises:
            SpecError: the optimizer has no such thing to drive.
        """

    @abstractmethod
    def state(self) -> Any:
        """Returns what it remembers, as a tree of plain data, arrays and tensors that no later step changes."""

    @abstractmethod
    def load(self, state: Any) -> None:
        """Goes back to what `state` returned."""

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Puts the weights by which the net is to be judged in place, and afterwards those that are trained."""
        yield

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the rate above which a quadratic of this curvature is left; None where no formula is known."""
        del curvature
        return None


class Own(Stepper):
    """Steps with one of `fallline.engine.optim`."""

    def __init__(self, optimizer: Optimizer, rate: float | None, parameters: Sequence[nn.Parameter]) -> None:
        self._optimizer, self._parameters = optimizer, parameters
        self._rate = optimizer.rate if rate is None else rate
        self._state = optimizer.init(self._weights())
        self._judge = optimizer  # as it was driven at the last step: an average goes by the momentum of its step
        self.title = optimizer.title

    def _weights(self) -> tuple[Tensor, ...]:
        return tuple(each.detach() for each in self._parameters)

    def _put(self, weights: Sequence[Tensor]) -> None:
        with torch.no_grad():
            for parameter, each in zip(self._parameters, weights, strict=True):
                parameter.copy_(each)

    def rate(self, factor: float) -> float:
        """Returns the base rate times the factor."""
        return self._rate * factor

    def step(self, factor: float, others: Mapping[str, float], probe: Probe, again: Again) -> None:
        """Takes one step; the optimizer's own contract."""
        del again
        slopes = tuple(each.grad for each in self._parameters)
        optimizer = self._optimizer
        for name, each in others.items():
            optimizer = with_factor(optimizer, name, each)
        asked, self._judge = probe if optimizer.needs else None, optimizer
        with torch.no_grad():
            weights, self._state = optimizer.step(self._weights(), slopes, self._state, self.rate(factor), asked)
        self._put(weights)

    def state(self) -> Any:
        """Returns the optimizer's state as named arrays; steps make new ones and leave these alone."""
        return self._state.to_arrays()

    def load(self, state: Any) -> None:
        """Reads the named arrays."""
        self._state = State.from_arrays(state, self._weights())

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Puts the optimizer's judged weights in place, where it has such."""
        trained = self._weights()
        judged = self._judge.judged(trained, self._state)
        if judged is trained:
            yield
            return
        kept = [each.clone() for each in trained]
        self._put(judged)
        try:
            yield
        finally:
            self._put(kept)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns what the optimizer's formula says."""
        return self._optimizer.largest_stable_rate(curvature)


class Theirs(Stepper):
    """Steps with a ``torch.optim.Optimizer``."""

    def __init__(self, factory: Factory, rate: float | None, parameters: Sequence[nn.Parameter]) -> None:
        made = factory(parameters)
        if not isinstance(made, torch.optim.Optimizer):
            expected = "what makes a torch.optim.Optimizer of parameters"
            raise SpecError("optimizer", type(made).__name__, expected, "Such as lambda w: torch.optim.SGD(w, lr=0.1).")
        self._optimizer = made
        self._rates = [float(group["lr"]) if rate is None else rate for group in made.param_groups]
        self._first = [{key: each for key, each in group.items() if key != "params"} for group in made.param_groups]
        self.title = type(made).__name__

    def rate(self, factor: float) -> float:
        """Returns the first group's rate times the factor."""
        return self._rates[0] * factor

    def step(self, factor: float, others: Mapping[str, float], probe: Probe, again: Again) -> None:
        """Takes one step at each group's rate; L-BFGS computes the batch as often as it likes."""
        del probe
        for group, rate, first in zip(self._optimizer.param_groups, self._rates, self._first, strict=True):
            group["lr"] = rate * factor
            for name, each in others.items():
                _drive_group(group, first, name, each)
        if isinstance(self._optimizer, torch.optim.LBFGS):
            self._optimizer.step(again)  # type: ignore[no-untyped-call]  # torch has no types here
        else:
            self._optimizer.step()

    def state(self) -> Any:
        """Returns torch's ``state_dict``."""
        return copied(self._optimizer.state_dict())

    def load(self, state: Any) -> None:
        """Takes a ``state_dict``."""
        self._optimizer.load_state_dict(copied(state))


def _drive_group(group: dict[str, Any], first: Mapping[str, Any], name: str, factor: float) -> None:
    """Sets what a plan drives in a group of torch's."""
    if name == "momentum" and "betas" in first:
        group["betas"] = (first["betas"][0] * factor, *first["betas"][1:])
        return
    key = {"momentum": "momentum", "decay": "weight_decay"}[name]
    if key not in first:
        raise SpecError("plan", name, "something that this optimizer has")
    group[key] = first[key] * factor


def stepper_of(
    optimizer: Optimizer | Factory, rate: float | None, parameters: Sequence[nn.Parameter], names: Sequence[str]
) -> Stepper:
    """Returns what steps with an optimizer.

    Args:
        optimizer: one of ours, or what makes one of torch's.
        rate: the base rate; None for the optimizer's own.
        parameters: what it changes.
        names: of these, for groups that go by name.

    Raises:
        SpecError: it is neither one of ours nor makes one of torch's.
    """
    if isinstance(optimizer, Optimizer):
        return Own(with_names(optimizer, names), rate, parameters)
    made: Any = optimizer
    if callable(made):
        return Theirs(made, rate, parameters)
    expected = "an optimizer of fallline.engine.optim, or what makes a torch.optim.Optimizer of parameters"
    raise SpecError("optimizer", optimizer, expected)
