"""Figures nobody means to draw, which every renderer has to survive."""

from __future__ import annotations

import math
from collections.abc import Callable

from fallline.figures import Axis, Band, Bars, DataTable, Field, Figure, Graph, Line, Points, Regions, Rule, Text
from fallline.figures.figure import Mark

NOTHING = DataTable(("x", "y"), ())


def figure(*marks: Mark, x: Axis | None = None, y: Axis | None = None, name: str = "hostile") -> Figure:
    """A figure of some marks on plain axes."""
    return Figure(name, "A title", x or Axis("across"), y or Axis("up"), marks, "Told.", NOTHING)


LOG = Axis("up", scale="log")
GROUPS = Axis("", scale="category", categories=("a", "b"))

HOSTILE: dict[str, Callable[[], Figure]] = {
    "nothing": figure,
    "empty": lambda: figure(
        Line((), (), "gd", "GD", trail=True),
        Band((), (), (), "gd", "b"),
        Points((), (), "gd", "p"),
        Bars((), (), "gd", "b"),
    ),
    "regions-short": lambda: figure(Regions((0.0, 1.0), (0.0, 1.0), 4, 4, "abc", ("gd", "adam"), ("one", "two"))),
    "regions-unnamed": lambda: figure(Regions((0.0, 1.0), (0.0, 1.0), 2, 2, "abz.", ("gd", "adam"), ("one", "two"))),
    "regions-alone": lambda: figure(
        Regions((0.1, 10.0), (1.0, 2.0), 2, 2, "ab.a", ("gd", "<role>"), ("<one>", "two")),
        x=Axis("across", scale="log"),
    ),
    "one-point": lambda: figure(Line((3.0,), (4.0,), "adam", "Adam", trail=True, fill=True)),
    "all-equal": lambda: figure(Line((1.0, 1.0, 1.0), (7.0, 7.0, 7.0), "gd", "same")),
    "all-zero": lambda: figure(Points((0.0, 0.0), (0.0, 0.0), "gd", "zero")),
    "gaps": lambda: figure(Line((None, 1.0, 2.0, None, 4.0), (1.0, None, 2.0, 3.0, 4.0), "gd", "gaps", step=True)),
    "all-gaps": lambda: figure(Line((None, None), (None, None), "gd", "none", trail=True)),
    "not-finite": lambda: figure(Line((0.0, 1.0, 2.0), (math.nan, math.inf, 1.0), "gd", "inf")),
    "wide": lambda: figure(Line((0.0, 1.0), (1e-300, 1e300), "gd", "wide")),
    "wide-signed": lambda: figure(Points((-1e300, 1e300), (-1e300, 1e300), "gd", "wide")),
    "wide-log": lambda: figure(Line((0.0, 1.0), (1e-300, 1e300), "gd", "wide"), y=LOG),
    "tiny": lambda: figure(Line((0.0, 1.0), (1e-300, 2e-300), "gd", "tiny")),
    "close": lambda: figure(Line((0.0, 1.0), (1e15, 1e15 + 3), "gd", "close")),
    "below-zero-log": lambda: figure(Line((0.0, 1.0, 2.0), (-1.0, 0.0, 5.0), "gd", "mixed"), y=LOG),
    "all-below-zero-log": lambda: figure(Line((0.0, 1.0), (-1.0, 0.0), "gd", "none"), y=LOG),
    "log-bars": lambda: figure(Bars((0.0, 1.0), (5.0, 500.0), "gd"), x=GROUPS, y=LOG),
    "backwards": lambda: figure(Line((0.0, 1.0), (0.0, 1.0), "gd"), y=Axis("up", low=5, high=-5)),
    "shut": lambda: figure(Line((0.0, 1.0), (0.0, 1.0), "gd"), y=Axis("up", low=2, high=2)),
    "off-sheet": lambda: figure(
        Line((0.0, 1.0, 2.0), (0.0, 1e30, -1e30), "gd", "away", trail=True),
        Rule(99.0, "y", "bad", "unseen"),
        x=Axis("across", low=0, high=2),
        y=Axis("up", low=0, high=1),
    ),
    "markup": lambda: Figure(
        'a"<b>&',
        "<script>alert('1')</script> & \x00\x07",
        Axis('"x" <', unit="&"),
        Axis("]]>"),
        (
            Text(0.0, 0.0, "</text><script>"),
            Points((1.0,), (1.0,), "<role>", "'\"", names=("<b>",), links=("javascript:1",)),
        ),
        "</desc>",
        DataTable(("<th>",), (("=1+1",), ('a,"b"\n',))),
    ),
    "long-words": lambda: figure(
        Line((0.0, 1.0), (0.0, 1.0), "gd", "an optimizer whose name goes on and on and on without end"),
        Bars((0.0, 1.0), (1.0, 2.0), "gd"),
        x=Axis(
            "",
            scale="category",
            categories=("Donaudampfschifffahrtsgesellschaftskapitän", "一个非常长的类别名称在这里"),
        ),
    ),
    "crowd": lambda: figure(*(Line((0.0, 1.0), (0.0, 1.0 + i * 1e-4), "gd", f"line {i}") for i in range(40))),
    "empty-field": lambda: figure(Field((0.0, 1.0), (0.0, 1.0), 9, 9, (), key="elsewhere")),
    "flat-field": lambda: figure(Field((0.0, 1.0), (0.0, 1.0), 3, 3, (2.0,) * 9, log=True)),
    "holes": lambda: figure(
        Field((0.0, 1.0), (0.0, 1.0), 3, 2, (None, 1.0, math.nan, math.inf, 2.0, 3.0), palette="viridis")
    ),
    "no-values": lambda: figure(Field((0.0, 1.0), (0.0, 1.0), 2, 2, (None,) * 4, palette="diverging")),
    "wide-field": lambda: figure(Field((0.0, 1.0), (0.0, 1.0), 2, 2, (-1e300, 0.0, 1.0, 1e300), palette="cividis")),
    "one-node": lambda: figure(Graph((0.0,), (0.0,), ("alone",), ((0, 0), (0, 7)), "gd"), x=Axis(""), y=Axis("")),
    "no-names": lambda: figure(
        Graph((0.0, 1.0), (0.0, 0.0), ("", ""), ((0, 1),), "gd", (0.0,)), x=Axis(""), y=Axis("")
    ),
    "no-categories": lambda: figure(Bars((0.0,), (1.0,), "gd"), x=Axis("group", scale="category")),
    "no-words": lambda: Figure("", "", Axis(""), Axis(""), (), "", DataTable((), ())),
    "unlike-lengths": lambda: figure(
        Line((0.0, 1.0, 2.0), (1.0,), "gd", "short"),
        Points((0.0, 1.0), (1.0, 2.0), "gd", y_error=(0.1,)),
        Bars((0.0, 1.0), (1.0, 2.0), "gd", roles=("adam",), low=(0.5,), high=(1.5,), starts=(0.2,)),
    ),
}
"""Name → how the figure is made."""
