"""Coding: a space as a matrix of numbers, for models and for moving many points at once.

Each searched parameter is one column of the unit cube. What is separate stands at the middle of its share; what is
inactive stands at one half, the same for all, so that it cannot influence a model: its parent carries the difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.clause import Clause
from fallline.engine.tune.dimensions import Boolean, Categorical, Dimension, Fixed, Int, same
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.value import Value

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ABSENT, FAILS, HOLDS = -1, 0, 1
"""What a clause may say of a row."""


class Coding:
    """How the points of one space are written as rows.

    Args:
        space: the space.

    >>> from fallline.engine.tune import Categorical, Float, Space
    >>> coding = Coding(Space(kind=Categorical(("a", "b")), rate=Float(0.0, 1.0, when=("kind", ("b",)))))
    >>> coding.rows([{"kind": "a"}, {"kind": "b", "rate": 0.9}]).tolist()
    [[0.25, 0.5], [0.75, 0.9]]
    >>> coding.params(np.array([0.1, 0.9]))
    {'kind': 'a'}
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self.names = tuple(name for name in space.order if not isinstance(space.dimensions[name], Fixed))
        self.place = {name: column for column, name in enumerate(self.names)}
        dimensions = [space.dimensions[name] for name in self.names]
        self.unordered: Bools = np.array([isinstance(d, Categorical | Boolean) for d in dimensions], dtype=np.bool_)
        self.counts = tuple(len(d.options) if d.options is not None else 0 for d in dimensions)

    @property
    def width(self) -> int:
        """Columns: parameters that are searched."""
        return len(self.names)

    @cached_property
    def centres(self) -> tuple[Floats | None, ...]:
        """Per column, the unit coordinates of its separate values; None where it has no gaps."""
        found: list[Floats | None] = []
        for name in self.names:
            dimension = self.space.dimensions[name]
            options = dimension.options
            found.append(None if options is None else np.array([dimension.to_unit(value) for value in options]))
        return tuple(found)

    @cached_property
    def _shares(self) -> tuple[Floats, ...]:
        """Per column, where the shares of its separate values end; empty where it has no gaps."""
        dimensions = (self.space.dimensions[name] for name in self.names)
        return tuple(_ends(dimension, count) for dimension, count in zip(dimensions, self.counts, strict=True))

    def rows(self, params: Sequence[Mapping[str, Value]]) -> Floats:
        """Writes points as rows, shape (points, width); what is inactive stands at one half."""
        out = np.full((len(params), self.width), 0.5)
        for row, point in enumerate(params):
            for column, name in enumerate(self.names):
                if name in point:
                    out[row, column] = self.space.dimensions[name].to_unit(point[name])
        return out

    def settle(self, units: Floats) -> tuple[Floats, Bools]:
        """Moves rows onto values that exist.

        Args:
            units: any points of the unit cube, shape (m, width).

        Returns:
            the rows, separate values at the middle of their shares and inactive ones at one half; and which are active,
            both of shape (m, width).
        """
        out = np.clip(units, 0.0, 1.0)
        for column, centres in enumerate(self.centres):
            if centres is not None:
                out[:, column] = centres[np.searchsorted(self._shares[column], out[:, column], side="right")]
        active = np.ones(out.shape, dtype=np.bool_)
        for column, name in enumerate(self.names):
            active[:, column] = self._active(name, out, active)
        out[~active] = 0.5
        return out, active

    def params(self, row: Floats) -> Params:
        """Reads one row of the unit cube as parameters; what they make inactive is passed over."""
        return self.space.build(lambda name, dimension: dimension.from_unit(float(row[self.place[name]])))

    def allowed(self, rows: Floats) -> Bools:
        """Says which settled rows meet the constraints, shape (m,)."""
        fine = np.ones(len(rows), dtype=np.bool_)
        if self.space.constraints or self.space.forbidden:
            active = self.settle(rows)[1]
            for clause in self.space.constraints:
                fine &= self._held(clause, rows, active) != FAILS
            for clause in self.space.forbidden:
                fine &= self._held(clause, rows, active) != HOLDS
        return fine

    def drawn(self, count: int, rng: np.random.Generator) -> Floats:
        """Draws settled rows that the constraints allow, shape (count, width).

        Raises:
            SpecError: the constraints leave nothing that random draws find.
        """
        if not self.space.constraints and not self.space.forbidden:
            return self.settle(rng.random((count, self.width)))[0]
        return self.rows([self.space.sample(rng) for _ in range(count)])

    def features(self, rows: Floats, lengths: Floats) -> Floats:
        """Returns rows in which distance is plain, shape (m, features).

        Their squared distances are Σ ((xⱼ − yⱼ)/lⱼ)² over ordered columns and, by indicators, Σ [xⱼ ≠ yⱼ]/lⱼ² over the
        others.

        Args:
            rows: settled rows, shape (m, width).
            lengths: length scale of each column, shape (width,).
        """
        parts = [rows[:, ~self.unordered] / lengths[~self.unordered]]
        for column in np.flatnonzero(self.unordered).tolist():
            choices = np.append(self._middles(column), 0.5)
            parts.append((rows[:, [column]] == choices[None, :]) / (lengths[column] * np.sqrt(2.0)))
        return np.hstack(parts)

    def _middles(self, column: int) -> Floats:
        centres = self.centres[column]
        return np.zeros(0) if centres is None else centres

    def _active(self, name: str, rows: Floats, active: Bools) -> Bools:
        when = self.space.dimensions[name].when
        if when is None:
            return np.ones(len(rows), dtype=np.bool_)
        if isinstance(when, Clause):
            held: Bools = self._held(when, rows, active) == HOLDS
            return held
        parent, values = when
        if parent not in self.place:
            fixed = self.space.dimensions[parent].from_unit(0.5)
            asleep = self.space.dimensions[parent].when is not None
            alive = self._active(parent, rows, active) if asleep else np.ones(len(rows), dtype=np.bool_)
            return alive & any(same(fixed, value) for value in values)
        column = self.place[parent]
        allowed = [self.space.dimensions[parent].to_unit(value) for value in values]
        awake: Bools = active[:, column] & (np.abs(rows[:, [column]] - np.array(allowed)[None, :]) < 1e-12).any(axis=1)
        return awake

    def _held(self, clause: Clause, rows: Floats, active: Bools) -> NDArray[np.int8]:
        """Says of settled rows whether a clause holds, fails or has nothing to go by, once for rows alike in it."""
        there = {name: active[:, self.place[name]] for name in clause.names if name in self.place}
        there |= {name: self._active(name, rows, active) for name in clause.names if name not in self.place}
        columns = [rows[:, self.place[name]] for name in clause.names if name in self.place]
        seen = np.column_stack([*columns, *there.values(), np.zeros(len(rows))])
        _, first, alike = np.unique(seen, axis=0, return_index=True, return_inverse=True)
        found = []
        for place in first:
            names = [name for name, awake in there.items() if awake[place]]
            held = clause.holds({name: self._value(name, rows[place]) for name in names})
            found.append(ABSENT if held is None else HOLDS if held else FAILS)
        return np.array(found, dtype=np.int8)[alike.reshape(-1)]

    def _value(self, name: str, row: Floats) -> Value:
        dimension = self.space.dimensions[name]
        return dimension.from_unit(float(row[self.place[name]]) if name in self.place else 0.5)


def _ends(dimension: Dimension, count: int) -> Floats:
    """Returns where the share of each separate value ends, but the last: ascending."""
    if isinstance(dimension, Int) and dimension.log:
        low, high = math.log(dimension.low - 0.5), math.log(dimension.high + 0.5)
        ends: Floats = (np.log(np.arange(dimension.low, dimension.high) + 0.5) - low) / (high - low)
        return ends
    return np.arange(1, count) / count
