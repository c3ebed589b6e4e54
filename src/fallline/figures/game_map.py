"""The plane on which two players meet, moment by moment or one stage at a time, and the flow of a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Graph, Line, Mark, Points, Text
from fallline.figures.wording import number

WIDE = 1.8
STAGES = (
    "noise is drawn",
    "G makes points",
    "D looks at both",
    "D steps",
    "D's slope at made points",
    "G steps along it",
)
NODES = ("noise z", "G", "made points", "D", "losses", "gradients")
PLACES = ((0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 1.0), (4.0, 1.0), (4.0, 0.0))
EDGES = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 1))
LIT = ((0,), (1, 2), (2, 3), (4, 3), (5, 2), (5, 1))
"""Which nodes each stage is about."""


@dataclass(frozen=True)
class SlowFrame:
    """One stage of one round.

    Attributes:
        before: number of the moment before the round.
        stage: from 0.
        after: number of the moment whose round is shown.
    """

    before: int
    stage: int
    after: int


def slow_frames(part: dict[str, Any]) -> list[SlowFrame]:
    """Returns the stages of the last rounds in order; the one moment there is, where no round was played."""
    rounds = len(part["moments"]) - 1
    frames = [
        SlowFrame(at, stage, at + (stage == len(STAGES) - 1)) for at in range(rounds) for stage in range(len(STAGES))
    ]
    return frames or [SlowFrame(0, 2, 0)]


def game_map(part: dict[str, Any]) -> Figure:
    """Returns the plane: what D believes as colours, real points, made ones, G's map as a grid, D's slope as arrows."""
    moments = part["moments"]
    if part["slow"]:
        frames = tuple(_stage(part, frame) for frame in slow_frames(part))
    else:
        frames = tuple((_belief(each), _real(part), *_map(each), _made(each), *_arrows(each)) for each in moments)
    own = tuple(
        Points((x,), (y,), "ink", size=6, hollow=True, handle=f"p{place + 1}")
        for place, (x, y) in enumerate(part.get("own", ()))
    )
    end = part["end"]
    rows = tuple((each["round"], *point) for each in moments for point in each["made"])
    return Figure(
        id="game-map",
        title=f"{part['title'][:1].upper()}{part['title'][1:]}: real points blue, made ones orange",
        x=Axis("x", low=-WIDE, high=WIDE),
        y=Axis("y", low=-WIDE, high=WIDE),
        marks=own,
        alt=f"Real and made points after {part['rounds']} rounds: {end['hit']} of {end['of']} pieces are hit, the "
        f"energy distance is {number(end['distance']['value'])}. Colours show where D believes points to be real.",
        table=DataTable(("round", "x", "y"), rows),
        aspect=1.15,
        steps=len(frames) - 1,
        equal=True,
        frames=frames,
        moments=() if part["slow"] else tuple(f"round {each['round']} of {part['rounds']}" for each in moments),
    )


def _stage(part: dict[str, Any], frame: SlowFrame) -> tuple[Mark, ...]:
    old = part["moments"][frame.before]
    new = part["moments"][min(frame.before + 1, len(part["moments"]) - 1)]
    words = _words(f"round {new['round']}: {STAGES[frame.stage]}")
    marks: dict[int, tuple[Mark, ...]] = {
        0: (_belief(old),),
        1: (_belief(old), *_map(old), _made(old)),
        2: (_belief(old), _real(part), _made(old)),
        3: (_belief(new), _real(part), _made(old)),
        4: (_belief(new), _made(old), *_arrows({**old, "pull": old["pull_after"]})),
        5: (_belief(new), _real(part), *_map(new), _made(new)),
    }
    return (*marks[frame.stage], words)


def _words(text: str) -> Text:
    return Text(-WIDE + 0.1, WIDE - 0.15, text)


def _belief(moment: dict[str, Any]) -> Field:
    """Blue where D takes points for real, orange where for made, paper where it cannot tell."""
    ends = (-WIDE, WIDE)
    side = round(len(moment["belief"]) ** 0.5)
    return Field(ends, ends, side, side, (), palette="quiet", label="D: real – made", frames=(moment["belief"],))


def _real(part: dict[str, Any]) -> Points:
    return Points(*_columns(part["real"]), "link", size=3.0)


def _made(moment: dict[str, Any]) -> Points:
    return Points(*_columns(moment["made"]), "test", size=3.0)


def _map(moment: dict[str, Any]) -> tuple[Line, ...]:
    """G's map: the images of lines between which the same share of the noise lies; dense where they are close."""
    x: list[float | None] = []
    y: list[float | None] = []
    for line in moment["lines"]:
        across, up = _columns(line)
        x += [*across, None]
        y += [*up, None]
    return (Line(tuple(x), tuple(y), "baseline"),)


def _arrows(moment: dict[str, Any]) -> tuple[Mark, ...]:
    """From some of the made points the way that lowers G's loss; a dot at its head."""
    pairs = list(zip(moment["made"], moment["pull"], strict=False))
    x: list[float | None] = []
    y: list[float | None] = []
    for (at_x, at_y), (by_x, by_y) in pairs:
        x += [at_x, round(at_x + by_x, 3), None]
        y += [at_y, round(at_y + by_y, 3), None]
    heads = [tuple(each for each in places[1::3] if each is not None) for places in (x, y)]
    return (Line(tuple(x), tuple(y), "ink"), Points(heads[0], heads[1], "ink", size=2.0))


def _columns(points: list[list[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(point[0] for point in points), tuple(point[1] for point in points)


def game_flow(part: dict[str, Any]) -> Figure:
    """Returns what flows where in a round; in slow motion the stage is lit, with its numbers in words."""
    frames: tuple[tuple[Mark, ...], ...] = ()
    if part["slow"]:
        frames = tuple(
            (
                Points(*_columns([list(PLACES[node]) for node in LIT[frame.stage]]), "accent", size=9, hollow=True),
                Text(0.0, 0.0, STAGES[frame.stage]),
            )
            for frame in slow_frames(part)
        )
    losses = part["losses"]
    said = ""
    if losses["d"] and losses["d"][-1] is not None and losses["g"][-1] is not None:
        said = f" At the last reading D loses {number(losses['d'][-1])}, G {number(losses['g'][-1])}."
    graph = Graph(*_columns([list(place) for place in PLACES]), NODES, EDGES, "ink")
    return Figure(
        id="game-flow",
        title="What flows where in a round",
        x=Axis("", scale="category", categories=("from", "by", "what", "by", "gives")),
        y=Axis("", scale="category", categories=("back", "forth")),
        marks=(graph,),
        alt=f"Noise goes through G and becomes points; D judges them beside real ones; losses give gradients.{said}",
        table=DataTable(("from", "to"), tuple((NODES[a], NODES[b]) for a, b in EDGES)),
        aspect=2.6,
        steps=max(len(frames) - 1, 0),
        frames=frames,
    )
