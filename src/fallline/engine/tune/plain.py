"""Spaces as plain data: what a Spec, a form and a family's own list of hyperparameters hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.engine.tune.clause import Clause, When
from fallline.engine.tune.dimensions import KINDS, Boolean, Categorical, Dimension, Fixed, Float, Int, Ordinal
from fallline.engine.tune.space import Space
from fallline.engine.tune.value import Value

USED = {
    "float": {"low", "high", "log", "step"},
    "int": {"low", "high", "log", "step"},
    "categorical": {"choices"},
    "ordinal": {"levels"},
    "boolean": set[str](),
    "fixed": {"value"},
}
PASSED_OVER = {"title", "default", "searched", "low", "high", "log", "step", "choices", "levels", "value"}
"""What an entry may also carry, as a family's hyperparameters do."""


def read_space(
    entries: Sequence[Mapping[str, Any]],
    path: str = "space",
    *,
    constraints: Sequence[str] = (),
    forbidden: Sequence[str] = (),
) -> Space:
    """Reads a space from plain data.

    Args:
        entries: one per parameter: ``name``, ``type`` (float, int, categorical, ordinal, boolean or fixed), then
            ``low``, ``high``, ``log`` and ``step``, or ``choices``, ``levels`` or ``value``; ``when`` = a clause,
            ``{"name": …, "values": […]}`` or None. An entry with ``searched`` = False becomes fixed at its ``default``.
        path: where it stands in the Spec, for errors.
        constraints: clauses that must hold.
        forbidden: clauses that must not hold.

    Raises:
        SpecError: anything that is not as above; the path names the parameter and the key.

    >>> space = read_space([
    ...     {"name": "kind", "type": "categorical", "choices": ["adam", "sgd"]},
    ...     {"name": "momentum", "type": "float", "low": 0, "high": 0.99, "when": {"name": "kind", "values": ["sgd"]}},
    ... ])
    >>> space.dimensions["momentum"].when
    ('kind', ('sgd',))
    """
    dimensions: dict[str, Dimension] = {}
    for number, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, Mapping) else None
        if not isinstance(name, str) or not name:
            raise SpecError(f"{path}.{number}", entry, "a table with a name")
        if name in dimensions:
            raise SpecError(f"{path}.{name}", name, "named once")
        dimensions[name] = _read_dimension(entry, f"{path}.{name}")
    read = [
        tuple(_read_clause(text, f"{path}.{word}.{place}") for place, text in enumerate(texts))
        for word, texts in (("constraints", constraints), ("forbidden", forbidden))
    ]
    return Space(dimensions, constraints=read[0], forbidden=read[1])


def write_space(space: Space) -> list[dict[str, Any]]:
    """Returns plain data that `read_space` reads back to equal dimensions; clauses are texts already."""
    return [_write_dimension(name, dimension) for name, dimension in space.dimensions.items()]


def _read_dimension(entry: Mapping[str, Any], path: str) -> Dimension:
    """Reads one entry."""
    kind = entry.get("type", "")
    lookup(str(kind), KINDS, f"{path}.type")
    for word in entry:
        if word not in PASSED_OVER | {"name", "type", "when"}:
            close = nearest(str(word), PASSED_OVER | {"when"})
            raise SpecError(f"{path}.{word}", word, "a key of a parameter", f"Did you mean {close!r}?" if close else "")
    when = _read_when(entry.get("when"), f"{path}.when")
    try:
        if entry.get("searched") is False and kind != "fixed":
            return Fixed(entry.get("default"), when)
        given = {word: entry[word] for word in USED[kind] if entry.get(word) is not None}
        if kind == "fixed":
            return Fixed(entry.get("value"), when)
        if kind == "categorical":
            return Categorical(_sequence(given.get("choices"), f"{path}.choices"), when)
        if kind == "ordinal":
            return Ordinal(_sequence(given.get("levels"), f"{path}.levels"), when)
        return Boolean(when) if kind == "boolean" else _read_range(kind, given, when)
    except SpecError as error:
        where = error.path if error.path.startswith(path) else f"{path}.{error.path}"
        raise _moved(error, where) from None


def _read_range(kind: str, given: Mapping[str, Any], when: When) -> Float | Int:
    """Reads the bounds and the scale."""
    for word in ("low", "high"):
        if word not in given:
            raise SpecError(word, None, "a number: a range has two ends")
    log = given.get("log", False)
    if not isinstance(log, bool):
        raise SpecError("log", log, "true or false")
    if kind == "int":
        return Int(_whole(given["low"]), _whole(given["high"]), log, when, _whole(given.get("step", 1)))
    return Float(given["low"], given["high"], log, when, given.get("step"))


def _whole(value: Any) -> Any:
    """Turns 3.0 into 3, as JSON writers do the other way round; leaves the rest for `Int` to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_when(when: Any, path: str) -> When:
    """Reads a condition."""
    if when is None:
        return None
    if isinstance(when, str):
        return _read_clause(when, path)
    if not isinstance(when, Mapping) or set(when) != {"name", "values"}:
        raise SpecError(path, when, 'a clause, or a table like {name = "family", values = ["trees"]}')
    return str(when["name"]), _sequence(when["values"], f"{path}.values")


def _read_clause(text: str, path: str) -> Clause:
    """Reads a clause."""
    try:
        return Clause(text)
    except SpecError as error:
        raise _moved(error, path) from None


def _sequence(values: Any, path: str) -> tuple[Value, ...]:
    """Reads a list."""
    if not isinstance(values, list | tuple):
        raise SpecError(path, values, "a list")
    return tuple(values)


def _moved(error: SpecError, path: str) -> SpecError:
    """Returns the error under a longer path, its value as it was shown."""
    moved = SpecError(path, "", error.expected, error.hint)
    moved.value = error.value
    moved.args = (f"{path}: {error.value} is not {error.expected}." + (f" {error.hint}" if error.hint else ""),)
    return moved


def _write_dimension(name: str, dimension: Dimension) -> dict[str, Any]:
    """Writes one entry."""
    kind = next(word for word, cls in KINDS.items() if isinstance(dimension, cls))
    own = {word: getattr(dimension, word) for word in sorted(USED[kind])}
    for word in ("choices", "levels"):
        if word in own:
            own[word] = list(own[word])
    if isinstance(dimension, Float | Int) and dimension.step == (1 if isinstance(dimension, Int) else None):
        own.pop("step")
    return {"name": name, "type": kind, **own, "when": _write_when(dimension.when)}


def _write_when(when: When) -> Any:
    """Writes a condition."""
    if when is None or isinstance(when, Clause):
        return None if when is None else str(when)
    return {"name": when[0], "values": list(when[1])}
