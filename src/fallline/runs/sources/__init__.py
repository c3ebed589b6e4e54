"""Where tables come from: known by name, a person's own file, or an upload."""

from __future__ import annotations

from fallline.runs.sources.load import Loaded, load, sha256_of
from fallline.runs.sources.named import NAMED, NamedTable
from fallline.runs.sources.spec import ColumnSpec, DataSpec, File, Named, Upload
from fallline.runs.sources.uploads import store_upload

__all__ = [
    "NAMED",
    "ColumnSpec",
    "DataSpec",
    "File",
    "Loaded",
    "Named",
    "NamedTable",
    "Upload",
    "load",
    "sha256_of",
    "store_upload",
]
