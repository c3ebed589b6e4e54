"""The learning-rate finder (Smith, 2015): sweeps over several seeds on copies of the module, and what they say."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from fallline.core.errors import SpecError
from fallline.engine.train.finder.batches import Batches, check_batches, stream
from fallline.engine.train.finder.curvature import largest_product, theory
from fallline.engine.train.finder.finding import RateFinding, SweepTrace
from fallline.engine.train.finder.guard import generators_of, untouched
from fallline.engine.train.finder.limits import check
from fallline.engine.train.finder.sweep import Loss, Sweep, Watch
from fallline.engine.train.finder.verdict import concluded

Make = Callable[[list[nn.Parameter]], torch.optim.Optimizer]


def find_rate(
    module: nn.Module,
    batches: Batches,
    loss: Loss,
    optimizer: torch.optim.Optimizer | Make,
    *,
    low: float = 1e-7,
    high: float = 10.0,
    steps: int = 100,
    seeds: int = 5,
    seed: int = 0,
    smoothing: float = 0.98,
    blow_up: float = 4.0,
    curvature: bool = True,
    generators: Sequence[torch.Generator] = (),
    watch: Watch | None = None,
) -> RateFinding:
    """Sweeps the learning rate and reads five suggestions off the sweeps.

    Every sweep runs on a copy of module and optimizer. When it returns or raises, weights, buffers, gradients and
    optimizer state are bit for bit what they were, and so are torch's streams of random numbers, those of Python and
    NumPy, those of a DataLoader and its samplers, and `generators`. The seeds differ in the order of the batches and in
    what the module draws, such as dropout.

    Args:
        module: any; it stays in the mode it is in.
        batches: pairs of inputs and target: a list, a DataLoader, or a function of a generator that returns batches.
        loss: of the module's output and the target, a scalar.
        optimizer: of the module, or a function that makes one of its parameters. Groups keep the ratios of their rates.
        low: the lowest rate.
        high: the highest.
        steps: rates, evenly spaced on a logarithmic axis; a step is taken at each.
        seeds: how many sweeps.
        seed: of the first.
        smoothing: share of the past in the running mean of the loss.
        blow_up: a sweep ends where the running mean is so many times its lowest value.
        curvature: whether curvature is measured; it takes about twice as long as the rest.
        generators: others from which the module, the data or the loss draw.
        watch: told the seed's number and the step; what it raises ends the finder, and leaves everything as it was.

    Raises:
        SpecError: a number outside its range, batches that can be passed over only once, or an optimizer that needs
            more than a gradient.

    >>> rows = torch.linspace(-1, 1, 32).reshape(8, 4, 1)
    >>> net = nn.Linear(1, 1)
    >>> with torch.no_grad():
    ...     _ = [each.zero_() for each in net.parameters()]
    >>> sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    >>> found = find_rate(net, [(x, 2 * x + 1) for x in rows], nn.MSELoss(), sgd, seeds=3)
    >>> 0.01 < found.rate < 1.0
    True
    """
    check(low, high, steps, seeds, smoothing, blow_up)
    check_batches(batches)
    rates = [float(rate) for rate in np.geomspace(low, high, steps)]
    streams = [*generators_of(batches), *generators]
    sweeps: list[SweepTrace] = []
    known = bounded = True
    for number in range(seeds):
        with untouched(streams):
            draw = torch.Generator().manual_seed(seed + number)
            for each in streams:
                each.manual_seed(int(torch.randint(2**62, (1,), generator=draw)))
            torch.manual_seed(int(torch.randint(2**62, (1,), generator=draw)))
            net, moved = _copied(module, optimizer)
            known, bounded = theory(moved), math.isfinite(largest_product(moved))
            start = torch.Generator().manual_seed(seed + number)
            sweep = Sweep(net, moved, loss, rates, smoothing, blow_up, curvature, start, streams)
            device = next((each.device for each in net.parameters()), torch.device("cpu"))
            with torch.enable_grad():
                sweeps.append(sweep.run(stream(batches, draw, device), _told(watch, number)))
    return concluded(rates, sweeps, looked=curvature, known=known, bounded=bounded)


def _copied(module: nn.Module, optimizer: torch.optim.Optimizer | Make) -> tuple[nn.Module, torch.optim.Optimizer]:
    """A copy of both that know each other; nothing that is done to it reaches the original."""
    if isinstance(optimizer, torch.optim.Optimizer):
        net, moved = _deep((module, optimizer))
    else:
        net = _deep(module)
        moved = optimizer([each for each in net.parameters() if each.requires_grad])
    own = {id(each) for each in net.parameters()}
    if not all(id(each) in own for group in moved.param_groups for each in group["params"]):
        raise SpecError("optimizer", type(moved).__name__, "an optimizer of this module's parameters")
    if isinstance(moved, torch.optim.LBFGS):
        raise SpecError(
            "optimizer", "LBFGS", "one that takes a step from one gradient", "L-BFGS searches its own step."
        )
    return net, moved


def _deep(thing: Any) -> Any:
    try:
        return copy.deepcopy(thing)
    except RuntimeError as error:
        hint = f"Torch says: {str(error).splitlines()[0]}"
        raise SpecError("module", type(thing).__name__, "a module that can be copied", hint) from error


def _told(watch: Watch | None, number: int) -> Callable[[int], None]:
    return (lambda _: None) if watch is None else (lambda step: watch(number, step))
