"""`fallline report`: the report of a Record as one self-contained file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    record: Annotated[str, typer.Argument(help="The Record's id, or the start of it.", metavar="RECORD")],
    out: Annotated[Path, typer.Option(help="Where to write it.")] = Path("report.html"),
) -> None:
    """Write report.html: the decision, the evidence and the model card; one file, no network."""
    from fallline.cli.environment import database
    from fallline.cli.find import find_record
    from fallline.figures.report import report_html
    from fallline.storage.ledger import SqlLedger

    with database() as opened:
        found = find_record(SqlLedger(opened), record)
    html = report_html(found)
    out.write_text(html, encoding="utf-8")
    print(f"Wrote {out} ({len(html.encode()) / 1000:.0f} kB). Open it in a browser; it needs no network.")
