"""The points under a tiny net: drawn, or from a pasted table, and the plane that they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.data.plane import PLANES, RADIUS, SIDE
from fallline.engine.train.tiny import Problem
from fallline.runs.bench.short import short
from fallline.runs.sources.pasted import Pasted, read_pasted
from fallline.runs.spec.tiny_net import TinyNetSpec

Array = NDArray[np.float64]
ROWS = 500
"""Points that are drawn."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Points, as the net reads them and as a person does.

    Attributes:
        problem: points within ±6, labels, and which of them teach.
        title: where they come from.
        names: of the two columns.
        centre: of each column, in its own units.
        unit: what one step of the plane is in those units.
        classes: names of the classes; none where labels are numbers.
        scale: of a label that is a number: its middle and half its range.
    """

    problem: Problem
    title: str
    names: tuple[str, str]
    centre: tuple[float, float]
    unit: tuple[float, float]
    classes: tuple[str, ...]
    scale: tuple[float, float] = (0.0, 1.0)

    def ends(self, axis: int) -> list[float]:
        """Returns the ends of the plane along an axis, in the column's own units."""
        return [self.centre[axis] + side * self.unit[axis] for side in (-SIDE, SIDE)]

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data for figures and rules."""
        own = np.array(self.centre) + self.problem.points * np.array(self.unit)
        return {
            "title": self.title,
            "names": list(self.names),
            "x": self.ends(0),
            "y": self.ends(1),
            "points": short(own),
            "labels": short(self.problem.labels.astype(np.float64)),
            "taught": [int(each) for each in self.problem.taught],
            "rows": len(own),
            "teaching": int(self.problem.taught.sum()),
            "classes": len(self.classes),
            "class_names": list(self.classes),
            "regression": self.problem.regression,
            "scale": list(self.scale),
        }


def ground_of(spec: TinyNetSpec) -> Ground:
    """Draws or reads the points, and sets some apart for the test; both settings and all their seeds share them."""
    rng = generator(spec.seed, "tiny-net", "points")
    if spec.data == "table":
        return _pasted(read_pasted(spec.table), spec.share, rng)
    plane = PLANES[spec.data]
    points, labels = plane.draw(ROWS, spec.noise, spec.classes, rng)
    count = 0 if plane.regression else spec.classes
    problem = Problem(points, labels, _taught(len(points), spec.share, rng), count)
    names = tuple(f"class {number + 1}" for number in range(count))
    return Ground(problem, plane.title, ("x₁", "x₂"), (0.0, 0.0), (1.0, 1.0), names)


def _taught(rows: int, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which points teach: a share of them, at least two and not all."""
    count = min(max(round(share * rows), 2), rows - 2)
    taught = np.zeros(rows, dtype=np.bool_)
    taught[rng.permutation(rows)[:count]] = True
    return taught


def _pasted(table: Pasted, share: float, rng: np.random.Generator) -> Ground:
    """A person's own points, brought to ±5 so that features and rates mean what they do elsewhere."""
    low, high = table.points.min(axis=0), table.points.max(axis=0)
    centre, unit = (low + high) / 2.0, (high - low) / (2.0 * RADIUS)
    points = (table.points - centre) / unit
    taught = _taught(len(points), share, rng)
    middle, half = 0.0, 1.0
    labels = table.labels
    if not table.classes:
        middle, half = float(labels.max() + labels.min()) / 2.0, float(np.ptp(labels)) / 2.0
        labels = (labels - middle) / half
    problem = Problem(points, labels.astype(np.int64) if table.classes else labels, taught, len(table.classes))
    names = (table.names[0], table.names[1])
    where = ((float(centre[0]), float(centre[1])), (float(unit[0]), float(unit[1])))
    return Ground(problem, table.names[2], names, *where, table.classes, (middle, half))
