"""Stage 2, train: each family once, by hand, over the folds that every later stage shares."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.metrics import group_codes, log_loss
from fallline.engine.train import FAMILIES
from fallline.runs.stage import Context, Output
from fallline.runs.stages.rows import Rows, rows_of
from fallline.runs.stages.score import Task, score, write_folds


def train(context: Context) -> Output:
    """Scores each family of the Spec over the folds."""
    rows = rows_of(context)
    spec = rows.spec
    with tempfile.TemporaryDirectory(prefix="fallline-") as folder:
        context.progress(0, len(spec.train.families), "encoding the folds")
        write_folds(rows, Path(folder), groups_of(rows, context.parts["frame"]["sensitive"]))
        tasks = [task_of(rows, folder, choice.family, dict(choice.params)) for choice in spec.train.families]
        context.progress(0, len(tasks), "training " + ", ".join(task.family for task in tasks))
        results = context.executor.map(score, tasks)
    families: dict[str, Any] = {}
    for task, result in zip(tasks, results, strict=True):
        families[_unique(task.family, families)] = _family(task, result)
    best = min(families, key=lambda name: families[name]["log_loss"])
    prior = float(rows.y[rows.split.train].mean())
    part = {
        "folds": len(rows.folds),
        "families": families,
        "best": best,
        "prior_log_loss": float(log_loss(rows.y[rows.split.train], np.full(len(rows.split.train), prior))),
    }
    told = ", ".join(f"{name} {family['log_loss']:.4f}" for name, family in families.items())
    part["sentence"] = f"Log loss over {part['folds']} folds: {told} (base rate alone {part['prior_log_loss']:.4f})."
    return Output(part)


def task_of(rows: Rows, folder: str, family: str, params: dict[str, Any]) -> Task:
    """Returns the task of one family with these hyperparameters; the rest are its defaults."""
    payoff = rows.spec.frame.payoff
    full = FAMILIES[family].complete(params)
    money = (payoff.tp, payoff.fp, payoff.fn, payoff.tn)
    return Task(folder, family, full, rows.spec.seed, ("train", family), len(rows.folds), "log_loss", money)


def groups_of(rows: Rows, column: str | None) -> NDArray[np.int64] | None:
    """Returns the group of every row as a number, or None when no column is sensitive."""
    if column is None:
        return None
    values = np.array([str(value) for value in rows.table.column(column).to_pylist()])
    return group_codes(values, len(values))[1]


def _family(task: Task, result: dict[str, Any]) -> dict[str, Any]:
    return {"family": task.family, "params": task.params, "log_loss": result["value"], **result}


def _unique(name: str, taken: dict[str, Any]) -> str:
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name} {number}", number + 1
    return unique
