"""Stage ``finder``: sweeps of the learning rate, what each rule says, and short trainings at rates."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from fallline.core.canonical import digest
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import NETS, Net
from fallline.engine.optim import Optimizer
from fallline.engine.train.finder import RULES, RateFinding
from fallline.engine.train.finder.optimizers import torch_optimizer
from fallline.engine.train.finder.rules import smoothed
from fallline.engine.train.loop import LOSSES, Recipe, Trace
from fallline.runs.bench.short import short
from fallline.runs.spec.finder import FinderSpec, training_of
from fallline.runs.spec.train import built_optimizer
from fallline.runs.stage import Context, Output

SAY = 0.3
"""Seconds between two reports."""
SMOOTH = 0.9
"""Share of the past in the running mean of a training's loss."""
FALL = 0.01
"""A training has learnt something where its loss, over all rows that teach, fell by this share."""
KEPT = 64
"""Sweeps that are remembered: who tries one rate after another sweeps once."""
_ALONE = Lock()
"""Torch's streams and its number of threads belong to the whole process: one finder at a time."""
_swept: OrderedDict[str, RateFinding] = OrderedDict()


def finder(context: Context) -> Output:
    """Sweeps, reads the rules, and trains at the rates that are asked for."""
    spec = context.spec
    assert isinstance(spec, FinderSpec)  # noqa: S101 - only this kind has this stage
    data, optimizer = _rows(spec.set.name, spec.set.rows, spec.set.noise, spec.seed), built_optimizer(training_of(spec))
    watch = _Watch(context, spec)
    began = context.clock()
    with _ALONE:
        found = _remembered(spec, data, optimizer, watch)
        probes = [_trained(spec, data, optimizer, name, rate, found, watch) for name, rate in _tried(spec, found)]
    part = {**found.to_dict(), **_about(spec, data, optimizer), "probes": probes, "sentence": found.ending.sentence}
    part["sweeps"] = [_shown(sweep) for sweep in part["sweeps"]]
    for each in part["suggestions"]:
        rule = RULES[each["rule"]]
        each |= {"title": rule.title, "says": rule.sentence}
    best = min((each for each in probes if each["end"] is not None), key=lambda each: each["end"], default=None)
    part["best_probe"] = None if best is None else best["name"]
    return Output(part, {"finder_seconds": context.clock() - began})


class _Watch:
    """Says now and then how far it is, and is where a cancelled run stops."""

    def __init__(self, context: Context, spec: FinderSpec) -> None:
        self.context, self.spec, self.said = context, spec, context.clock()

    def sweep(self, number: int, step: int) -> None:
        """Hears of every step of a sweep."""
        total = self.spec.seeds * self.spec.steps
        self._say(number * self.spec.steps + step, total, f"sweep {number + 1} of {self.spec.seeds}, rate {step + 1}")

    def train(self, step: int, total: int, loss: float) -> None:
        """Hears of every step of a training."""
        self._say(step, total, f"trying a rate, step {step:,} of {total:,}, loss {loss:.4g}")

    def _say(self, step: int, total: int, message: str) -> None:
        context = self.context
        if context.cancelled() or context.clock() - self.said >= SAY:
            self.said = context.clock()
            context.progress(step, total, message)


@lru_cache(maxsize=32)
def _rows(name: str, rows: int | None, noise: float | None, seed: int) -> Data:
    """The rows of a training with this seed."""
    return load_set(name, generator(seed, "train", "data"), rows, noise)


def _remembered(spec: FinderSpec, data: Data, optimizer: Optimizer, watch: _Watch) -> RateFinding:
    """The sweeps of a Spec, whatever rate is tried afterwards."""
    key = digest({name: value for name, value in spec.to_tree().items() if name not in {"title", "probe"}})
    found = _swept.pop(key, None) or _found(spec, data, optimizer, watch)
    _swept[key] = found
    if len(_swept) > KEPT:
        _swept.popitem(last=False)
    return found


