"""View ``comparison``: two Records side by side."""

from __future__ import annotations

from typing import Any

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
    return Output(part)


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
