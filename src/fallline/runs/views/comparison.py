"""View ``comparison``: two Records side by side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fallline.runs.comparison import compare
from fallline.runs.record import Record
from fallline.runs.spec.views import ComparisonViewSpec
from fallline.runs.stage import Context, Output

ROWS = 400
"""Differences listed at most; the rest is counted."""


def comparison(context: Context) -> Output:
    """Compares what was asked and what came out."""
    spec = context.spec
    assert isinstance(spec, ComparisonViewSpec)  # noqa: S101 - only this kind has this stage
    first, second = context.read_record(spec.first), context.read_record(spec.second)
    part = compare(first, second, only_differences=spec.only_differences)
    part["rows"] = part["rows"][:ROWS]
    part["names"] = [first.title, second.title]
    part["histories"] = [_history(record) for record in (first, second)]
    part["losses"] = [_loss(record) for record in (first, second)]
    part["profits"] = [_profit(record) for record in (first, second)]
    part["bests"] = [history[-1] if history else None for history in part["histories"]]
    part["trials"] = [len(record.result.get("tune", {}).get("trials", [])) for record in (first, second)]
    part["fits"] = [record.result.get("tune", {}).get("fits") for record in (first, second)]
    part["apart"] = None if None in part["bests"] else abs(part["bests"][0] - part["bests"][1])
    part["same"] = first.key == second.key
    part["paired"] = _paired(first, second)
    return Output(part)


def _paired(first: Record, second: Record) -> dict[str, Any] | None:
    """Test log loss of the first less that of the second, row by row, with a 95 % interval by the normal law.

    None where they were not tested on the same rows: then only the two intervals can be laid side by side.
    """
    tests = [record.result.get("check", {}).get("test") for record in (first, second)]
    if None in tests or tests[0]["rows"] != tests[1]["rows"] or tests[0]["y"] != tests[1]["y"]:
        return None
    one, other = (_row_losses(test) for test in tests)
    difference = one - other
    error = float(difference.std(ddof=1)) / math.sqrt(len(difference))
    mean = float(difference.mean())
    low, high = mean - 1.96 * error, mean + 1.96 * error
    return {"estimate": mean, "gain": -mean, "low": low, "high": high, "told_apart": not low <= 0.0 <= high}


def _row_losses(test: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    y, p = np.array(test["y"]), np.clip(np.array(test["p"]), 1e-12, 1 - 1e-12)
    losses: np.ndarray[Any, np.dtype[np.float64]] = -np.where(y == 1, np.log(p), np.log1p(-p))
    return losses


def _history(record: Record) -> list[float]:
    """The best so far after each trial."""
    best: list[float] = []
    for trial in record.result.get("tune", {}).get("trials", []):
        value = trial["value"] if trial["state"] == "complete" else float("inf")
        best.append(min([value, *best[-1:]]))
    return [value for value in best if value < float("inf")]


def _loss(record: Record) -> dict[str, Any] | None:
    found: dict[str, Any] | None = record.result.get("check", {}).get("metrics", {}).get("log_loss")
    return found


def _profit(record: Record) -> dict[str, Any] | None:
    found: dict[str, Any] | None = record.result.get("decide", {}).get("profit")
    return found