def _found(spec: FinderSpec, data: Data, optimizer: Optimizer, watch: _Watch) -> RateFinding:
    """The sweeps: each from the first weights of the training, over its rows in an order of its own."""
    import torch  # with what trains, 3 s of imports: only who sweeps pays for them

    from fallline.engine.train.finder.find import find_rate
    from fallline.engine.train.loop.criteria import CRITERIA
    from fallline.engine.train.loop.tensors import Tensors
    from fallline.engine.train.loop.training import module_of, one_at_a_time

    net, recipe, here = Net(spec.net.name, spec.net.options), _recipe(spec, optimizer, None), torch.device("cpu")
    rows = Tensors.of(data, recipe, here)
    size = min(spec.batch, len(rows.x))

    def batches(draw: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
        order = torch.randperm(len(rows.x), generator=draw)
        return [(rows.x[chosen], rows.y[chosen]) for chosen in torch.split(order, size)]

    with one_at_a_time(1):
        return find_rate(
            module_of(net, data, recipe, here),
            batches,
            CRITERIA[recipe.loss_name(data)],
            lambda parameters: torch_optimizer(optimizer, parameters, 1.0),
            low=spec.low,
            high=spec.high,
            steps=spec.steps,
            seeds=spec.seeds,
            seed=spec.seed,
            smoothing=spec.smoothing,
            blow_up=spec.blow_up,
            curvature=spec.curvature,
            watch=watch.sweep,
        )


def _recipe(spec: FinderSpec, optimizer: Optimizer, rate: float | None) -> Recipe:
    steps = max(spec.probe.steps, 1)
    look = max(1, steps // 10)
    return Recipe(optimizer, rate, steps=steps, batch=spec.batch, loss=spec.loss, seed=spec.seed, look=look)


def _tried(spec: FinderSpec, found: RateFinding) -> list[tuple[str, float]]:
    """Which rates a training is made at: the chosen one, the recommended one, those of the rules."""
    if not spec.probe.steps:
        return []
    rates = {"chosen": spec.probe.rate}
    if spec.probe.rules or spec.probe.rate is None:
        rates["recommended"] = found.rate
    if spec.probe.rules:
        rates |= {each.rule: each.rate for each in found.suggestions}
    return [(name, rate) for name, rate in rates.items() if rate is not None]


def _trained(  # noqa: PLR0917 - what a training needs
    spec: FinderSpec, data: Data, optimizer: Optimizer, name: str, rate: float, found: RateFinding, watch: _Watch
) -> dict[str, Any]:
    """A short training at one rate, as a Record shows it."""
    from fallline.engine.train.loop.going import Hooks  # torch, as above
    from fallline.engine.train.loop.training import train

    net = Net(spec.net.name, spec.net.options)
    trace = train(net, data, _recipe(spec, optimizer, rate), Hooks(report=watch.train, device="cpu"))
    return {
        "name": name,
        "rate": rate,
        "share": None if found.rate is None else rate / found.rate,
        "steps": trace.steps,
        "losses": _list(trace.losses),
        "smooth": _list(smoothed(trace.losses.tolist(), SMOOTH)),
        "look": trace.looks.tolist(),
        "train": _list(trace.train),
        "validation": _list(trace.validation),
        "scores": _list(trace.scores),
        **_ends(trace),
    }


def _ends(trace: Trace) -> dict[str, Any]:
    """Where it began and where it came, the loss over all rows; None where it broke before."""
    whole = trace.ending.kind.value != "undefined" and len(trace.train) > 0
    start = float(trace.losses[0]) if trace.steps else None
    end = float(trace.train[-1]) if whole else None
    return {
        "start": start,
        "end": end,
        "score": float(trace.scores[-1]) if whole and len(trace.scores) else None,
        "learnt": end is not None and start is not None and end < (1.0 - FALL) * start,
        "ending": trace.ending.to_dict(),
    }


def _about(spec: FinderSpec, data: Data, optimizer: Optimizer) -> dict[str, Any]:
    recipe = _recipe(spec, optimizer, None)
    return {
        "net": spec.net.name,
        "title": NETS[spec.net.name].title,
        "data": data.name,
        "task": data.task,
        "loss_title": LOSSES[recipe.loss_name(data)].title,
        "score": "share explained" if data.task == "regression" else "accuracy",
        "optimizer": spec.optimizer.name,
        "optimizer_title": type(optimizer).title,
        "taught": len(data.train),
        "batch": min(spec.batch, len(data.train)),
        "low": spec.low,
        "high": spec.high,
        "curvature": spec.curvature,
    }


def _shown(sweep: dict[str, Any]) -> dict[str, Any]:
    """A sweep with its rates left out: they are the first of the finding's own."""
    return {
        "reached": len(sweep["rates"]),
        "losses": _list(np.array(sweep["losses"])),
        "smooth": _list(np.array(sweep["smooth"])),
        "looks": [list(look) for look in sweep["looks"]],
        "blew_up": sweep["blew_up"],
    }


def _list(values: Any) -> list[float]:
    return list(short(values)) if len(values) else []
