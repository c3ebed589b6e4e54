"""Stage 3, tune: a search over families and their hyperparameters; every trial is a checkpoint."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.core.event import EventKind
from fallline.engine.train import FAMILIES
from fallline.engine.tune import SAMPLERS, Sampler, Space, Study, Tpe, Trial, branch_of, read_space, union
from fallline.engine.tune.importance import importances
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.rows import Rows, rows_of
from fallline.runs.stages.score import Task, score, write_folds
from fallline.runs.stages.train import groups_of


def tune(context: Context) -> Output:
    """Searches; goes on from the trials of an interrupted run as if nothing had happened."""
    rows = rows_of(context)
    spec = rows.spec.tune
    results = {
        int(name.removeprefix("trial/")): value
        for name, value in context.checkpoints.items()
        if name.startswith("trial/")
    }
    study = Study(space_of(rows.spec), sampler_of(rows.spec), rows.spec.seed, spec.batch)
    with tempfile.TemporaryDirectory(prefix="fallline-") as folder:
        context.progress(len(results), spec.trials, "encoding the folds")
        write_folds(rows, Path(folder), groups_of(rows, context.parts["frame"]["sensitive"]))
        while len(study.trials) < spec.trials:
            asked = study.ask()[: spec.trials - len(study.trials)]
            if not asked:
                break
            study = study.tell(*_batch(context, rows, folder, study, asked, results))
    return Output(_part(context, rows, study, results))


def space_of(spec: CapstoneSpec) -> Space:
    """Returns the joint space: a choice of family, and under each its own hyperparameters.

    Raises:
        SpecError: the Spec narrows a hyperparameter that the family does not have.
    """
    families = dict.fromkeys(choice.family for choice in spec.train.families)
    return union("family", {name: _narrowed(spec, name) for name in families})


def _narrowed(spec: CapstoneSpec, family: str) -> Space:
    entries = [dict(entry) for entry in FAMILIES[family].space]
    known = {entry["name"]: entry for entry in entries}
    for name, change in spec.tune.space.get(family, {}).items():  # type: ignore[call-overload]
        if name not in known:
            close = nearest(name, known)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(known)}."
            raise SpecError(f"tune.space.{family}", name, "a hyperparameter of this family", hint)
        known[name].update(change, searched=True)
    return read_space(_searched(entries, named_params(spec, family)), f"tune.space.{family}")


def named_params(spec: CapstoneSpec, family: str) -> dict[str, Any]:
    """Returns what the Spec says of a family by hand: where the search does not vary it, it holds there too."""
    return next((dict(choice.params) for choice in spec.train.families if choice.family == family), {})


def _searched(entries: list[dict[str, Any]], named: dict[str, Any]) -> list[dict[str, Any]]:
    """Leaves out what is not searched, and what exists only under a value that something fixed does not have."""
    fixed = {entry["name"]: named.get(entry["name"], entry["default"]) for entry in entries if not entry["searched"]}
    kept = []
    for entry in entries:
        when = entry["when"]
        if entry["name"] in fixed or (when and when["name"] in fixed and fixed[when["name"]] not in when["values"]):
            continue
        kept.append({**entry, "when": None} if when and when["name"] in fixed else entry)
    return kept


def sampler_of(spec: CapstoneSpec) -> Sampler:
    """Returns the sampler that the Spec names, ours or a neighbour's."""
    if spec.tune.sampler == "optuna.tpe":
        from fallline.peers.optuna import Tpe as OptunaTpe  # Optuna: 0.3 s that other samplers do not need

        return OptunaTpe(startup=spec.tune.startup)
    if spec.tune.sampler == "tpe":
        return Tpe(startup=spec.tune.startup)
    return lookup(spec.tune.sampler, SAMPLERS, "tune.sampler")


