"""A panel: the controls of a lab together, from a query string to values and from values to a Spec.

One control may depend on another: an option moves where a knob starts and how far it goes, a knob may count only under
some options, and a formula says how many coordinates a point has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fallline.course.formula import Mistake, mistake_in, variables_in
from fallline.course.knob import (
    Knob,
    Option,
    Range,
    Value,
    flat_query,
    in_query,
    nearest_stop,
    plain_json,
    read_number,
    read_plain,
)
from fallline.course.numbers import mistake_in_numbers, numbers_in
from fallline.course.pasted import table_mistake
from fallline.course.path import MISSING, resolve
from fallline.runs.spec import patch

ORDER = {"choice": 0, "text": 1, "table": 1}
READS = {"formula": mistake_in, "numbers": mistake_in_numbers, "table": table_mistake}
"""What a person types → what says why it cannot be used."""
"""Widgets read first, as they say where the others start and how far they go."""


@dataclass(frozen=True)
class Reading:
    """What a query string says.

    Attributes:
        values: knob → value, each on its grid.
        notes: sentences on what was not understood or was moved.
        mistakes: text knob → what is wrong with what was typed; its value is then the one it starts from.
    """

    values: dict[str, Value]
    notes: tuple[str, ...]
    mistakes: dict[str, Mistake] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """The controls of a lab.

    Attributes:
        knobs: in the order of the lab.
        spec: the tree that they change.
        named: settings that must be possible: the presets, the puzzle's solution.
        one_of: toggles of which at least one is on.
        at_most: how many of them may be on.
    """

    knobs: tuple[Knob, ...]
    spec: dict[str, Any]
    named: tuple[Mapping[str, Value], ...] = ()
    one_of: tuple[str, ...] = ()
    at_most: int = 64

    # From a query string to values.

    def read(self, query: Mapping[str, str]) -> Reading:
        """Reads a query string: clamped, moved onto the grid; what is unknown or bad falls back with a note."""
        values: dict[str, Value] = {}
        notes: list[str] = []
        mistakes: dict[str, Mistake] = {}
        for knob in sorted(self.knobs, key=lambda knob: ORDER.get(knob.widget, 2)):
            start = self.start(knob, values)
            text = flat_query(query, knob)
            if text is None:
                values[knob.id] = start
            elif knob.widget in {"text", "table"}:
                wrong = READS[knob.reads if knob.widget == "text" else knob.widget](text)
                values[knob.id] = text if wrong is None else start
                if wrong is not None and self.counts(knob, values):
                    mistakes[knob.id] = wrong
            else:
                values[knob.id] = self._read_one(knob, text, start, values, notes)
        self._enough(values, notes)
        known = {name for knob in self.knobs for name in (knob.id, *knob.parts)}
        notes += [f"This lab has no knob {name[:24]!r}; it was ignored." for name in query if name not in known][:3]
        return Reading({knob.id: values[knob.id] for knob in self.knobs}, tuple(notes), mistakes)

    def _enough(self, values: dict[str, Value], notes: list[str]) -> None:
        """Switches on one of those of which one must run, and switches off the last of too many."""
        if self.one_of and not any(values[name] for name in self.one_of):
            values[self.one_of[0]] = True
            notes.append(f"One of them must run: {self._knob(self.one_of[0]).name} was switched on.")
        running = [name for name in self.one_of if values[name]]
        for name in running[self.at_most :]:
            values[name] = False
        if len(running) > self.at_most:
            left_out = ", ".join(self._knob(name).name for name in running[self.at_most :])
            notes.append(f"At most {self.at_most} run at once; switched off: {left_out}.")

    def start(self, knob: Knob, chosen: Mapping[str, Value]) -> Value:
        """Returns where a knob stands when nobody has touched it, given the options chosen so far."""
        value: Any = resolve(knob.targets[0], self.spec)
        for option in self._chosen(chosen):
            value = option.set.get(knob.id, value)
        if knob.widget == "text" and isinstance(value, list):
            return ", ".join(f"{part:g}" for part in value)
        if isinstance(value, list | tuple):
            return tuple(float(part) for part in value)[: self._size(knob, chosen)]
        return float(value) if numeric(knob) and not knob.whole else value

    def grid(self, name: str, chosen: Mapping[str, Value]) -> tuple[tuple[float, ...], ...]:
        """Returns the values that a knob can take, one tuple per axis, given the options chosen."""
        knob = self._knob(name)
        anchors = self._anchored[name]
        within = self._within(knob, chosen)
        start = self.start(knob, chosen)
        axes = len(start) if isinstance(start, tuple) else 1
        return tuple(
            knob.grid(within, tuple(anchor[axis] for anchor in anchors if axis < len(anchor)), axis)
            for axis in range(axes)
        )

    def counts(self, knob: Knob, chosen: Mapping[str, Value]) -> bool:
        """Tells whether a knob is shown and written into the Spec, given the options chosen."""
        return all(
            name not in chosen or in_query(chosen[name]) in map(in_query, values) for name, values in knob.only.items()
        )

    # From values to a Spec.

    def tree(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Returns the Spec tree for a state of the knobs; knobs left out stand where they start."""
        full: dict[str, Value] = dict(values)
        for knob in self.knobs:
            full.setdefault(knob.id, self.start(knob, values))
        counting = [knob for knob in self.knobs if self.counts(knob, full)]
        changes = {path: plain_json(_written(knob, full[knob.id])) for knob in counting for path in knob.targets}
        made = patch(self.spec, changes)
        for knob in self.knobs:
            for path in knob.targets:
                if knob not in counting and path not in changes:
                    _leave_out(made, path.split("."))
        return made

    # What depends on what.

    def _knob(self, name: str) -> Knob:
        return next(knob for knob in self.knobs if knob.id == name)

    def _read_one(self, knob: Knob, text: str, start: Value, chosen: Mapping[str, Value], notes: list[str]) -> Value:
        if not numeric(knob):
            plain = read_plain(knob, text)
            if plain is None:
                notes.append(f"{knob.name}: {text[:24]!r} is not one of its values; it stays at {in_query(start)}.")
            return start if plain is None else plain
        axes = self.grid(knob.id, chosen)
        numbers = [read_number(part) for part in text.split(",")]
        if knob.widget == "point" and len(axes) == 1:
            numbers = numbers[:1]  # the second belonged to a surface with two weights
        if len(numbers) != len(axes) or None in numbers:
            notes.append(f"{knob.name}: {text[:24]!r} is not a number; it stays at {in_query(start)}.")
            return start
        asked = [number for number in numbers if number is not None]
        landed = [nearest_stop(number, axis, knob.scale) for number, axis in zip(asked, axes, strict=True)]
        if any(not axis[0] <= number <= axis[-1] for number, axis in zip(asked, axes, strict=True)):
            notes.append(f"{knob.name}: {text[:24]} is out of range; it was moved to {in_query(tuple(landed))}.")
        if knob.parts:
            return tuple(landed)
        return int(landed[0]) if knob.whole else landed[0]

    def _chosen(self, chosen: Mapping[str, Value]) -> list[Option]:
        choices = [knob for knob in self.knobs if knob.widget == "choice" and knob.id in chosen]
        found = (knob.option(chosen[knob.id]) for knob in choices if self.counts(knob, chosen))
        return [option for option in found if option is not None]

    def _within(self, knob: Knob, chosen: Mapping[str, Value]) -> Range | None:
        ranges = [option.bounds[knob.id] for option in self._chosen(chosen) if knob.id in option.bounds]
        return ranges[-1] if ranges else None

    def _size(self, knob: Knob, chosen: Mapping[str, Value]) -> int:
        """How many numbers a knob has: all its parts, or as many as the formula that counts has variables."""
        texts = [
            each for each in self.knobs if each.sizes == knob.id and each.id in chosen and self.counts(each, chosen)
        ]
        return min([len(knob.parts), *(variables_in(str(chosen[each.id])) for each in texts)])

    @cached_property
    def _anchored(self) -> dict[str, list[tuple[float, ...]]]:
        """Knob → values that must be on its grid: the start, the options' starts, the presets, the solution."""
        return {knob.id: self._anchors_of(knob) for knob in self.knobs if numeric(knob)}

    def _anchors_of(self, knob: Knob) -> list[tuple[float, ...]]:
        found: list[Any] = [resolve(knob.targets[0], self.spec)]
        found += [option.set.get(knob.id) for other in self.knobs for option in other.options]
        found += [settings.get(knob.id) for settings in self.named]
        known = [value for value in found if value is not None]
        return [tuple(map(float, value)) if isinstance(value, list | tuple) else (float(value),) for value in known]


def numeric(knob: Knob) -> bool:
    """Tells whether a knob's values are numbers on a grid."""
    return knob.widget in {"slider", "number", "point", "curve"}


def _written(knob: Knob, value: Value) -> Value:
    """What a value puts into the Spec: itself, what its option writes, or the numbers of a list."""
    if knob.widget == "text" and knob.reads == "numbers":
        return numbers_in(str(value))
    option = knob.option(value)
    return value if option is None or option.writes is None else option.writes


def _leave_out(tree: dict[str, Any], path: list[str]) -> None:
    """Takes a place out of a Spec tree, and a table that is empty then."""
    table: Any = tree
    for part in path[:-1]:
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return
    table.pop(path[-1], None)
    if not table and len(path) > 1:
        _leave_out(tree, path[:-1])


def written_out(path: str, spec: Mapping[str, Any]) -> bool:
    """Tells whether a Spec tree has a value at a place."""
    return resolve(path, spec) is not MISSING
