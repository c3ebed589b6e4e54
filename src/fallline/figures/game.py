"""Figures of a game: both players on the plane, what they lose, what is covered, how far it is, and how much turns."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, Bars, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.game_map import game_flow, game_map, slow_frames
from fallline.figures.wording import number


def game_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the plane with both players, the flow of one round, and the curves beside them."""
    return (game_map(part), game_flow(part), _modes(part), _distance(part), _turning(part), _losses(part))


def _now(part: dict[str, Any]) -> tuple[tuple[Mark, ...], ...]:
    """For each step of the player, where the round is that it shows."""
    return tuple((Rule(float(part["moments"][at]["round"]), "x", "muted"),) for at in _shown(part))


def _shown(part: dict[str, Any]) -> list[int]:
    """The moment that each step of the player shows."""
    if part["slow"]:
        return [frame.after for frame in slow_frames(part)]
    return list(range(len(part["moments"])))


def _rounds(part: dict[str, Any]) -> Axis:
    first = part["moments"][0]["round"] if part["slow"] else 0
    return Axis("round", low=float(min(first, part["rounds"] - 1)), high=float(max(part["rounds"], 1)))


def _modes(part: dict[str, Any]) -> Figure:
    moments, end = part["moments"], part["end"]
    names = tuple(str(place + 1) for place in range(end["of"]))
    at = tuple(float(place) for place in range(end["of"]))
    fair = 1.0 / end["of"]
    bars = [
        (Bars(at, tuple(round(share, 2) for share in moments[i]["coverage"]["shares"]), "accent"),)
        for i in _shown(part)
    ]
    rows = tuple((moment["round"], *moment["coverage"]["shares"]) for moment in moments)
    return Figure(
        id="game-modes",
        title="Share of made points near each piece",
        x=Axis("piece", scale="category", categories=names),
        y=Axis("share", low=0.0, high=max(2.5 * fair, *(max(m["coverage"]["shares"]) for m in moments))),
        marks=(Rule(fair, "y", "good", "even"),),
        alt=f"At the end {end['hit']} of {end['of']} pieces are hit, {end['good']:.0%} of the points are near one.",
        table=DataTable(("round", *(f"piece {name}" for name in names)), rows),
        aspect=1.8,
        steps=len(bars) - 1,
        frames=tuple(bars),
    )


def _distance(part: dict[str, Any]) -> Figure:
    moments = part["moments"]
    rounds = tuple(float(each["round"]) for each in moments)
    values = tuple(each["distance"]["value"] for each in moments)
    errors = tuple(2.0 * each["distance"]["error"] for each in moments)
    ends = tuple(zip(values, errors, strict=True))
    frames = _now(part)
    rows = tuple((each["round"], each["distance"]["value"], each["distance"]["error"]) for each in moments)
    return Figure(
        id="game-distance",
        title="Energy distance to the source, 512 points, two errors",
        x=_rounds(part),
        y=Axis("distance", low=min(0.0, *(v - e for v, e in ends)), high=max(0.05, *(v + e for v, e in ends))),
        marks=(
            Rule(0.0, "y", "good", "perfect"),
            Band(rounds, tuple(v - e for v, e in ends), tuple(v + e for v, e in ends), "accent"),
            Line(rounds, values, "accent"),
        ),
        alt=f"The energy distance goes from {number(values[0])} to {number(values[-1])}; a perfect generator has 0.",
        table=DataTable(("round", "energy distance", "standard error"), rows),
        aspect=1.8,
        steps=len(frames) - 1,
        frames=frames,
    )


def _turning(part: dict[str, Any]) -> Figure:
    turned = part["rotation"]
    rounds, shares = tuple(float(each["round"]) for each in turned), tuple(each["share"] for each in turned)
    errors = tuple(each["error"] for each in turned)
    rows = tuple((each["round"], each["share"], each["error"]) for each in turned)
    frames = _now(part)
    return Figure(
        id="game-turning",
        title="How much of the field turns",
        x=_rounds(part),
        y=Axis("share of |J|²", low=-0.02, high=1.02),
        marks=(
            Rule(1.0, "y", "muted", "xy: all of it"),
            Line(rounds, shares, "link"),
            Points(rounds, shares, "link", size=3, y_error=errors),
        ),
        alt=f"The turning share of the game's Jacobian goes from {number(shares[0], 2)} to {number(shares[-1], 2)}.",
        table=DataTable(("round", "turning share", "standard error"), rows),
        aspect=1.8,
        steps=len(frames) - 1,
        frames=frames,
    )


def _losses(part: dict[str, Any]) -> Figure:
    losses = part["losses"]
    rounds = tuple(float(each) for each in losses["round"])
    lines = tuple(
        Line(rounds, tuple(losses[name]), role, name.upper()) for name, role in (("d", "link"), ("g", "accent"))
    )
    known = [value for name in ("d", "g") for value in losses[name] if value is not None]
    frames = _now(part)
    rows = tuple(zip(losses["round"], losses["d"], losses["g"], strict=True))
    told = f"D's ends at {number(losses['d'][-1])}, G's at {number(losses['g'][-1])}." if known else "None was played."
    return Figure(
        id="game-losses",
        title="What each player loses",
        x=_rounds(part),
        y=Axis("loss", low=min([0.0, *known]), high=max([1.0, *known])),
        marks=lines if known else (),
        alt=f"Losses of both players by round, read on other points than they train on. {told}",
        table=DataTable(("round", "D", "G"), rows or ((0, None, None),)),
        aspect=1.8,
        steps=len(frames) - 1,
        frames=frames,
    )
