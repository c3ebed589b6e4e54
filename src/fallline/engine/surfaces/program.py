"""A program: an expression as a flat list of operations, with exact first and second derivatives.

A value is computed by going through the list once; the gradient by going back once (reverse accumulation, Linnainmaa
1970); the Hessian by doing both for every direction at once (forward over reverse, Pearlmutter 1994). No symbolic
derivative is built, so none can grow.
"""

# ruff: noqa: ARG005 - all rules of a kind have one signature
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fallline.engine.surfaces.functions import FUNCTIONS, Real
from fallline.engine.surfaces.surface import Array

ARITHMETIC = ("constant", "+", "-", "*", "/", "^", "scale", "shift", "square", "power", "max", "min")
OPERATIONS = (*ARITHMETIC, *FUNCTIONS)
"""Every operation; its place is its number in the compiled machine."""


@dataclass(frozen=True)
class Step:
    """One operation.

    Attributes:
        operation: its name in `OPERATIONS`.
        a: the place of its argument: a coordinate, or dimension + the number of an earlier step.
        b: the place of its second argument, or that of the first again.
        c: its constant: the number itself, the factor, the term or the exponent.
    """

    operation: str
    a: int
    b: int
    c: float


@dataclass(frozen=True)
class Program:
    """An expression, ready to be computed.

    Attributes:
        dimension: how many coordinates it reads.
        steps: the operations, in the order of their doing.
        result: the place of the value: of a step, or of a coordinate itself.
    """

    dimension: int
    steps: tuple[Step, ...]
    result: int

    def value(self, *w: Real) -> Real:
        """Returns the value, elementwise.

        Args:
            *w: one float or array for each coordinate.
        """
        return self._forward(w)[self.result]

    def gradient(self, *w: Real) -> tuple[Real, ...]:
        """Returns ∂f/∂wⱼ for each coordinate, elementwise."""
        v = self._forward(w)
        u: list[Any] = [0.0] * len(v)
        u[self.result] = np.ones(np.shape(v[self.result]))
        for place, step in reversed(tuple(enumerate(self.steps, self.dimension))):
            along_a, along_b = _first(step, v[step.a], v[step.b], v[place])
            u[step.a] = u[step.a] + u[place] * along_a
            if along_b is not None:
                u[step.b] = u[step.b] + u[place] * along_b
        return tuple(u[j] + 0.0 * w[j] for j in range(self.dimension))

    def hessian(self, *w: Real) -> tuple[Real, ...]:
        """Returns ∂²f/∂wⱼ∂wₖ for j ≤ k, row by row, elementwise."""
        v = self._forward(w)
        shape = np.shape(sum(np.asarray(each) * 0.0 for each in w))
        eye = np.eye(self.dimension).reshape(self.dimension, self.dimension, *(1,) * len(shape))
        dv: list[Any] = [eye[j] + np.zeros(shape) for j in range(self.dimension)]
        for place, step in enumerate(self.steps, self.dimension):
            along_a, along_b = _first(step, v[step.a], v[step.b], v[place])
            dv.append(dv[step.a] * along_a + (0.0 if along_b is None else dv[step.b] * along_b))
        u: list[Any] = [0.0] * len(v)
        du: list[Any] = [np.zeros((self.dimension, *shape)) for _ in v]
        u[self.result] = 1.0
        for place, step in reversed(tuple(enumerate(self.steps, self.dimension))):
            self._back(place, step, v, dv, u, du)
        columns = [du[j] + np.zeros((self.dimension, *shape)) for j in range(self.dimension)]
        return tuple(columns[j][k] for j in range(self.dimension) for k in range(j, self.dimension))

    def encoded(self) -> Array:
        """Returns the program as numbers for the machine: steps, result, then number, a, b and c of each step."""
        rows = [(float(OPERATIONS.index(step.operation)), float(step.a), float(step.b), step.c) for step in self.steps]
        return np.array([float(len(self.steps)), float(self.result), *(each for row in rows for each in row)])

    def _forward(self, w: Sequence[Real]) -> list[Any]:
        v: list[Any] = [np.asarray(each, dtype=np.float64) for each in w]
        with np.errstate(
            all="ignore"
        ):  # where a formula is no number, the value is NaN or infinite, and the loop says so
            for step in self.steps:
                v.append(_apply(step, v[step.a] if v else None, v[step.b] if v else None))
        return v

    def _back(self, place: int, step: Step, v: list[Any], dv: list[Any], u: list[Any], du: list[Any]) -> None:
        """Hands the adjoint of one step, and its derivative along every direction, to the arguments."""
        a, b = step.a, step.b
        along_a, along_b = _first(step, v[a], v[b], v[place])
        aa, ab, bb = _second(step, v[a], v[b], v[place])
        turn_a = aa * dv[a] + (0.0 if along_b is None else ab * dv[b])
        if along_b is not None:
            turn_b = ab * dv[a] + bb * dv[b]
            du[b] = du[b] + du[place] * along_b + u[place] * turn_b
            u[b] = u[b] + u[place] * along_b
        du[a] = du[a] + du[place] * along_a + u[place] * turn_a
        u[a] = u[a] + u[place] * along_a


