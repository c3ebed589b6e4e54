"""Score: what one choice of family and hyperparameters gives, fold by fold; preprocessing is fitted inside the fold.

A worker process reads the folds from files that the stage wrote once, so that a trial costs its own work and nothing
else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from fallline.core.choice import lookup
from fallline.core.ending import Ending
from fallline.core.rng import generator
from fallline.engine.compress.cost import cost
from fallline.engine.compress.interpretability import interpretability
from fallline.engine.data.encode import Encoding, fit_encoding
from fallline.engine.decide import PayOff, elkan, profit_rows
from fallline.engine.metrics import METRICS, platt
from fallline.engine.train import FAMILIES, Model
from fallline.engine.tune import PRUNERS, Trial
from fallline.runs.identity import THREADS
from fallline.runs.stages.rows import Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Task:
    """One trial, as a worker gets it.

    Attributes:
        folder: where the folds lie.
        family: model family.
        params: hyperparameters.
        seed: of the Spec.
        path: names the random stream.
        folds: how many.
        metric: what is minimised.
        payoff: tp, fp, fn, tn.
        pruner: who may stop it between folds; empty for nobody.
        number: of the trial.
        past: the trials that had ended when it went out.
    """

    folder: str
    family: str
    params: dict[str, Any]
    seed: int
    path: tuple[str | int, ...]
    folds: int
    metric: str
    payoff: tuple[float, float, float, float]
    pruner: str = ""
    number: int = 0
    past: tuple[Trial, ...] = ()


@dataclass(frozen=True)
class Fold:
    """One fold, encoded: how, training matrix and labels, left-out matrix and labels."""

    encoding: Encoding
    x: NDArray[np.float32]
    y: NDArray[np.int8]
    x_out: NDArray[np.float32]
    y_out: NDArray[np.int8]


def write_folds(rows: Rows, folder: Path, groups: NDArray[np.int64] | None) -> None:
    """Encodes every fold once per style and writes the matrices; the encoding sees the fold's training rows alone."""
    for number, fold in enumerate(rows.folds):
        for style in ("linear", "trees"):
            encoding = fit_encoding(rows.table, fold.train, style=style)
            (folder / f"{number}-{style}.json").write_bytes(orjson.dumps(encoding.to_dict()))
            np.save(folder / f"{number}-{style}-x.npy", encoding.matrix(rows.table, fold.train))
            np.save(folder / f"{number}-{style}-out.npy", encoding.matrix(rows.table, fold.test))
        np.save(folder / f"{number}-y.npy", rows.y[fold.train])
        np.save(folder / f"{number}-y-out.npy", rows.y[fold.test])
        if groups is not None:
            np.save(folder / f"{number}-groups.npy", groups[fold.test])


@lru_cache(maxsize=64)
def read_fold(folder: str, number: int, style: str) -> Fold:
    """Reads one fold as `write_folds` left it."""
    place = Path(folder)
    return Fold(
        Encoding.from_dict(orjson.loads((place / f"{number}-{style}.json").read_bytes())),
        np.load(place / f"{number}-{style}-x.npy"),
        np.load(place / f"{number}-y.npy"),
        np.load(place / f"{number}-{style}-out.npy"),
        np.load(place / f"{number}-y-out.npy"),
    )


def score(task: Task) -> dict[str, Any]:
    """Trains and scores one choice over the folds.

    Returns:
        plain data: ``state``, ``fold_losses``, ``value``, ``profit_per_1000``, ``profit_error``, ``fold_profits``,
        ``fairness_gap``, ``latency_us``, ``reading``, ``shape``, ``parameters``, ``history``, ``ending``.
    """
    family = lookup(task.family, FAMILIES, "family")
    metric = METRICS[task.metric]
    sign = 1.0 if metric.direction == "minimize" else -1.0
    losses: list[float] = []
    logits: list[Floats] = []
    first: dict[str, Any] = {}
    for number in range(task.folds):
        fold = read_fold(task.folder, number, family.style)
        rng = generator(task.seed, *task.path, "fold", number)
        model, ending = family.fit(fold.x, fold.y, task.params, rng, threads=THREADS)
        out = model.logits(fold.x_out)
        losses.append(sign * float(metric.function(fold.y_out, model.probabilities(fold.x_out))))
        logits.append(np.asarray(out, dtype=np.float64))
        if number == 0:
            first = _first(fold.encoding, model, ending)
        if _stops(task, losses):
            return {"state": "pruned", "fold_losses": losses, "value": float(np.mean(losses)), **first}
    return {
        "state": "complete",
        "fold_losses": losses,
        "value": float(np.mean(losses)),
        **first,
        **_worth(task, logits),
    }


def _first(encoding: Encoding, model: Model, ending: Ending) -> dict[str, Any]:
    """What the first fold's model says of all: its cost does not depend on the fold."""
    shape = interpretability(encoding, model)
    return {
        "latency_us": cost(encoding, model).microseconds,
        "reading": shape.parts * shape.depth,
        "shape": shape.sentence,
        "parameters": int(model.parameters),
        "history": {name: list(series) for name, series in model.history.items()},
        "ending": ending.to_dict(),
    }


def _stops(task: Task, losses: Sequence[float]) -> bool:
    if not task.pruner or len(losses) == task.folds:
        return False
    so_far = Trial(task.number, {"family": task.family, **task.params}, "running", (), tuple(losses))
    return bool(PRUNERS[task.pruner](so_far, task.past))


def _worth(task: Task, logits: Sequence[Floats]) -> dict[str, Any]:
    """Money and fairness of the calibrated left-out probabilities, at the threshold that the pay-offs give."""
    y = [np.load(Path(task.folder) / f"{number}-y-out.npy") for number in range(task.folds)]
    payoff = PayOff(*task.payoff)
    threshold = elkan(payoff).threshold
    calibrated = platt(np.concatenate(logits), np.concatenate(y))
    chances = [calibrated.probabilities(fold) for fold in logits]
    gains = [profit_rows(labels, chance, threshold, payoff) for labels, chance in zip(y, chances, strict=True)]
    every = np.concatenate(gains)
    return {
        "profit_per_1000": 1000 * float(every.mean()),
        "profit_error": 1000 * float(every.std(ddof=1) / np.sqrt(len(every))),
        "fold_profits": [1000 * float(gain.mean()) for gain in gains],
        "fairness_gap": _gap(task, np.concatenate(chances) >= threshold),
    }


def _gap(task: Task, acted: NDArray[np.bool_]) -> float | None:
    """Largest difference of the share acted on, among groups of at least 20 rows."""
    files = [Path(task.folder) / f"{number}-groups.npy" for number in range(task.folds)]
    if not files[0].exists():
        return None
    groups = np.concatenate([np.load(file) for file in files])
    shares = [float(acted[groups == group].mean()) for group in np.unique(groups) if (groups == group).sum() >= 20]
    return max(shares) - min(shares) if len(shares) > 1 else None
