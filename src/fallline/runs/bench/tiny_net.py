"""Stage ``tiny-net``: a small net taught on points of a plane, kept at some moments; one setting, or two compared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.optim import OPTIMIZERS
from fallline.engine.train.population.losses import LOSSES
from fallline.engine.train.tiny import Problem, Setting, Walk, mean_loss, read, walks
from fallline.runs.bench.repeats import beyond_luck
from fallline.runs.bench.tiny_data import Ground, ground_of
from fallline.runs.bench.tiny_pictures import net_pictures
from fallline.runs.spec.tiny_net import NetSettingSpec, TinyNetSpec
from fallline.runs.stage import Context, Output

MOMENTS = 30
"""How often the weights of the net that is shown are kept, besides the start."""
BUDGET = 60_000.0
"""Microseconds of training, about, of one answer; more epochs than fit are cut, and it says so."""
ALONE = 500.0
"""Microseconds of a step without a kernel, about."""


def tiny_net(context: Context) -> Output:
    """Teaches the net, or both, and the same on more seeds where two are compared."""
    spec = context.spec
    assert isinstance(spec, TinyNetSpec)  # noqa: S101 - only this kind has this stage
    ground = ground_of(spec)
    inputs = read(ground.problem.points, spec.features.on)
    names = ("a", "b") if spec.compare else ("a",)
    nets: dict[str, Any] = {}
    finals: dict[str, list[float]] = {}
    for name in names:
        context.progress(len(nets), len(names), f"setting {name.upper()}")
        nets[name], finals[name] = _taught(spec, name, ground, inputs)
    part: dict[str, Any] = {
        **ground.to_dict(),
        "features": list(spec.features.on),
        "noise": spec.noise,
        "compare": spec.compare,
        "cut": any(net["cut"] for net in nets.values()),
        "measure": "error" if ground.problem.regression else "share wrong",
        "nets": nets,
        "versus": _versus(finals) if spec.compare else None,
    }
    return Output(part)


def setting_of(entry: NetSettingSpec) -> Setting:
    """Returns the setting that a Spec writes."""
    strength = entry.strength if entry.penalty != "none" else 0.0
    return Setting(
        OPTIMIZERS[entry.optimizer](),
        entry.rate,
        entry.hidden,
        entry.activation,
        entry.initialisation,
        entry.loss,
        l1=strength if entry.penalty == "l1" else 0.0,
        l2=strength if entry.penalty == "l2" else 0.0,
        batch=entry.batch,
    )


def _taught(spec: TinyNetSpec, name: str, ground: Ground, inputs: NDArray[Any]) -> tuple[dict[str, Any], list[float]]:
    """One setting: what is shown of its first seed, and the error at the end of every seed."""
    entry: NetSettingSpec = spec.b if name == "b" else spec.a
    setting, problem = setting_of(entry), ground.problem
    rows = int(problem.taught.sum())
    epoch = -(-rows // min(setting.batch, rows))
    seeds = [spec.seed + number for number in range(spec.repeats if spec.compare else 1)]
    asked = spec.epochs * epoch
    steps = min(asked, _affordable(setting, len(seeds) * (2 if spec.compare else 1), min(setting.batch, rows)))
    moments = np.unique(np.rint(steps * np.linspace(0.0, 1.0, MOMENTS + 1) ** 1.5).astype(int)).tolist()
    (walk,) = walks(setting, problem, inputs, moments, seeds[:1])
    others = walks(setting, problem, inputs, [0, steps], seeds[1:]) if len(seeds) > 1 else ()
    tested = ~problem.taught
    finals = [problem.error(each.outputs(-1, inputs), each.loss, tested) for each in (walk, *others)]
    shown = {
        **_described(entry, setting, walk),
        **_judged(walk, problem, inputs),
        "epochs": [round(moment / epoch, 3) for moment in moments],
        "asked": spec.epochs,
        "epoch": epoch,
        "cut": steps < asked,
        **net_pictures(walk, ground, spec.features.on),
    }
    return shown, finals


def _affordable(setting: Setting, walked: int, batch: int) -> int:
    """How many steps the budget pays for."""
    each = (0.2 + 0.02 * batch) * (len(setting.hidden) + 1) if setting.compiled else ALONE
    return max(1, int(BUDGET / (each * walked)))


def _described(entry: NetSettingSpec, setting: Setting, walk: Walk) -> dict[str, Any]:
    return {
        "optimizer": entry.optimizer,
        "label": type(setting.optimizer).title,
        "rate": entry.rate,
        "batch": entry.batch,
        "hidden": list(entry.hidden),
        "depth": len(entry.hidden),
        "activation": entry.activation,
        "loss": walk.loss,
        "loss_title": LOSSES[walk.loss].title,
        "replaced": walk.loss != entry.loss,
        "parameters": walk.net.parameters,
        "steps": walk.steps,
        "compiled": setting.compiled,
        "broken": walk.broken,
        "ending": walk.ending.to_dict(),
    }


def _judged(walk: Walk, problem: Problem, inputs: NDArray[Any]) -> dict[str, Any]:
    """Losses at every moment and errors at the end, on the points that teach and on those that test."""
    sides = {"train": problem.taught, "test": ~problem.taught}
    targets = problem.targets(walk.loss)
    curves: dict[str, list[float | None]] = {side: [] for side in sides}
    for moment in range(len(walk.kept)):
        made = walk.outputs(moment, inputs)
        for side, where in sides.items():
            loss = mean_loss(made[where], targets[where], walk.loss)
            curves[side].append(float(f"{loss:.6g}") if np.isfinite(loss) and loss < 1e30 else None)
    last = walk.outputs(-1, inputs)
    errors = {side: problem.error(last, walk.loss, where) for side, where in sides.items()}
    told = {side: error if np.isfinite(error) and error < 1e30 else None for side, error in errors.items()}
    return {"losses": curves, "error": told, **_trend(curves)}


def _trend(curves: dict[str, list[float | None]]) -> dict[str, Any]:
    """How the losses ended: the fall of the last fifth, and the test's over the training's."""
    train, test = curves["train"], curves["test"]
    late = train[-max(2, len(train) // 5)]
    first, last = train[0], train[-1]
    return {
        "fell": None if first is None or last is None or first <= 0 else 1.0 - last / first,
        "falling": None if late is None or last is None or late <= 0 else 1.0 - last / late,
        "gap": None if last is None or test[-1] is None or last <= 0 else test[-1] / last,
    }


def _versus(finals: dict[str, list[float]]) -> dict[str, Any]:
    """Who ends with the smaller error, seed by seed, and whether luck would explain it (sign test, 5 %)."""
    a, b = (np.array([each if np.isfinite(each) else 1e9 for each in finals[name]]) for name in ("a", "b"))
    ahead = {"a": int((a < b).sum()), "b": int((b < a).sum())}
    better = None if ahead["a"] == ahead["b"] else max(ahead, key=lambda name: ahead[name])
    played = ahead["a"] + ahead["b"]
    return {
        "a": [_told(each) for each in a],
        "b": [_told(each) for each in b],
        "median_a": _told(float(np.median(a))),
        "median_b": _told(float(np.median(b))),
        "seeds": len(a),
        "ties": len(a) - played,
        "better": better,
        "ahead": ahead[better] if better else 0,
        "told_apart": better is not None and played > 1 and beyond_luck(ahead[better], played),
    }


def _told(error: float) -> float | None:
    return float(f"{error:.4g}") if error < 1e8 else None
