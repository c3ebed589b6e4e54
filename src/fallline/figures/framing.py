"""Figures of framing: the models by fairness and by time, and who wins for every goal."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Mark, Points, Regions, Rule, Text

FAMILIES = ("logistic", "boosting", "mlp", "forest", "neighbours")
ACROSS = {"gap": Axis("gap between the groups' denials", low=0.0), "latency_ms": Axis("a decision takes", "ms", "log")}


def framing_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the models by gap, by time, and the map of goals."""
    return (_models(part, "gap"), _models(part, "latency_ms"), _map(part))


def _models(part: dict[str, Any], key: str) -> Figure:
    limits = part["mode"] == "limits"
    marks: list[Mark] = []
    if limits:
        marks.append(Rule(part[key], "x", "bad", "limit", handle=key, half="above"))
    for family in FAMILIES:
        mine = [model for model in part["models"] if model["family"] == family]
        for keeps in (False, True):
            some = [model for model in mine if (model["keeps"] or not limits) == keeps]
            if some:
                marks.append(_dots(some, key, family if keeps else "muted", hollow=not keeps))
    marks += _rings(part, key)
    shown = "fairness" if key == "gap" else "time"
    columns = ("model", "balanced accuracy", "ms", "gap", "keeps both limits")
    rows = tuple(
        (m["name"], m["accuracy"], m["latency_ms"], m["gap"], "yes" if m["keeps"] else "no") for m in part["models"]
    )
    winner = part["winner"]
    told = f"{winner['name']} wins with {winner['accuracy']:.3f}." if winner else "No model keeps both limits."
    return Figure(
        id="framing-fairness" if key == "gap" else "framing-time",
        title=f"The same {part['count']} models: accuracy and {shown}",
        x=ACROSS[key],
        y=Axis("balanced accuracy"),
        marks=tuple(marks),
        alt=f"Balanced accuracy against {ACROSS[key].label} of {part['count']} models. {told}",
        table=DataTable(columns, rows),
        aspect=1.35,
    )


def _dots(models: list[dict[str, Any]], key: str, role: str, *, hollow: bool) -> Points:
    names = tuple(f"{m['name']}: {m['accuracy']:.3f}, {m['latency_ms']:.2g} ms, gap {m['gap']:.2g}" for m in models)
    places = tuple(m[key] for m in models), tuple(m["accuracy"] for m in models)
    return Points(*places, role, names=names, size=4, hollow=hollow)


def _rings(part: dict[str, Any], key: str) -> list[Mark]:
    """The winner, ringed, and the most accurate, where that is another."""
    winner, best = part["winner"], part["best"]
    found: list[Mark] = []
    if winner is None or best["number"] != winner["number"]:
        found.append(Points((best[key],), (best["accuracy"],), "ink", "most accurate", size=8, hollow=True))
    if winner is not None:
        found.append(Points((winner[key],), (winner["accuracy"],), "accent", "wins", size=8))
    return found


def _map(part: dict[str, Any]) -> Figure:
    map_, limits = part["map"], part["mode"] == "limits"
    seats, models = map_["seats"], part["models"]
    across, up = tuple(map_["x"]), tuple(map_["y"])
    names = (*(f"{seat['letter']}: {models[seat['number']]['name']}" for seat in seats), "another model")
    roles = (*(f"basin-{place + 1}" for place in range(len(seats))), "muted")
    marks: list[Mark] = [Regions(across, up, map_["side"], map_["side"], map_["cells"], roles, names)]
    marks += [Text(seat["at"][0], seat["at"][1], seat["letter"], align="middle") for seat in seats]
    here = (part["latency_ms"], part["gap"]) if limits else (part["price_ms"], part["price_gap"])
    place = (min(max(here[0], across[0]), across[1]),), (min(max(here[1], up[0]), up[1]),)
    marks.append(Points(*place, "accent", "your goal", size=6))
    rows = tuple((seat["letter"], models[seat["number"]]["name"], seat["share"]) for seat in seats)
    goals = "pairs of limits" if limits else "pairs of prices"
    return Figure(
        id="framing-map",
        title="Who wins, for every goal",
        x=Axis("limit on time" if limits else "price of a ms", "ms" if limits else "points", "log"),
        y=Axis("limit on the gap" if limits else "price of a gap of 0.1", "" if limits else "points"),
        marks=tuple(marks),
        alt=f"Map of {goals}: {map_['winners']} different models win somewhere. "
        + "; ".join(f"{letter}: {name}, {share:.0%} of the map" for letter, name, share in rows)
        + ".",
        table=DataTable(("letter", "model", "share of the map"), rows),
        aspect=1.25,
    )