def _apply(step: Step, x: Any, y: Any) -> Any:
    """The value of one step."""
    return _VALUES[step.operation](x, y, step.c) if step.operation in _VALUES else FUNCTIONS[step.operation].value(x)


def _first(step: Step, x: Any, y: Any, f: Any) -> tuple[Any, Any]:
    """Derivatives along both arguments; None where there is no second."""
    with np.errstate(all="ignore"):
        if step.operation in _FIRST:
            along_a, along_b = _FIRST[step.operation](x, y, step.c)
            return along_a, along_b
        return FUNCTIONS[step.operation].slope(x, f), None


def _second(step: Step, x: Any, y: Any, f: Any) -> tuple[Any, Any, Any]:
    """Second derivatives: twice along the first, mixed, twice along the second."""
    with np.errstate(all="ignore"):
        if step.operation in _SECOND:
            aa, ab, bb = _SECOND[step.operation](x, y, step.c)
            return aa, ab, bb
        if step.operation in FUNCTIONS:
            return FUNCTIONS[step.operation].bend(x, f), 0.0, 0.0
        return 0.0, 0.0, 0.0


_VALUES: dict[str, Any] = {
    "constant": lambda x, y, c: c,
    "+": lambda x, y, c: x + y,
    "-": lambda x, y, c: x - y,
    "*": lambda x, y, c: x * y,
    "/": lambda x, y, c: x / y,
    "^": lambda x, y, c: x**y,
    "scale": lambda x, y, c: c * x,
    "shift": lambda x, y, c: x + c,
    "square": lambda x, y, c: x * x,
    "power": lambda x, y, c: x**c,
    "max": lambda x, y, c: np.where(x >= y, x, y),
    "min": lambda x, y, c: np.where(x <= y, x, y),
}
_FIRST: dict[str, Any] = {
    "constant": lambda x, y, c: (0.0, None),
    "+": lambda x, y, c: (1.0, 1.0),
    "-": lambda x, y, c: (1.0, -1.0),
    "*": lambda x, y, c: (y, x),
    "/": lambda x, y, c: (1.0 / y, -x / (y * y)),
    "^": lambda x, y, c: (y * x ** (y - 1.0), x**y * np.log(x)),
    "scale": lambda x, y, c: (c, None),
    "shift": lambda x, y, c: (1.0, None),
    "square": lambda x, y, c: (2.0 * x, None),
    "power": lambda x, y, c: (c * x ** (c - 1.0), None),
    "max": lambda x, y, c: (1.0 * (x >= y), 1.0 * (x < y)),
    "min": lambda x, y, c: (1.0 * (x <= y), 1.0 * (x > y)),
}
_SECOND: dict[str, Any] = {
    "*": lambda x, y, c: (0.0, 1.0, 0.0),
    "/": lambda x, y, c: (0.0, -1.0 / (y * y), 2.0 * x / (y * y * y)),
    "^": lambda x, y, c: (
        y * (y - 1.0) * x ** (y - 2.0),
        x ** (y - 1.0) * (1.0 + y * np.log(x)),
        x**y * np.log(x) * np.log(x),
    ),
    "square": lambda x, y, c: (2.0, 0.0, 0.0),
    "power": lambda x, y, c: (c * (c - 1.0) * x ** (c - 2.0), 0.0, 0.0),
}
