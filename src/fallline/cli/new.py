"""`fallline new`: a commented Spec for one's own table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    kind: Annotated[str, typer.Argument(help="What to make: capstone.")],
    data: Annotated[Path, typer.Option(help="Your table: CSV or Parquet.")],
    target: Annotated[str, typer.Option(help="The column to predict; guessed when left out.")] = "",
    positive: Annotated[str, typer.Option(help="Its value that counts as positive; guessed when left out.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write it; beside the table when left out.")] = None,
) -> None:
    """Write a Spec for your own table, commented and ready to run."""
    from fallline.core.choice import lookup
    from fallline.core.errors import FallLineError
    from fallline.runs.sources import load
    from fallline.runs.sources.spec import File
    from fallline.runs.spec import parse_spec
    from fallline.runs.starter import starter_toml

    lookup(kind, {"capstone": None}, "kind")
    source = File(path=str(data), target=target or None, positive=positive or None)
    loaded = load(source, allow_files=True)
    place = out or data.with_suffix(".capstone.toml")
    if place.exists():
        raise FallLineError(f"{place} is already there. Choose another name with --out.")
    text = starter_toml(loaded, source)
    parse_spec(text)
    place.write_text(text, encoding="utf-8")
    schema = loaded.table.schema
    print(f"Wrote {place}: {loaded.table.rows:,} rows, target {schema.target} = {schema.positive}.")
    print(f"  Look through its pay-offs, then: fallline run {place}")
