"""`fallline code`: a Spec shown as code in the field's own tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def code(
    what: Annotated[str, typer.Argument(help="A Record's id, or a Spec file.", metavar="RECORD|SPEC")],
    out: Annotated[Path | None, typer.Option(help="Write it there instead of printing it.")] = None,
) -> None:
    """Show a Spec as one short script in scikit-learn, PyTorch and Optuna that gives the same numbers."""
    from fallline.cli.environment import database
    from fallline.cli.find import find_record
    from fallline.cli.verdict import read_spec
    from fallline.runs.code import show_as_code
    from fallline.runs.spec import load_spec
    from fallline.storage.ledger import SqlLedger

    path = Path(what)
    if path.suffix == ".toml" or path.is_file():
        script = show_as_code(read_spec(path), None)
    else:
        with database() as opened:
            record = find_record(SqlLedger(opened), what)
        script = show_as_code(load_spec(record.spec), record)
    if out is None:
        print(script, end="")
    else:
        out.write_text(script, encoding="utf-8")
        print(f"Wrote {out}.")
