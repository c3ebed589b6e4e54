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
        if not self.space.constraints and not self.space.forbidden:
            return np.ones(len(rows), dtype=np.bool_)
        return np.array([self.space.allows(self.params(row)) for row in rows], dtype=np.bool_)

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
            seen = (self._seen(row, on) for row, on in zip(rows, active, strict=True))
            return np.array([self.space.active(name, params) for params in seen], dtype=np.bool_)
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

    def _seen(self, row: Floats, on: Bools) -> Params:
        """Returns the parameters of a row as far as they are known to be active."""
        return self.space.build(
            lambda name, dimension: dimension.from_unit(float(row[self.place[name]])) if on[self.place[name]] else None
        )


def _ends(dimension: Dimension, count: int) -> Floats:
    """Returns where the share of each separate value ends, but the last: ascending."""
    if isinstance(dimension, Int) and dimension.log:
        low, high = math.log(dimension.low - 0.5), math.log(dimension.high + 0.5)
        ends: Floats = (np.log(np.arange(dimension.low, dimension.high) + 0.5) - low) / (high - low)
        return ends
    return np.arange(1, count) / count
