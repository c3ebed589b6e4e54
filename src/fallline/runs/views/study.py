"""View ``study``: the search up to a trial, what its rest still brought, and what choosing by fewer folds costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.runs.spec.views import StudyViewSpec
from fallline.runs.stage import Context, Output

NEAR = 0.001
"""Log loss within which a trial counts as good as the best of the whole search."""


def study(context: Context) -> Output:
    """Looks at the first trials of a search, of one family or all, and chooses among them."""
    spec = context.spec
    assert isinstance(spec, StudyViewSpec)  # noqa: S101 - only this kind has this stage
    part = context.read_record(spec.record).part("tune")
    of_family = [trial for trial in part["trials"] if spec.family in {"all", trial["family"]}]
    ended = [trial for trial in of_family if trial["state"] == "complete"]
    shown = [trial for trial in of_family if trial["number"] < spec.trials]
    found: dict[str, Any] = {
        "trials": [_row(trial, spec.folds) for trial in shown],
        "importances": part["importances"],
        "family": spec.family,
        "shown": len(shown),
        "total": len(part["trials"]),
        "ended": sum(trial["state"] == "complete" for trial in shown),
        "pruned": sum(trial["state"] == "pruned" for trial in shown),
        "fits": sum(len(trial["fold_losses"][: spec.folds]) for trial in shown),
        "startup": part["startup"],
        "sampler": part["sampler"],
        "range": _range([trial["value"] for trial in ended]),
        "seen_range": _range([float(np.mean(trial["fold_losses"][: spec.folds])) for trial in ended]),
        **_choice([trial for trial in shown if trial["state"] == "complete"], ended, spec.folds),
    }
    found["sentence"] = _sentence(found)
    return Output(found)


def _row(trial: dict[str, Any], folds: int) -> dict[str, Any]:
    kept = {key: trial[key] for key in ("number", "family", "state", "value", "params")}
    return {**kept, "seen": _mean(trial["fold_losses"][:folds])}


def _mean(losses: list[float]) -> float | None:
    return float(np.mean(losses)) if losses else None


def _range(values: list[float]) -> list[float] | None:
    """What an axis must hold to show the better nine tenths of all trials, however many are shown."""
    ordered = sorted(values)
    return [ordered[0], ordered[int(0.9 * (len(ordered) - 1))]] if ordered else None


def _choice(shown: list[dict[str, Any]], ended: list[dict[str, Any]], folds: int) -> dict[str, Any]:
    """The trial that looks best on the folds used, and what it is worth over all of them."""
    empty = (
        "best",
        "best_trial",
        "best_family",
        "best_value",
        "lost",
        "behind",
        "still_to_gain",
        "honest",
        "optimism",
        "within",
    )
    if not shown:
        return dict.fromkeys(empty) | {"folds": folds}
    losses = np.array([trial["fold_losses"] for trial in shown])
    used = min(folds, losses.shape[1])
    seen, every = losses[:, :used].mean(axis=1), np.array([trial["value"] for trial in shown])
    place = int(np.argmin(seen))
    lowest = min(trial["value"] for trial in ended)
    honest = _left_out(losses[:, :used])
    return {
        "folds": used,
        "best": float(seen[place]),
        "best_trial": shown[place]["number"],
        "best_family": shown[place]["family"],
        "best_value": float(every[place]),
        "lost": float(every[place] - every.min()),
        "behind": float(every[place] - lowest),
        "still_to_gain": float(every.min() - lowest),
        "honest": honest,
        "optimism": None if honest is None else honest - float(seen[place]),
        "within": next(trial["number"] + 1 for trial in ended if trial["value"] <= lowest + NEAR),
    }


def _left_out(losses: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    """What the choice is worth on rows that did not choose: choose on all folds but one, look at that one, average.

    A search picks what suits its folds; the fold left out has had no say (Tibshirani and Tibshirani 2009, turned
    round). None with a single fold, which leaves nothing out.
    """
    folds = losses.shape[1]
    if folds < 2:
        return None
    total = losses.sum(axis=1)
    return float(np.mean([losses[np.argmin(total - losses[:, fold]), fold] for fold in range(folds)]))


def _sentence(found: dict[str, Any]) -> str:
    if found["best"] is None:
        return "No trial of this family has ended yet: show more trials."
    start = (
        f"After {found['shown']} trials the best is {found['best']:.4f} (trial {found['best_trial']}, "
        f"{found['best_family']}); {found['pruned']} were stopped early."
    )
    if found["lost"] > 0:
        start += f" Over all folds it is {found['lost']:.4f} worse than the best of them."
    if found["still_to_gain"] > 0:
        return f"{start} The rest of the search lowers it by {found['still_to_gain']:.4f} more."
    return f"{start} Nothing after it was better."
