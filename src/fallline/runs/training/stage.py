"""Stage ``training``: trains a net, keeps snapshots, and hands over curves, verdict and best weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.event import EventKind
from fallline.engine.data.sets import Data
from fallline.engine.nets import NETS, Net
from fallline.engine.train.loop import LOSSES, Recipe, Trace
from fallline.peers.backends import BACKENDS, trainer
from fallline.runs.bench.short import short
from fallline.runs.race.code import CodeNet
from fallline.runs.spec.train import TrainSpec, built_optimizer, built_schedule
from fallline.runs.stage import Context, Output
from fallline.runs.training.rows import rows_of

if TYPE_CHECKING:
    from fallline.engine.train.loop.snapshot import Snapshot

POINTS = 1000
"""Steps, and looks, that a Record shows; of longer runs they are evenly spaced, first, last and best among them."""
SAY, KEEP = 0.3, 5.0
"""Seconds between two reports, and between two snapshots."""


def training(context: Context) -> Output:
    """Trains the net of the Spec; an interrupted run goes on from its last snapshot and ends the same, bit by bit."""
    from safetensors.numpy import save  # with torch and TensorFlow, only a process that trains pays for its imports

    spec = context.spec
    assert isinstance(spec, TrainSpec)  # noqa: S101 - only this kind has this stage
    context.progress(0, 1, "loading the rows")
    data, recipe = rows_of(context, spec), recipe_of(spec)
    train, net, began = trainer(spec.backend), _net(context, spec), context.clock()
    trace = train(net, data, recipe, _Watch(context, spec, began).hooks())
    weights = {name: np.asarray(array, order="C") for name, array in trace.best_weights.items()}
    kept = (context.keep("best.safetensors", "application/octet-stream", save(weights)),) if weights else ()
    return Output(_part(spec, data, recipe, trace), {"training_seconds": context.clock() - began}, kept)


def recipe_of(spec: TrainSpec) -> Recipe:
    """Returns how a Spec trains."""
    return Recipe(
        optimizer=built_optimizer(spec),
        rate=spec.optimizer.rate,
        schedule=built_schedule(spec),
        epochs=spec.epochs,
        steps=spec.steps,
        batch=spec.batch,
        loss=spec.loss,
        seed=spec.seed,
        patience=spec.patience,
        look=spec.look,
        noise=spec.noise,
        label_noise=spec.label_noise,
        precision=spec.precision,
    )


def _net(context: Context, spec: TrainSpec) -> Any:
    """The named net, or the user's own with its own start, drawn from the seed."""
    if spec.code is None:
        return Net(spec.net.name, spec.net.options)
    made = CodeNet(context.read_code(spec.code, "code"), spec.code.rpartition(":")[2], "code")
    return made(int(context.rng("weights").integers(2**63)))


@dataclass
class _Watch:
    """Hears of every step, says so now and then, and keeps a snapshot now and then."""

    context: Context
    spec: TrainSpec
    said: float
    kept: float = 0.0

    def hooks(self) -> Any:
        """Returns what the loop is given."""
        from fallline.engine.train.loop.going import Hooks  # torch, as above
        from fallline.engine.train.loop.snapshot import Snapshot

        self.kept = self.said
        left = self.context.checkpoints.get("snapshot")
        resume = None if left is None else Snapshot.from_bytes(self.context.read_bytes(left["sha256"]))
        return Hooks(checkpoint=self.keep, resume=resume, report=self.report, device="cpu")

    def report(self, step: int, total: int, loss: float) -> None:
        """Says how far it is, and is where a cancelled run stops."""
        if self.context.cancelled() or self.context.clock() - self.said >= SAY:
            self.said = self.context.clock()
            self.context.progress(step, total, f"step {step:,} of {total:,}, loss {loss:.4g}")

    def keep(self, snapshot: Snapshot) -> None:
        """Keeps a snapshot where the last one is some seconds old."""
        if self.context.clock() - self.kept >= KEEP:
            self.kept = self.context.clock()
            artifact = self.context.keep(f"snapshot-{snapshot.step}", "application/octet-stream", snapshot.to_bytes())
            payload = {"sha256": artifact.sha256, "step": snapshot.step}
            self.context.emit(EventKind.CHECKPOINT, name="snapshot", payload=payload)


def _part(spec: TrainSpec, data: Data, recipe: Recipe, trace: Trace) -> dict[str, Any]:
    loss = recipe.loss_name(data)
    shown, looks = _places(trace.steps), _places(len(trace.looks), trace.best)
    return {
        "net": spec.code or spec.net.name,
        "title": spec.code or NETS[spec.net.name].title,
        "backend": BACKENDS[spec.backend].title,
        "parameters": int(sum(array.size for name, array in trace.last_weights.items() if "running_" not in name)),
        "optimizer": spec.optimizer.name,
        "optimizer_title": recipe.optimizer.title,  # type: ignore[union-attr]  # a Spec names one of ours
        "data": data.name if spec.data is None else "table",
        "task": data.task,
        "rows": {"train": len(data.train), "validation": len(data.validation)},
        "loss": LOSSES[loss].title,
        "score": "share explained" if data.task == "regression" else "accuracy",
        "steps": trace.steps,
        "step": (shown + 1).tolist() if trace.steps else [],
        "losses": _at(trace.losses, shown),
        "gradients": _at(trace.grad_norms, shown),
        "rates": _at(trace.rates, shown),
        "look": trace.looks[looks].tolist(),
        "epochs": _at(trace.epochs, looks),
        "train": _at(trace.train, looks),
        "validation": _at(trace.validation, looks),
        "scores": _at(trace.scores, looks),
        "best": int(np.searchsorted(looks, trace.best)) if trace.best >= 0 else None,
        "best_epoch": float(trace.epochs[trace.best]) if trace.best >= 0 else None,
        "best_validation": float(trace.validation[trace.best]) if trace.best >= 0 and len(trace.validation) else None,
        "best_score": float(trace.scores[trace.best]) if trace.best >= 0 and len(trace.scores) else None,
        "last_loss": float(trace.losses[-1]) if trace.steps else None,
        "ending": trace.ending.to_dict(),
        "sentence": trace.ending.sentence,
    }


def _places(count: int, best: int = -1) -> NDArray[np.int64]:
    """Which of so many are shown."""
    even = np.linspace(0, count - 1, min(count, POINTS)).round().astype(np.int64)
    return np.unique(np.append(even, best) if best >= 0 else even)


def _at(series: NDArray[np.float64], places: NDArray[np.int64]) -> list[float]:
    return list(short(series[places])) if len(series) else []
