"""Loading: from a DataSpec to a table whose columns are understood, with everything that was inferred and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from fallline.core.choice import lookup
from fallline.core.errors import DataError, SpecError
from fallline.engine.data.infer import infer_table
from fallline.engine.data.schema import Reason
from fallline.engine.data.table import Table
from fallline.runs.sources.files import file_sha256, read_file
from fallline.runs.sources.named import NAMED, load_named
from fallline.runs.sources.spec import DataSpec, File, Named, Upload
from fallline.runs.sources.uploads import upload_path


@dataclass(frozen=True)
class Loaded:
    """A table as loaded.

    Attributes:
        table: the values, and what each column is.
        sha256: of the whole source, whatever rows are used: the content of a named table, the bytes of a file.
        title: for people.
        licence: under which it is passed on; empty for a person's own file.
        reasons: one sentence for each inference, those about the file first.
    """

    table: Table
    sha256: str
    title: str
    licence: str
    reasons: tuple[Reason, ...]


def load(spec: DataSpec, *, uploads: Path | None = None, allow_files: bool = False) -> Loaded:
    """Loads the table that a Spec names.

    Args:
        spec: which table, and what its owner says about it.
        uploads: the folder of uploads; None where there are none.
        allow_files: whether paths may be read; the command line and Python may, a server may not.

    Raises:
        SpecError: a path where none is allowed, or an unknown name.
        DataError: the file, a column or the target cannot be used; says why in one sentence.
        Unavailable: the table's package is not installed; gives the command.
    """
    about: list[Reason] = []
    overrides = {name: said.override() for name, said in spec.overrides.items()}
    if isinstance(spec, Named):
        known = lookup(spec.name, NAMED, "data.name")
        target, positive = spec.target or known.target, spec.positive
        if target == known.target:
            positive = positive or known.positive
        table = infer_table(_some(load_named(spec.name), spec.rows, about), target, positive, overrides)
        reasons = (*about, *(_described(each, spec) for each in table.schema.reasons))
        return _loaded(table, reasons, known.sha256, known.title, known.licence)
    path = _path(spec, uploads, allow_files=allow_files)
    sha256 = file_sha256(path)
    if isinstance(spec, Upload) and sha256 != spec.id:
        raise DataError(f"The upload {spec.id[:12]}… has changed on disk: upload the file again.")
    # the words are handed over, not kept here, so that their memory goes as they are read
    table = infer_table(_words(spec, path, about), spec.target, spec.positive, overrides)
    title = path.stem if isinstance(spec, File) else f"Uploaded table {spec.id[:8]}"
    return _loaded(table, (*about, *table.schema.reasons), sha256, title, "")


def sha256_of(spec: DataSpec, *, uploads: Path | None = None, allow_files: bool = False) -> str:
    """Returns the SHA-256 that `load` would, without loading: of a named table it is known, an upload's is its id.

    Raises:
        SpecError: a path where none is allowed, or an unknown name.
        DataError: the file or upload is not there.
    """
    if isinstance(spec, Named):
        return lookup(spec.name, NAMED, "data.name").sha256
    path = _path(spec, uploads, allow_files=allow_files)
    return spec.id if isinstance(spec, Upload) else file_sha256(path)


def _path(spec: File | Upload, uploads: Path | None, *, allow_files: bool) -> Path:
    if isinstance(spec, Upload):
        if uploads is None:
            raise DataError("There is no folder of uploads here: name a table, or give a file on the command line.")
        return upload_path(spec.id, uploads)
    if not allow_files:
        hint = "Upload the file, or run it on the command line."
        raise SpecError("data.source", "file", "a source that may be used here (named or upload)", hint)
    return Path(spec.path)


def _words(spec: File | Upload, path: Path, about: list[Reason]) -> pa.Table:
    """Reads a file; writes down what there is to say about it."""
    raw, reasons = read_file(path, path.name if isinstance(spec, File) else "The uploaded file", spec.delimiter)
    about.extend(reasons)
    return _some(raw, spec.rows, about)


def _some(raw: pa.Table, rows: int | None, about: list[Reason]) -> pa.Table:
    """Takes the number of rows asked for, evenly spaced."""
    if rows is None or rows >= raw.num_rows:
        return raw
    about.append(Reason("", "file", f"Of its {raw.num_rows:,} rows, {rows:,} are used, evenly spaced."))
    return raw.take(pa.array(np.linspace(0, raw.num_rows - 1, rows).round().astype(np.int64)))


def _loaded(table: Table, reasons: tuple[Reason, ...], sha256: str, title: str, licence: str) -> Loaded:
    return Loaded(Table(table.columns, replace(table.schema, reasons=reasons)), sha256, title, licence, reasons)


def _described(reason: Reason, spec: Named) -> Reason:
    """Says that it is the table's description, not the person, that names target and positive class."""
    if reason.sentence == "You named it as the target." and spec.target is None:
        return replace(reason, sentence="The table's description names it as the target.")
    if reason.sentence == "You named the positive class." and spec.positive is None:
        return replace(reason, sentence="The table's description names the positive class.")
    return reason
