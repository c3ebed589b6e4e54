"""The tables of the race's page, as rows of plain text and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fallline.figures.wording import number


@dataclass(frozen=True)
class Cell:
    """One workload's steps of one optimizer; ``best`` where none is sooner, ``tied`` where its loss is not beaten."""

    text: str
    best: bool
    tied: bool


def overview(part: dict[str, Any], lane: str) -> list[tuple[str, str, list[Cell]]]:
    """Returns, per workload, its key, its title and the median steps to the target of each optimizer of the lane."""
    names = list(part["profiles"][lane])
    order = [name for name in part["order"]["optimizers"] if name in names]
    rows = []
    for key in part["order"]["workloads"]:
        workload = part["workloads"][key]
        entries = workload["entries"].get(lane)
        if entries is None:
            continue
        winners = workload["winners"][lane]
        lowest = {winners["lowest"], *winners["tied"]}
        soonest = None if winners["soonest"] is None else entries[winners["soonest"]]["steps_quartiles"]["median"]
        cells = []
        for name in order:
            steps = entries[name]["steps_quartiles"]["median"] if name in entries else None
            text = "–" if steps is None else number(steps)
            cells.append(Cell(text, best=steps is not None and steps == soonest, tied=name in lowest))
        rows.append((key, workload["title"], cells))
    return rows


def entry_rows(part: dict[str, Any], workload: str, lane: str, observed: dict[str, Any]) -> list[dict[str, str]]:
    """Returns what is known of each optimizer on a workload, the lowest median loss first."""
    raced, seconds = part["workloads"][workload], observed.get("run_seconds", {})
    entries = raced["entries"][lane]
    ranked = sorted(entries, key=lambda name: _last(entries[name]["best_quartiles"]["median"]))
    rows = []
    for name in ranked:
        entry, state = entries[name], part["state"][lane][name]
        took, steps = seconds.get(f"{workload}/{lane}/{name}"), entry["steps_quartiles"]["median"]
        per_step = None if took is None else took / raced["steps"]
        work = None if state["flops"] is None else raced["flops"] + state["flops"] * raced["weights"]
        good = entry["good_rates"]
        rows.append(
            {
                "title": part["optimizers"][name],
                "rate": number(entry["rate"]),
                "edge": {"low": "lowest tried", "high": "highest tried", "": ""}[entry["edge"]],
                "good": "–" if good["low"] is None else f"{good['decades']:.1f}",
                "best": number(entry["best_quartiles"]["median"]),
                "spread": f"{number(entry['best_quartiles']['low'])} to {number(entry['best_quartiles']['high'])}",
                "last": number(entry["last_quartiles"]["median"]),
                "steps": "–" if steps is None else number(steps),
                "reached": f"{entry['reached']} of {part['seeds']}",
                "time": "–" if per_step is None or steps is None else f"{number(1000 * per_step * steps, 2)} ms",
                "bytes": number(state["bytes"], 2),
                "flops": "–" if work is None else number(work),
            }
        )
    return rows


def pair_rows(part: dict[str, Any], workload: str, lane: str) -> list[dict[str, str]]:
    """Returns every pair of optimizers as text, those told apart first."""
    titles = part["optimizers"]
    pairs = sorted(part["workloads"][workload]["pairs"][lane], key=lambda pair: (not pair["apart"], pair["adjusted"]))
    rows = []
    for pair in pairs:
        first, second = titles[pair["first"]], titles[pair["second"]]
        verdict = "cannot be told apart" if not pair["apart"] else f"{titles[pair['better']]} ends lower"
        ahead = f"{pair['ahead']} to {pair['behind']}"
        rows.append(
            {"first": first, "second": second, "ahead": ahead, "p": number(pair["p"], 2),
             "adjusted": number(pair["adjusted"], 2), "verdict": verdict}
        )  # fmt: skip
    return rows


def _last(value: float | None) -> float:
    return float("inf") if value is None else value
