"""Inference of a schema: types, missing values, target, roles, positive class, sensitive attributes and leakage.

Every inference carries one sentence that says why, and every one can be overridden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fallline.core.errors import DataError
from fallline.engine.data.leakage import SUSPICIOUS, predicts_alone
from fallline.engine.data.reading import Reading, read
from fallline.engine.data.roles import role_of
from fallline.engine.data.schema import Column, Override, Problem, Reason, Schema, unknown_column
from fallline.engine.data.sensitive import sensitive_attribute
from fallline.engine.data.table import Table
from fallline.engine.data.target import check_target, guess_positive, guess_target, problem_of

_NONE: Mapping[str, Override] = {}


def infer_schema(
    raw: pa.Table, target: str | None = None, positive: str | None = None, overrides: Mapping[str, Override] = _NONE
) -> Schema:
    """Infers what a table is. See `infer_table`, which returns the values read so as well.

    >>> raw = pa.table({"fee": ["10", "", "12.5"] * 4, "churn": ["No", "Yes", "No"] * 4})
    >>> schema = infer_schema(raw)
    >>> [(column.name, column.type, column.role, column.missing) for column in schema.columns]
    [('fee', 'number', 'feature', 4), ('churn', 'boolean', 'target', 0)]
    >>> schema.positive, schema.why("churn")[-1]
    ('Yes', "'Yes' is taken as the positive class of 'churn': the word says so.")
    """
    return infer_table(raw, target, positive, overrides).schema


def infer_table(
    raw: pa.Table, target: str | None = None, positive: str | None = None, overrides: Mapping[str, Override] = _NONE
) -> Table:
    """Infers what a table is and reads its values so.

    Args:
        raw: words, or typed values; not nested. Pass it as an expression and its memory is freed column by column.
        target: the column to predict; guessed when None.
        positive: the target's level that counts as 1; guessed when None.
        overrides: column → what a person says of it.

    Raises:
        DataError: an unknown column or level is named, or the target has gaps or one class only.
    """
    names = tuple(raw.column_names)
    for name in (*overrides, *(() if target is None else (target,))):
        if name not in names:
            raise DataError(unknown_column(name, names))
    readings: list[Reading] = []
    for name in names:
        values = raw.column(0)
        raw = raw.remove_column(0)
        readings.append(read(name, values, overrides.get(name)))
        del values
    target, why = _target(readings, target, overrides)
    readings = [_as_target(each) if each.column.name == target else each for each in readings]
    problem, positive, reasons = _pose(readings, target, positive)
    if why and target:
        reasons.insert(0, Reason(target, "target", why))
    columns = [_finish(each, target, overrides.get(each.column.name, Override()), reasons) for each in readings]
    suspects = _suspects(readings, columns, target, positive, reasons)
    table = pa.table([each.values for each in readings], names=list(names))
    order = {name: place for place, name in enumerate(names)}
    reasons.sort(key=lambda reason: (order.get(reason.subject, -1), _ORDER.index(reason.about)))
    return Table(table, Schema(tuple(columns), target, positive, problem, suspects, tuple(reasons)))


_ORDER = ("file", "type", "missing", "role", "sensitive", "leakage", "target", "positive")


def _target(
    readings: list[Reading], target: str | None, overrides: Mapping[str, Override]
) -> tuple[str | None, str | None]:
    """Returns the target and why."""
    said = [name for name, override in overrides.items() if override.role == "target"]
    if target is not None and said and said != [target]:
        raise DataError(f"Two targets are named, {target!r} and {said[0]!r}: name one.")
    if target is not None or said:
        return target or said[0], "You named it as the target."
    barred = {name for name, override in overrides.items() if override.role is not None}
    guess = guess_target([reading for reading in readings if reading.column.name not in barred])
    return guess or (None, None)


def _as_target(reading: Reading) -> Reading:
    """Checks a target, and reads two different numbers as two classes."""
    check_target(reading)
    if reading.column.type == "number" and pc.count_distinct(reading.values).as_py() == 2:
        said = Override(type="category", missing_words=reading.column.missing_words)
        classes = read(reading.column.name, reading.values, said)
        return replace(classes, sentences=(("type", "Its values are two different numbers, read as two classes."),))
    return reading


def _pose(
    readings: list[Reading], target: str | None, positive: str | None
) -> tuple[Problem | None, str | None, list[Reason]]:
    """Names the problem and the positive class."""
    reasons: list[Reason] = []
    if target is None:
        reasons.append(
            Reason("", "target", "No column has exactly two values, so no target could be guessed: name one.")
        )
        return None, None, reasons
    reading = next(each for each in readings if each.column.name == target)
    counted = pc.value_counts(reading.values)
    problem = problem_of(reading, len(counted))
    if problem != "binary":
        kind = "a quantity: regression" if problem == "regression" else f"one of {len(counted):,} classes: multiclass"
        reasons.append(Reason(target, "target", f"It is {kind}, which the capstone does not support yet."))
        return problem, None, reasons
    counts = {str(each["values"]): int(each["counts"]) for each in counted.to_pylist()}
    if positive is None:
        positive, why = guess_positive(target, counts)
        reasons.append(Reason(target, "positive", why))
    elif positive not in counts:
        raise DataError(
            f"The target {target!r} has no class {positive[:60]!r}: it has {' and '.join(map(repr, sorted(counts)))}."
        )
    else:
        reasons.append(Reason(target, "positive", "You named the positive class."))
    return problem, positive, reasons


def _finish(reading: Reading, target: str | None, override: Override, reasons: list[Reason]) -> Column:
    """Gives a column its role and sensitivity, and writes down why."""
    column = reading.column
    reasons.extend(Reason(column.name, about, sentence) for about, sentence in reading.sentences)
    if column.name == target:
        return replace(column, role="target")
    if override.role is not None:
        column = replace(column, role=override.role)
        reasons.append(Reason(column.name, "role", f"You gave it the role {override.role}."))
    else:
        role = role_of(reading)
        if role:
            column = replace(column, role=role[0])
            reasons.append(Reason(column.name, "role", role[1]))
    attribute = sensitive_attribute(column.name) if column.role == "feature" else None
    if override.sensitive is not None:
        word = "sensitive" if override.sensitive else "not sensitive"
        reasons.append(Reason(column.name, "sensitive", f"You said that it is {word}."))
        return replace(column, sensitive=override.sensitive)
    if attribute:
        reasons.append(Reason(column.name, "sensitive", f"Its name suggests {attribute}; this is a guess."))
    return replace(column, sensitive=bool(attribute))


def _suspects(
    readings: list[Reading], columns: list[Column], target: str | None, positive: str | None, reasons: list[Reason]
) -> tuple[str, ...]:
    """Names the columns that alone predict the target almost perfectly."""
    if positive is None:
        return ()
    goal = next(each for each in readings if each.column.name == target)
    hits = np.asarray(pc.equal(goal.values, positive), dtype=bool)
    found = []
    for reading, column in zip(readings, columns, strict=True):
        if column.role == "feature" or (column.role == "ignored" and column.type == "text"):
            area = predicts_alone(column, reading.values, hits)
            if area >= SUSPICIOUS:
                found.append(column.name)
                sentence = (
                    f"Alone it ranks the target with an area under the curve of {area:.3f}: it may hold the answer."
                )
                reasons.append(Reason(column.name, "leakage", sentence))
    return tuple(found)