def _batch(
    context: Context, rows: Rows, folder: str, study: Study, asked: tuple[Trial, ...], results: dict[int, Any]
) -> list[Trial]:
    """Scores the trials of a batch that no earlier try has scored; tells of each in the order of their numbers."""
    waiting = [trial for trial in asked if trial.number not in results]
    context.progress(len(study.trials), rows.spec.tune.trials, _doing(study, asked))
    tasks = [_task(rows, folder, trial, study.trials) for trial in waiting]
    for trial, task, result in zip(waiting, tasks, context.executor.map(score, tasks), strict=True):
        results[trial.number] = {"number": trial.number, "family": task.family, "params": task.params, **result}
        context.emit(EventKind.CHECKPOINT, name=f"trial/{trial.number}", payload=results[trial.number])
    ended = [_ended(trial, results[trial.number]) for trial in asked]
    _tell_points(context, study, ended)
    return ended


def _task(rows: Rows, folder: str, trial: Trial, past: tuple[Trial, ...]) -> Task:
    family, params = branch_of("family", trial.params)
    payoff, spec = rows.spec.frame.payoff, rows.spec
    return Task(
        folder=folder,
        family=family,
        params=FAMILIES[family].complete({**named_params(spec, family), **params}),
        seed=spec.seed,
        path=("tune", "trial", trial.number),
        folds=len(rows.folds),
        metric=spec.tune.metric,
        payoff=(payoff.tp, payoff.fp, payoff.fn, payoff.tn),
        pruner=spec.tune.pruner,
        number=trial.number,
        past=past,
    )


def _ended(trial: Trial, result: dict[str, Any]) -> Trial:
    values = (result["value"],) if result["state"] == "complete" else ()
    return Trial(trial.number, trial.params, result["state"], values, tuple(result["fold_losses"]))


def _doing(study: Study, asked: tuple[Trial, ...]) -> str:
    names = ", ".join(sorted({str(trial.params["family"]) for trial in asked}))
    best = study.best
    return f"trying {names}" + ("" if best is None else f"; best so far {best.value:.4f}")


def _tell_points(context: Context, study: Study, ended: list[Trial]) -> None:
    """Points of the live series: each trial under its family, and the best so far."""
    best = study.best.value if study.best else math.inf
    for trial in ended:
        if trial.state != "complete":
            continue
        best = min(best, trial.value)
        for series, value in ((str(trial.params["family"]), trial.value), ("best", best)):
            context.emit(EventKind.POINT, name=series, payload={"series": series, "x": trial.number, "y": value})


def _part(context: Context, rows: Rows, study: Study, results: dict[int, Any]) -> dict[str, Any]:
    trials = [results[trial.number] for trial in study.trials]
    best = study.best
    pruned = sum(trial.state == "pruned" for trial in study.trials)
    fits = sum(len(trial.intermediate) for trial in study.trials)
    every = len(study.trials) * len(rows.folds)
    part: dict[str, Any] = {
        "trials": trials,
        "best": None if best is None else best.number,
        "pruned": pruned,
        "fits": fits,
        "fits_saved": every - fits,
        "sampler": rows.spec.tune.sampler,
        "startup": rows.spec.tune.startup,
        "metric": rows.spec.tune.metric,
        "importances": _importances(context, study),
    }
    part["sentence"] = f"{len(trials)} trials, {pruned} stopped early, which saved {every - fits} of {every} fits. " + (
        "None ended." if best is None else f"Best: trial {best.number}, {best.params['family']}, {best.value:.4f}."
    )
    return part


def _importances(context: Context, study: Study) -> list[dict[str, Any]]:
    """What mattered within each family that has enough trials."""
    families = dict.fromkeys(str(trial.params["family"]) for trial in study.trials)
    return [
        {
            "family": family,
            "name": each.name.removeprefix(f"{family}."),
            "importance": each.share,
            "beyond_chance": each.divergence > each.chance,
        }
        for family in families
        for each in importances(study.space, study.trials, context.rng("importance", family), within={"family": family})
    ]
