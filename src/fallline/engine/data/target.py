"""The target: which column is predicted, what kind of problem that is, and which class is the positive one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from fallline.core.errors import DataError
from fallline.engine.data.reading import Reading
from fallline.engine.data.schema import Problem, Schema

TARGET_NAMES: tuple[str, ...] = (
    *("target", "label", "churn", "churned", "ischurn", "attrition", "exited", "default", "defaulted", "isdefault"),
    *(
        "deny",
        "denied",
        "fraud",
        "isfraud",
        "converted",
        "conversion",
        "subscribed",
        "survived",
        "diagnosis",
        "outcome",
    ),
    *("class", "y", "status", "loanstatus", "response", "purchased", "clicked", "approved"),
)
"""Names that a target often has (lower case, letters only), in the order they are looked for."""

POSITIVE_WORDS: frozenset[str] = frozenset(
    (
        *("1", "yes", "y", "true", "t", "on", "positive", "pos", "churn", "churned", "left", "exited", "attrited"),
        *("cancelled", "canceled", "default", "defaulted", "denied", "deny", "fraud", "converted", "died", "event"),
        *("case", "malignant"),
    )
)
"""Words that name the class of interest whatever its share; otherwise the rarer class is taken."""

MOST_CLASSES = 20
"""Whole numbers with up to 20 different values are taken for classes, more for a quantity."""


def guess_target(readings: Sequence[Reading]) -> tuple[str, str] | None:
    """Guesses the target: a two-valued column with a usual name, else the last two-valued column without gaps.

    Returns:
        The column's name and the sentence that says why; None when no column has two values.
    """
    binary = [reading for reading in readings if reading.column.type in _DISCRETE and reading.distinct == 2]
    by_name = {
        re.sub(r"[^a-z]", "", reading.column.name.casefold()): reading.column.name for reading in reversed(binary)
    }
    for usual in TARGET_NAMES:
        if usual in by_name:
            name = by_name[usual]
            return name, f"You named no target; {name!r} has two values and a name that targets often have."
    whole = [reading.column.name for reading in binary if not reading.column.missing]
    if not whole:
        return None
    return whole[-1], f"You named no target; {whole[-1]!r} is the last column with exactly two values and no gaps."


def check_target(reading: Reading) -> None:
    """Refuses a target that nothing can be learnt from.

    Raises:
        DataError: it has missing values, or one class only.
    """
    name, values = reading.column.name, reading.values
    if len(values) == 0:
        raise DataError("The table has no rows.")
    if values.null_count == len(values):
        raise DataError(f"The target {name!r} has no value in any row: name another target.")
    if values.null_count:
        first = pc.index(pc.is_null(values), pa.scalar(value=True)).as_py() + 1
        raise DataError(
            f"The target {name!r} has no value in {values.null_count:,} of {len(values):,} rows (the first is row "
            f"{first:,}): remove those rows or fill them in."
        )
    if pc.count_distinct(values.slice(0, 1000)).as_py() == 1 and pc.count_distinct(values).as_py() == 1:
        raise DataError(
            f"The target {name!r} has one class only, {values[0].as_py()!r} in all {len(values):,} rows: "
            "two classes are needed to learn from."
        )


def problem_of(reading: Reading, distinct: int) -> Problem:
    """Names the problem that a target poses.

    Args:
        reading: the target.
        distinct: how many different values it has.
    """
    if reading.column.type == "datetime":
        return "regression"
    if distinct == 2:
        return "binary"
    if reading.column.type == "number":
        whole = pc.all(pc.equal(reading.values, pc.floor(reading.values))).as_py()
        return "multiclass" if whole and distinct <= MOST_CLASSES else "regression"
    return "multiclass"


def guess_positive(name: str, counts: Mapping[str, int]) -> tuple[str, str]:
    """Guesses which of two classes is the positive one.

    Args:
        name: the target's name.
        counts: rows of each class.

    Returns:
        The class, and the sentence that says why.

    >>> guess_positive("Status", {"good": 3200, "bad": 1254})[0]
    'bad'
    >>> guess_positive("card", {"no": 296, "yes": 1023})[0]
    'yes'
    """
    said = [level for level in counts if level.casefold() in POSITIVE_WORDS]
    if len(said) == 1:
        return said[0], f"{said[0]!r} is taken as the positive class of {name!r}: the word says so."
    rarer = min(sorted(counts), key=lambda level: counts[level])
    share = 100 * counts[rarer] / sum(counts.values())
    return rarer, f"{rarer!r} is taken as the positive class of {name!r}: it is the rarer one ({share:.1f} % of rows)."


def require_binary(schema: Schema) -> str:
    """Returns the target's name, when it is one that the capstone can predict.

    Raises:
        DataError: there is no target, or predicting it is not a two-class problem.
    """
    if schema.target is None:
        raise DataError("The table has no target: no column has exactly two values, so name the column to predict.")
    name = schema.target
    if schema.problem == "regression":
        raise DataError(
            f"The target {name!r} is a quantity or a date, so this is a regression; the capstone does not support "
            "regression yet: it needs a target with two classes."
        )
    if schema.problem != "binary" or schema.positive is None:
        raise DataError(
            f"The target {name!r} has more than two classes; the capstone does not support multiclass targets yet: "
            "it needs a target with two classes."
        )
    return name


_DISCRETE = frozenset(("boolean", "category"))
