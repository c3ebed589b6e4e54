"""Space: the hyperparameters of a search, some of which exist only under certain values of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.engine.tune.clause import Clause
from fallline.engine.tune.dimensions import Categorical, Dimension, Fixed, Float, same
from fallline.engine.tune.value import Value

Params = dict[str, Value]
MOST_DRAWS = 10_000
"""How often a point is drawn before the constraints are taken to leave none."""


@dataclass(frozen=True, init=False)
class Space:
    """Named dimensions, and what must hold between them.

    A parameter whose condition does not hold is inactive: it is not drawn, not accepted and never modelled. A
    constraint or a forbidden clause that names an inactive parameter asks for nothing.

    Attributes:
        dimensions: name → what it may be.
        constraints: clauses that must hold.
        forbidden: clauses that must not hold.

    Args:
        dimensions: name → what it may be; for names that are no words of Python.
        named: the same, as keywords.

    Raises:
        SpecError: no dimension, a condition or clause on an unknown parameter, a condition on a `Float` or on a value
            that its parent cannot have, a circle of conditions, an order between things that have none.

    >>> space = Space({
    ...     "family": Categorical(("linear", "trees")),
    ...     "rate": Float(0.01, 0.3, log=True, when=("family", ("trees",))),
    ... })
    >>> sorted(space.sample(np.random.default_rng(2)))
    ['family']
    >>> space.read({"family": "trees", "rate": 0.1})
    {'family': 'trees', 'rate': 0.1}
    >>> from fallline.engine.tune.dimensions import Int
    >>> narrowing = Space(first=Int(1, 64), second=Int(1, 64), constraints=("second <= first",))
    >>> narrowing.allows({"first": 8, "second": 9})
    False
    """

    dimensions: Mapping[str, Dimension]
    constraints: tuple[Clause, ...]
    forbidden: tuple[Clause, ...]

    def __init__(
        self,
        dimensions: Mapping[str, Dimension] | None = None,
        /,
        *,
        constraints: Sequence[Clause | str] = (),
        forbidden: Sequence[Clause | str] = (),
        **named: Dimension,
    ) -> None:
        object.__setattr__(self, "dimensions", {**(dimensions or {}), **named})
        object.__setattr__(self, "constraints", tuple(map(_clause, constraints)))
        object.__setattr__(self, "forbidden", tuple(map(_clause, forbidden)))
        if not self.dimensions:
            raise SpecError("space", {}, "a space with at least one parameter")
        for name, dimension in self.dimensions.items():
            if not isinstance(dimension, Dimension):
                raise SpecError(f"space.{name}", dimension, "a dimension, such as fl.Float(0.0, 1.0)")
            if isinstance(dimension.when, Clause):
                self._check_clause(dimension.when, f"space.{name}.when")
            elif dimension.when is not None:
                self._check_condition(name, *dimension.when)
        _ = self.order
        for word in ("constraints", "forbidden"):
            for place, clause in enumerate(getattr(self, word)):
                self._check_clause(clause, f"space.{word}.{place}")

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The names, parents before children, else as declared."""
        place = {name: number for number, name in enumerate(self.dimensions)}
        sorter = TopologicalSorter({name: self.parents(name) for name in self.dimensions})
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

    def parents(self, name: str) -> tuple[str, ...]:
        """Returns the parameters that decide whether this one exists."""
        when = self.dimensions[name].when
        if when is None:
            return ()
        return when.names if isinstance(when, Clause) else (when[0],)

    def active(self, name: str, params: Mapping[str, Value]) -> bool:
        """Says whether a parameter exists under the values of its ancestors."""
        when = self.dimensions[name].when
        if when is None:
            return True
        if isinstance(when, Clause):
            return when.holds(params) is True
        parent, values = when
        return parent in params and any(same(params[parent], value) for value in values)

    def allows(self, params: Mapping[str, Value]) -> bool:
        """Says whether all constraints hold and no forbidden clause does."""
        return all(clause.holds(params) is not False for clause in self.constraints) and not any(
            clause.holds(params) for clause in self.forbidden
        )

    def sample(self, rng: np.random.Generator) -> Params:
        """Draws each active parameter evenly on its own scale; inactive ones take no draw from the stream.

        What the constraints do not allow is drawn anew, so that all that is allowed is equally likely.

        Raises:
            SpecError: 10,000 draws in a row were not allowed.
        """
        for _ in range(MOST_DRAWS):
            params = self.build(lambda _, dimension: dimension.from_unit(float(rng.random())))
            if self.allows(params):
                return params
        rules = [*map(str, self.constraints), *(f"not ({clause})" for clause in self.forbidden)]
        raise SpecError("space.constraints", rules, f"possible: none of {MOST_DRAWS:,} random points meets them all")

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
                raise SpecError(f"{path}.{name}", params[name], f"there: {name} exists only under {self._rule(name)}")
        self._check_allowed(found, path)
        return found

    def _rule(self, name: str) -> str:
        """Says when a parameter exists."""
        when = self.dimensions[name].when
        return f"{when[0]} = {', '.join(map(str, when[1]))}" if isinstance(when, tuple) else str(when)

    def _check_allowed(self, params: Params, path: str) -> None:
        """Refuses what the constraints do not allow, with the parameters that they name."""
        broken = [(clause, f"allowed: {clause}") for clause in self.constraints if clause.holds(params) is False]
        broken += [(clause, f"allowed: forbidden is {clause}") for clause in self.forbidden if clause.holds(params)]
        for clause, words in broken:
            raise SpecError(path, {name: params[name] for name in clause.names if name in params}, words)

    def _check_clause(self, clause: Clause, path: str) -> None:
        """Refuses a clause over unknown parameters, or one that compares what has no order."""
        for name in clause.names:
            if name not in self.dimensions:
                close = nearest(name, self.dimensions)
                raise SpecError(path, name, "a parameter of this space", f"Did you mean {close!r}?" if close else "")
        clause.holds({name: self.dimensions[name].from_unit(0.5) for name in clause.names})

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
            joint[f"{branch}.{name}"] = _moved(dimension, parent, branch, space)
    rules = {
        word: tuple(
            clause.renamed({name: f"{branch}.{name}" for name in space.dimensions})
            for branch, space in branches.items()
            for clause in getattr(space, word)
        )
        for word in ("constraints", "forbidden")
    }
    return Space(joint, constraints=rules["constraints"], forbidden=rules["forbidden"])


