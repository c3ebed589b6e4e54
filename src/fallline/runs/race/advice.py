"""Advice: sentences computed from the table, each saying no more than the numbers behind it."""

from __future__ import annotations

import math
from typing import Any

from fallline.engine.descent.wording import number
from fallline.runs.race.wording import listed, per_cent

FAMOUS = ("adam", "adamw")
"""What most people take without asking."""


def advise(part: dict[str, Any]) -> None:
    """Adds to each workload and to the whole what can be said of them."""
    for workload in part["workloads"].values():
        workload["winners"] = {lane: _winners(workload, lane) for lane in workload["entries"]}
        workload["advice"] = {lane: _workload(part, workload, lane) for lane in workload["entries"]}
        workload["formulas"] = _formulas(part, workload)
    part["advice"] = {lane: _overall(part, lane) for lane in part["lanes"]}
    first = next(iter(part["lanes"]))
    part["sentence"] = " ".join(part["advice"][first][:2])


def _winners(workload: dict[str, Any], lane: str) -> dict[str, Any]:
    """Who has the lowest median loss, who cannot be told apart from it, and who is soonest at the target."""
    entries = workload["entries"][lane]
    ranked = sorted(entries, key=lambda name: _or_infinite(entries[name]["best_quartiles"]["median"]))
    lowest = ranked[0]
    if entries[lowest]["best_quartiles"]["median"] is None:
        return {"lowest": None, "tied": [], "soonest": None}
    tied = [
        pair["second"] if pair["first"] == lowest else pair["first"]
        for pair in workload["pairs"][lane]
        if lowest in {pair["first"], pair["second"]} and not pair["apart"]
    ]
    reached = [name for name in entries if entries[name]["steps_quartiles"]["median"] is not None]
    soonest = min(reached, key=lambda name: entries[name]["steps_quartiles"]["median"], default=None)
    return {"lowest": lowest, "tied": sorted(tied, key=ranked.index), "soonest": soonest}


def _workload(part: dict[str, Any], workload: dict[str, Any], lane: str) -> list[str]:
    entries, winners = workload["entries"][lane], workload["winners"][lane]
    if winners["lowest"] is None:
        return ["Every optimizer broke off on half of the seeds or more: try smaller rates."]
    say = [_best(part, workload, lane), *_soonest(part, workload, lane), *_famous(part, workload, lane)]
    edges = [part["optimizers"][name] for name, entry in entries.items() if entry["edge"]]
    if edges:
        does = "does" if len(edges) == 1 else "do"
        say.append(f"{listed(edges)} {does} best at the end of the rates tried, and may do better beyond it.")
    worse = [name for name, entry in entries.items() if _rises(entry)]
    if worse:
        names = listed([part["optimizers"][name] for name in worse])
        say.append(f"{names} ended a tenth or more above the lowest loss on the way: stop early, or let the rate fall.")
    broke = {name: entry["broke_off"] for name, entry in entries.items() if entry["broke_off"]}
    if broke:
        told = listed([f"{part['optimizers'][name]} on {count}" for name, count in broke.items()])
        say.append(f"Broke off: {told} of {part['seeds']} seeds.")
    return say


def _best(part: dict[str, Any], workload: dict[str, Any], lane: str) -> str:
    entries, winners, titles = workload["entries"][lane], workload["winners"][lane], part["optimizers"]
    entry = entries[winners["lowest"]]
    begin = f"{titles[winners['lowest']]} at rate {number(entry['rate'])} has the lowest median loss"
    begin += f", {number(entry['best_quartiles']['median'])}"
    if len(entries) == 1:
        return f"{begin}."
    pairs = len(workload["pairs"][lane])
    if pairs * 0.5 ** (part["seeds"] - 1) >= part["level"]:
        return f"{begin}; {part['seeds']} seeds are too few to tell any of {pairs} pairs apart."
    if len(winners["tied"]) == len(entries) - 1:
        return f"{begin}, but none of the {len(entries)} can be told apart from it on {part['seeds']} seeds."
    if winners["tied"]:
        names = listed([titles[name] for name in winners["tied"]])
        return f"{begin}; {names} cannot be told apart from it on {part['seeds']} seeds."
    return f"{begin}, and that is beyond luck against every other on {part['seeds']} seeds."


def _soonest(part: dict[str, Any], workload: dict[str, Any], lane: str) -> list[str]:
    winners, titles = workload["winners"][lane], part["optimizers"]
    target, entries = workload["target"]["value"], workload["entries"][lane]
    if target is None:
        return []
    if winners["soonest"] is None:
        return [f"None reaches the target {number(target)} on half of the seeds."]
    steps = entries[winners["soonest"]]["steps_quartiles"]["median"]
    never = [titles[name] for name, entry in entries.items() if entry["steps_quartiles"]["median"] is None]
    say = [f"{titles[winners['soonest']]} is soonest at the target {number(target)}: {steps:.0f} steps in the median."]
    if never and len(never) < len(entries):
        do = "does" if len(never) == 1 else "do"
        say.append(f"{listed(never)} {do} not get there on half of the seeds.")
    return say


