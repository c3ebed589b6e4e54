"""Building a program: equal parts are computed once, numbers are folded, small powers become products."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from fallline.engine.surfaces.functions import FUNCTIONS
from fallline.engine.surfaces.program import Program, Step

PRODUCTS = 16
"""Whole powers up to this are products: faster than a power, and exact to a rounding each."""


@dataclass(frozen=True)
class Node:
    """A part of an expression.

    Attributes:
        place: where its value is; −1 for a number.
        number: the number, where it is one.
    """

    place: int
    number: float = math.nan

    @property
    def constant(self) -> bool:
        """Whether it is a number."""
        return self.place < 0


@dataclass(eq=False)
class Builder:
    """Collects the steps of a program.

    Attributes:
        dimension: how many coordinates there are.
        steps: so far.
    """

    dimension: int
    steps: list[Step] = field(default_factory=list)
    _known: dict[Step, int] = field(default_factory=dict)

    def call(self, name: str, x: Node) -> Node:
        """Returns a function of a node."""
        if x.constant:
            with np.errstate(all="ignore"):
                return _number(FUNCTIONS[name].value(np.float64(x.number)))
        return self._add(name, x.place, x.place)

    def add(self, x: Node, y: Node) -> Node:
        """Returns the sum."""
        if x.constant and y.constant:
            return _number(x.number + y.number)
        if x.constant or y.constant:
            part, number = (y, x.number) if x.constant else (x, y.number)
            return part if number == 0.0 else self._add("shift", part.place, part.place, number)
        return self._add("+", min(x.place, y.place), max(x.place, y.place))

    def subtract(self, x: Node, y: Node) -> Node:
        """Returns the difference."""
        if y.constant:
            return self.add(x, _number(-y.number))
        if x.constant:
            return self.add(self.multiply(y, _number(-1.0)), x)
        return self._add("-", x.place, y.place)

    def multiply(self, x: Node, y: Node) -> Node:
        """Returns the product."""
        if x.constant and y.constant:
            return _number(x.number * y.number)
        if x.constant or y.constant:
            part, number = (y, x.number) if x.constant else (x, y.number)
            return part if number == 1.0 else self._add("scale", part.place, part.place, number)
        if x.place == y.place:
            return self._add("square", x.place, x.place)
        return self._add("*", min(x.place, y.place), max(x.place, y.place))

    def divide(self, x: Node, y: Node) -> Node:
        """Returns the quotient."""
        if x.constant and y.constant:
            with np.errstate(all="ignore"):
                return _number(np.float64(x.number) / np.float64(y.number))
        if y.constant:
            return self._add("/", x.place, self._constant(y.number))
        if x.constant:
            return self.multiply(self.call("reciprocal", y), x)
        return self._add("/", x.place, y.place)

    def power(self, x: Node, y: Node) -> Node:
        """Returns x to the power y."""
        if x.constant and y.constant:
            with np.errstate(all="ignore"):
                return _number(np.float64(x.number) ** np.float64(y.number))
        if x.constant:
            return self._add("^", self._constant(x.number), y.place)
        if not y.constant:
            return self._add("^", x.place, y.place)
        whole = float(y.number).is_integer() and abs(y.number) <= PRODUCTS
        return self._product(x, int(y.number)) if whole else self._add("power", x.place, x.place, y.number)

    def choose(self, name: str, x: Node, y: Node) -> Node:
        """Returns the larger (``max``) or the smaller (``min``)."""
        if x.constant and y.constant:
            return _number(max(x.number, y.number) if name == "max" else min(x.number, y.number))
        return self._add(name, self._place(x), self._place(y))

    def program(self, result: Node) -> Program:
        """Returns the program whose value is a node."""
        place = self._place(result)
        return Program(self.dimension, tuple(self.steps), place)

    def _product(self, x: Node, exponent: int) -> Node:
        """A whole power by squaring."""
        if exponent == 0:
            return _number(1.0)
        if exponent < 0:
            return self.call("reciprocal", self._product(x, -exponent))
        if exponent == 1:
            return x
        half = self._product(x, exponent // 2)
        square = self.multiply(half, half)
        return self.multiply(square, x) if exponent % 2 else square

    def _place(self, x: Node) -> int:
        return self._constant(x.number) if x.constant else x.place

    def _constant(self, number: float) -> int:
        return self._add("constant", 0, 0, number).place

    def _add(self, operation: str, a: int, b: int, c: float = 0.0) -> Node:
        step = Step(operation, a, b, c)
        if step not in self._known:
            self.steps.append(step)
            self._known[step] = self.dimension + len(self.steps) - 1
        return Node(self._known[step])


def _number(value: float) -> Node:
    return Node(-1, float(value))
