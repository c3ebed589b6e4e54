"""Space: the hyperparameters of a search, some of which exist only under certain values of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.engine.tune.dimension import Categorical, Dimension, Fixed, Float, Value, same

Params = dict[str, Value]


@dataclass(frozen=True)
class Space:
    """Named dimensions, parents before children.

    A parameter whose condition does not hold is inactive: it is not drawn, not accepted and never modelled.

    Attributes:
        dimensions: name → what it may be.

    Raises:
        SpecError: no dimension, a condition on an unknown parameter, on a `Float`, on a value that its parent cannot
            have, or a circle of conditions.

    >>> space = Space({
    ...     "family": Categorical(("linear", "trees")),
    ...     "rate": Float(0.01, 0.3, log=True, when=("family", ("trees",))),
    ... })
    >>> sorted(space.sample(np.random.default_rng(2)))
    ['family']
    >>> space.read({"family": "trees", "rate": 0.1})
    {'family': 'trees', 'rate': 0.1}
    """

    dimensions: Mapping[str, Dimension]

    def __post_init__(self) -> None:
        if not self.dimensions:
            raise SpecError("space", {}, "a space with at least one parameter")
        for name, dimension in self.dimensions.items():
            if dimension.when is not None:
                self._check_condition(name, *dimension.when)
        _ = self.order

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names, parents before children, else as declared."""
        place = {name: number for number, name in enumerate(self.dimensions)}
        sorter = TopologicalSorter({name: [d.when[0]] if d.when else [] for name, d in self.dimensions.items()})
        try:
            sorter.prepare()
        except CycleError as error:
            raise SpecError(
                "space", list(error.args[1]), "free of circles", "No parameter may depend on itself."
            ) from None
        ordered: list[str] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=place.__getitem__)
            ordered.extend(ready)
            sorter.done(*ready)
        return tuple(ordered)

    def active(self, name: str, params: Mapping[str, Value]) -> bool:
        """Says whether a parameter exists under the values of its ancestors."""
        when = self.dimensions[name].when
        if when is None:
            return True
        parent, values = when
        return parent in params and any(same(params[parent], value) for value in values)

    def sample(self, rng: np.random.Generator) -> Params:
        """Draws each active parameter evenly on its own scale; inactive ones take no draw from the stream."""
        return self.build(lambda _, dimension: dimension.from_unit(float(rng.random())))

    def build(self, value_of: Callable[[str, Dimension], Value]) -> Params:
        """Fills the active parameters in order.

        Args:
            value_of: value of a name and its dimension, asked for active, not fixed parameters only.
        """
        params: Params = {}
        for name in self.order:
            dimension = self.dimensions[name]
            if self.active(name, params):
                params[name] = dimension.value if isinstance(dimension, Fixed) else value_of(name, dimension)
        return params

    def read(self, params: Mapping[str, object], path: str = "params") -> Params:
        """Returns allowed parameters, in the order of the space.

        Raises:
            SpecError: an unknown or inactive name, a missing one, or a value out of bounds.
        """
        for name in params:
            if name not in self.dimensions:
                close = nearest(str(name), self.dimensions)
                hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(self.dimensions)}."
                raise SpecError(f"{path}.{name}", name, "a parameter of this space", hint)
        found: Params = {}
        for name in self.order:
            if self.active(name, found):
                if name not in params:
                    raise SpecError(path, dict(params), f"complete: {name} is missing")
                found[name] = self.dimensions[name].read(params[name], f"{path}.{name}")
            elif name in params:
                when = self.dimensions[name].when
                words = f"there: {name} exists only under {when[0]} = {', '.join(map(str, when[1]))}" if when else ""
                raise SpecError(f"{path}.{name}", params[name], words)
        return found

    def _check_condition(self, name: str, parent: str, values: tuple[Value, ...]) -> None:
        """Refuses a condition that could never hold, or that nothing could tell."""
        path = f"space.{name}.when"
        if parent not in self.dimensions:
            close = nearest(parent, self.dimensions)
            raise SpecError(path, parent, "a parameter of this space", f"Did you mean {close!r}?" if close else "")
        if isinstance(self.dimensions[parent], Float):
            raise SpecError(path, parent, "a parameter with separate values", "A Float has too many to depend on.")
        if not values:
            raise SpecError(path, values, "one value or more")
        if not isinstance(self.dimensions[parent], Fixed):  # one that is fixed elsewhere never wakes its children
            for value in values:
                self.dimensions[parent].read(value, path)


def union(parent: str, branches: Mapping[str, Space]) -> Space:
    """Joins spaces under a choice between them; a branch's parameters are named ``branch.name``.

    >>> joint = union("family", {"linear": Space({"c": Float(0.1, 10.0)}), "trees": Space({"leaves": Fixed(8)})})
    >>> list(joint.dimensions)
    ['family', 'linear.c', 'trees.leaves']
    """
    choices = tuple(branches)
    choice: Dimension = Categorical(choices) if len(choices) > 1 else Fixed(next(iter(choices), None))
    joint: dict[str, Dimension] = {parent: choice}
    for branch, space in branches.items():
        for name, dimension in space.dimensions.items():
            when = (
                (parent, (branch,)) if dimension.when is None else (f"{branch}.{dimension.when[0]}", dimension.when[1])
            )
            joint[f"{branch}.{name}"] = _moved(dimension, when)
    return Space(joint)


def branch_of(parent: str, params: Mapping[str, Value]) -> tuple[str, Params]:
    """Returns the branch that was chosen and its own parameters, under their own names.

    >>> branch_of("family", {"family": "linear", "linear.c": 1.0})
    ('linear', {'c': 1.0})
    """
    branch = str(params[parent])
    prefix = f"{branch}."
    return branch, {name.removeprefix(prefix): value for name, value in params.items() if name.startswith(prefix)}


def _moved(dimension: Dimension, when: tuple[str, tuple[Value, ...]]) -> Dimension:
    """Returns the dimension under another condition."""
    return replace(dimension, when=when)


def key(params: Mapping[str, Value]) -> tuple[tuple[str, str, Value], ...]:
    """Returns something to look parameters up by: equal keys, equal parameters."""
    return tuple((name, type(value).__name__, value) for name, value in sorted(params.items()))