def _famous(part: dict[str, Any], workload: dict[str, Any], lane: str) -> list[str]:
    """Where a famous optimizer does not help: it loses to, or cannot be told apart from, one that remembers less."""
    entries, titles = workload["entries"][lane], part["optimizers"]
    plain = [name for name in ("gd", "momentum", "nesterov") if name in entries]
    say: list[str] = []
    if len(workload["pairs"][lane]) * 0.5 ** (part["seeds"] - 1) >= part["level"]:
        return say
    found: dict[str, list[str]] = {}
    for famous in (name for name in FAMOUS if name in entries):
        facts = {_other(pair, famous): pair for pair in workload["pairs"][lane] if famous in pair.values()}
        ahead = [titles[name] for name in plain if facts[name]["better"] == name]
        level = [titles[name] for name in plain if not facts[name]["apart"]]
        if ahead:
            end = "ends" if len(ahead) == 1 else "end"
            found.setdefault(f"not help here: {listed(ahead)} {end} lower.", []).append(titles[famous])
        elif level:
            told = f"not show their worth here: {listed(level)} cannot be told apart from them."
            found.setdefault(told, []).append(titles[famous])
    for told, who in found.items():
        one = len(who) == 1
        words = told.replace("their worth", "its worth").replace("from them.", "from it.") if one else told
        say.append(f"{listed(who)} {'does' if one else 'do'} {words}")
    return say


def _other(pair: dict[str, Any], name: str) -> str:
    return str(pair["second"] if pair["first"] == name else pair["first"])


def _rises(entry: dict[str, Any]) -> bool:
    best, last = entry["best_quartiles"]["median"], entry["last_quartiles"]["median"]
    return best is not None and last is not None and last - best > 0.1 * abs(best)


def _formulas(part: dict[str, Any], workload: dict[str, Any]) -> list[str]:
    """What the lanes say of one name: where they draw the same curve, and where not, how far apart they come."""
    same = [part["optimizers"][name] for name, found in workload["same"].items() if len(found["groups"]) == 1]
    say = [f"The same curve in every tool, to a ten thousandth of the loss: {listed(same)}."] if same else []
    for name, found in workload["same"].items():
        firsts, *others = [listed([part["lanes"][lane] for lane in group]) for group in found["groups"]]
        for other, far in zip(others, found["apart"][1:], strict=True):
            told = "only one of them breaks off" if far is None else f"up to {per_cent(far)} of the loss apart"
            say.append(
                f"{part['optimizers'][name]} is one thing in {firsts} and another in {other}: "
                f"{told} from the same start at rate {number(found['rate'])}."
            )
    return say


def _overall(part: dict[str, Any], lane: str) -> list[str]:
    profiles, titles = part["profiles"][lane], part["optimizers"]
    if not profiles:
        return [f"{part['lanes'][lane]} has none of these optimizers."]
    ranked = sorted(profiles, key=lambda name: -profiles[name]["score"])
    best, count = ranked[0], len(part["workloads"])
    area, shares = number(profiles[best]["score"]), profiles[best]["shares"]
    say = [
        (
            f"{titles[best]} has the best profile in {part['lanes'][lane]}: soonest at the target on "
            f"{_of(shares[0], count)} workloads, within four times the soonest on {_of(shares[-1], count)}; "
            f"area {area} of 1."
        )
    ]
    lowest: dict[str, int] = {}
    for workload in part["workloads"].values():
        winners = workload["winners"].get(lane)
        for name in [winners["lowest"], *winners["tied"]] if winners and winners["lowest"] else []:
            lowest[name] = lowest.get(name, 0) + 1
    most = max(lowest.values(), default=0)
    often = [titles[name] for name, times in lowest.items() if times == most]
    if most:
        say.append(
            f"Lowest, or not to be told apart from the lowest, most often: {listed(often)}, on {most} of {count}."
        )
    wide = _widest(part, lane)
    if wide is not None:
        name, decades = wide
        say.append(
            f"{titles[name]} forgives most: within a fifth of its best loss over {decades:.1f} decades of rates."
        )
    return say


def _of(share: float, count: int) -> str:
    return f"{round(share * count)} of {count}"


def _widest(part: dict[str, Any], lane: str) -> tuple[str, float] | None:
    """Who is good over the widest range of rates, in the mean over the workloads."""
    spans: dict[str, list[float]] = {}
    for workload in part["workloads"].values():
        for name, entry in workload["entries"].get(lane, {}).items():
            spans.setdefault(name, []).append(entry["good_rates"]["decades"])
    means = {name: sum(values) / len(values) for name, values in spans.items()}
    best = max(means, key=means.__getitem__, default=None)
    return None if best is None or means[best] == 0.0 else (best, means[best])


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value
