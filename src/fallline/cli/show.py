"""`fallline show`: one Record, as a person reads it or as JSON."""

from __future__ import annotations

from typing import Annotated

import typer


def show(
    record: Annotated[str, typer.Argument(help="The Record's id, or the start of it.", metavar="RECORD")],
    json: Annotated[bool, typer.Option("--json", help="The whole Record as JSON.")] = False,
) -> None:
    """Show one Record: verdict, stage by stage, artifacts."""
    import orjson
    from rich.console import Console
    from rich.text import Text

    from fallline.cli.environment import database
    from fallline.cli.find import find_record
    from fallline.figures.registry import parts_of
    from fallline.storage.ledger import SqlLedger

    with database() as opened:
        found = find_record(SqlLedger(opened), record)
    if json:
        print(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(highlight=False)
    console.print(Text(f"{found.title} · {found.id}", style="bold"))
    console.print(found.result.get("report", {}).get("verdict") or found.ending.sentence, soft_wrap=True)
    for stage, part in parts_of(found):
        console.print(Text(f"  {stage:<12}", style="bold"), part.get("sentence", ""), soft_wrap=True)
    for warning in found.warnings:
        console.print(Text(f"  ! {warning}", style="yellow"), soft_wrap=True)
    for artifact in found.artifacts:
        console.print(f"  {artifact.name:<28} {artifact.size:>10,} bytes  sha256 {artifact.sha256[:16]}…")
    console.print(Text(f"  result {found.result_digest()[:16]}… · key {found.key[:16]}…", style="dim"))
