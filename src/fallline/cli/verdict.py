"""What the terminal says at the end of a run: the verdict first, then where to look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from fallline.core.errors import SpecError

if TYPE_CHECKING:
    from fallline.runs.run import Outcome
    from fallline.runs.spec.base import Spec


def read_spec(path: Path) -> Spec:
    """Reads a Spec file.

    Raises:
        SpecError: it is not there, or not a Spec; begins with the file's name.
    """
    from fallline.runs.spec import parse_spec
    from fallline.runs.spec.tree import MAX_BYTES

    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError("", str(path), "a file that can be read", f"{error.strerror}.") from None
    return parse_spec(content)


def print_verdict(console: Console, outcome: Outcome) -> None:
    """Prints how it was answered, what was found, and the next commands."""
    record = outcome.record
    seconds = record.observed.get("run", {}).get("seconds", 0.0)
    how = {
        "looked up": "Known already: looked up",
        "resumed": "Went on from its last checkpoint",
        "executed": "Executed",
    }
    console.print()
    verdict = record.result.get("report", {}).get("verdict") or record.ending.sentence
    console.print(Text(verdict, style="bold"), soft_wrap=True)
    line = f"Record {record.id} · {how[outcome.how]}"
    console.print(Text(line + (f" in {seconds:.1f} s" if outcome.how == "executed" else ""), style="dim"))
    if record.kind == "capstone" and "report" in record.result:
        for command, what in (
            (f"fallline report {record.id}", "the report, one file, no network"),
            (f"fallline deploy {record.id}", "serve the model over HTTP"),
            (f"fallline code {record.id}", "the same as code"),
        ):
            console.print(f"  {command:<34} {what}", soft_wrap=True)
