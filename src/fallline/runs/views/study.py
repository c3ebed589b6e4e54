"""View ``study``: the search up to a trial, and what the trials after it still brought."""

from __future__ import annotations

from typing import Any

from fallline.runs.spec.views import StudyViewSpec
from fallline.runs.stage import Context, Output


def study(context: Context) -> Output:
    """Looks at the first trials of a search, of one family or all."""
    spec = context.spec
    assert isinstance(spec, StudyViewSpec)  # noqa: S101 - only this kind has this stage
    part = context.read_record(spec.record).part("tune")
    of_family = [trial for trial in part["trials"] if spec.family in {"all", trial["family"]}]
    seen = [trial for trial in of_family if trial["number"] < spec.trials]
    ended = [trial for trial in seen if trial["state"] == "complete"]
    best = min(ended, key=lambda trial: trial["value"], default=None)
    every = [trial["value"] for trial in of_family if trial["state"] == "complete"]
    left = best["value"] - min(every) if best else None
    found: dict[str, Any] = {
        "trials": [{key: trial[key] for key in ("number", "family", "state", "value", "params")} for trial in seen],
        "importances": part["importances"],
        "shown": len(seen),
        "total": len(part["trials"]),
        "ended": len(ended),
        "pruned": sum(trial["state"] == "pruned" for trial in seen),
        "best": best["value"] if best else None,
        "best_family": best["family"] if best else None,
        "best_trial": best["number"] if best else None,
        "still_to_gain": left,
        "startup": part["startup"],
        "sampler": part["sampler"],
    }
    found["sentence"] = _sentence(found)
    return Output(found)


def _sentence(found: dict[str, Any]) -> str:
    if found["best"] is None:
        return "No trial of this family has ended yet: show more trials."
    start = (
        f"After {found['shown']} trials the best is {found['best']:.4f} (trial {found['best_trial']}, "
        f"{found['best_family']}); {found['pruned']} were stopped early."
    )
    if found["still_to_gain"] > 0:
        return f"{start} The rest of the search lowers it by {found['still_to_gain']:.4f} more."
    return f"{start} Nothing after it was better."