def branch_of(parent: str, params: Mapping[str, Value]) -> tuple[str, Params]:
    """Returns the branch that was chosen and its own parameters, under their own names.

    >>> branch_of("family", {"family": "linear", "linear.c": 1.0})
    ('linear', {'c': 1.0})
    """
    branch = str(params[parent])
    prefix = f"{branch}."
    return branch, {name.removeprefix(prefix): value for name, value in params.items() if name.startswith(prefix)}


def _moved(dimension: Dimension, parent: str, branch: str, space: Space) -> Dimension:
    """Returns the dimension as one of a branch: it exists only there, its own condition over the branch's names."""
    when = dimension.when
    if when is None:
        return replace(dimension, when=(parent, (branch,)))
    if isinstance(when, Clause):
        return replace(dimension, when=when.renamed({name: f"{branch}.{name}" for name in space.dimensions}))
    return replace(dimension, when=(f"{branch}.{when[0]}", when[1]))


def _clause(clause: Clause | str) -> Clause:
    return clause if isinstance(clause, Clause) else Clause(clause)


def key(params: Mapping[str, Value]) -> tuple[tuple[str, str, Value], ...]:
    """Returns something to look parameters up by: equal keys, equal parameters."""
    return tuple((name, type(value).__name__, value) for name, value in sorted(params.items()))
