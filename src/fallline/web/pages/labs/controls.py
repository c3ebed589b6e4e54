"""Controls: what the page needs to draw each knob, for the options chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from fallline.course.formula import Mistake
from fallline.course.knob import Knob, Option, Value, in_query
from fallline.course.lab import Lab
from fallline.figures.roles import ROLES


@dataclass(frozen=True)
class Control:
    """One knob as the page draws it.

    Attributes:
        knob: the knob.
        text: its value as in the query string.
        parts: x and y of a point, the heights of a curve; else its one text.
        stops: its grid as texts, one list per axis; empty for a choice or toggle.
        role: the colour it stands for, where its id is a role; empty otherwise.
        moves: knobs that take another start or range when this one changes.
        idle: it does not count under the options chosen, and is not shown.
        mistake: what is wrong with the text that was typed.
    """

    knob: Knob
    text: str
    parts: tuple[str, ...]
    stops: tuple[tuple[str, ...], ...]
    role: str
    moves: tuple[str, ...]
    idle: bool = False
    mistake: Mistake | None = None

    @property
    def option_groups(self) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        """The options of a choice by their groups, in order."""
        return tuple((name, tuple(each)) for name, each in groupby(self.knob.options, key=lambda one: one.group))


@dataclass(frozen=True)
class Group:
    """Controls that stand together."""

    name: str
    controls: tuple[Control, ...]


def controls(
    lab: Lab, values: Mapping[str, Value], mistakes: Mapping[str, Mistake] = MappingProxyType({})
) -> tuple[Control, ...]:
    """Returns the controls of a lab in its order."""
    return tuple(control(lab, knob, values, mistakes.get(knob.id)) for knob in lab.knobs)


def control(lab: Lab, knob: Knob, values: Mapping[str, Value], mistake: Mistake | None = None) -> Control:
    """Returns one control."""
    numeric = knob.widget in ("slider", "number", "point", "curve")
    stops = tuple(tuple(map(in_query, axis)) for axis in lab.grid(knob.id, values)) if numeric else ()
    moves = dict.fromkeys(name for option in knob.options for name in (*option.set, *option.bounds))
    role = knob.id if knob.id in ROLES else ""
    text = mistake.text if mistake else in_query(values[knob.id])
    parts = tuple(text.split(",")) if knob.parts else (text,)
    idle = not lab.panel.counts(knob, values)
    return Control(knob, text, parts, stops, role, tuple(moves), idle, mistake)


def grouped(made: Iterable[Control], *, more: bool) -> tuple[Group, ...]:
    """Returns the groups of the controls that are shown at once, or of those behind "more"."""
    wanted = [each for each in made if each.knob.more == more]
    order = list(dict.fromkeys(each.knob.group for each in wanted))
    wanted.sort(key=lambda each: order.index(each.knob.group))
    return tuple(Group(name, tuple(each)) for name, each in groupby(wanted, key=lambda each: each.knob.group))


def grids(lab: Lab, values: Mapping[str, Value]) -> dict[str, list[list[str]]]:
    """Returns knob → its grid as texts, for the script."""
    return {each.knob.id: [list(axis) for axis in each.stops] for each in controls(lab, values) if each.stops}
