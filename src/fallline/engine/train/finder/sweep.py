"""One sweep: a step at each rate, from low to high, on a copy; the loss of each batch, and now and then curvature."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from fallline.engine.train.finder.batches import Batch
from fallline.engine.train.finder.curvature import largest_product, sharpness
from fallline.engine.train.finder.finding import SweepTrace
from fallline.engine.train.finder.guard import untouched
from fallline.engine.train.finder.rules import smoothed

LOOKS = 10
"""Places along a sweep at which curvature is measured."""
Loss = Callable[[Any, Any], Tensor]
Watch = Callable[[int, int], None]


@dataclass
class Sweep:
    """One sweep under way, over a copy that it may spoil.

    Attributes:
        module: the copy.
        optimizer: the copy's own.
        loss: of output and target.
        rates: rising.
        smoothing: share of the past in the running mean.
        blow_up: the sweep ends where the mean exceeds so many times its lowest value.
        curvature: whether curvature is measured.
        generator: where Lanczos starts; nothing else draws from it.
        streams: the generators of data, module and loss.
    """

    module: nn.Module
    optimizer: torch.optim.Optimizer
    loss: Loss
    rates: list[float]
    smoothing: float
    blow_up: float
    curvature: bool
    generator: torch.Generator
    streams: list[torch.Generator]

    def run(self, batches: Iterator[Batch], watch: Callable[[int], None]) -> SweepTrace:
        """Steps from rate to rate.

        Args:
            batches: without end.
            watch: told each step; what it raises ends the sweep.
        """
        shares = self._shares()
        every = max(1, len(self.rates) // LOOKS)
        product = largest_product(self.optimizer)
        losses: list[float] = []
        looks: list[tuple[float, float]] = []
        mean, lowest, twice = 0.0, math.inf, self.curvature and math.isfinite(product)
        for step, rate in enumerate(self.rates):
            watch(step)
            batch = next(batches)
            if twice and step % every == every // 2:  # not at the very first: an adaptive optimizer has no state there
                limit = self._limit(batch, product)
                twice = limit is not None
                looks += [(rate, limit)] if limit is not None and math.isfinite(limit) else []
            loss = self._step(batch, rate, shares)
            losses.append(loss)
            mean = self.smoothing * mean + (1.0 - self.smoothing) * loss
            level = mean / (1.0 - self.smoothing ** (step + 1))
            lowest = min(lowest, level)
            if not level <= lowest + (self.blow_up - 1.0) * abs(lowest):  # for losses above 0, so many times the lowest
                break
        whole = next((place for place, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
        finite = losses[:whole]
        return SweepTrace(
            rates=tuple(self.rates[:whole]),
            losses=tuple(finite),
            smooth=tuple(float(each) for each in smoothed(finite, self.smoothing)),
            looks=tuple(looks),
            blew_up=len(losses) < len(self.rates) or whole < len(losses),
        )

    def _shares(self) -> list[float]:
        """The rate of each group over that of the highest: groups keep their ratios."""
        rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        highest = max(rates)
        return [rate / highest for rate in rates] if highest > 0.0 else [1.0] * len(rates)

    def _step(self, batch: Batch, rate: float, shares: list[float]) -> float:
        for group, share in zip(self.optimizer.param_groups, shares, strict=True):
            if isinstance(group["lr"], Tensor):  # a captured optimizer reads its rate from a tensor
                group["lr"].fill_(share * rate)
            else:
                group["lr"] = share * rate
        self.optimizer.zero_grad()
        loss = self._loss(self.module, batch)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.optimizer.step()
        return float(loss.detach())

    def _loss(self, net: nn.Module, batch: Batch) -> Tensor:
        inputs, target = batch
        output = net(*inputs) if isinstance(inputs, tuple) else net(inputs)
        return self.loss(output, target)

    def _limit(self, batch: Batch, product: float) -> float | None:
        """The largest stable rate here; infinity where nothing curves upwards, None where torch cannot say.

        It is looked for on a copy, and the streams are put back: a sweep is the same with and without looks.
        """
        try:
            with untouched(self.streams):
                copies: dict[int, Any] = {}  # what deepcopy notes: id of the original → its copy
                net = copy.deepcopy(self.module, copies)
                groups = self.optimizer.param_groups
                moved = [each for group in groups for each in group["params"] if each.requires_grad]
                loss = self._loss(net, batch)
                found = sharpness(loss, [copies[id(each)] for each in moved], self.optimizer, self.generator, moved)
        except (RuntimeError, NotImplementedError):  # some kernels have no second derivative
            return None
        if math.isnan(found):
            return math.inf
        return product / found if found > 0.0 else math.inf
