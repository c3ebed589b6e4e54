"""How a script reads a Record: its JSON, beside the script."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from fallline.runs.code.layout import WIDTH, docstring, script


def view_script(record: str, what: str, imports: Sequence[str], body: str, tools: str = "") -> str:
    """Returns a script that reads ``record.json`` and goes on with ``result``, the parts of its stages.

    Args:
        record: id of the Record, or ``shipped:NAME``.
        what: it does, for the docstring.
        imports: of third parties, or of the standard library besides ``json`` and ``pathlib``.
        body: what follows.
        tools: what it is done with.
    """
    said = docstring(
        f"{what}{f', in {tools}' if tools else ''}.",
        textwrap.wrap(f"record.json: from `fallline show {record} --json`, or from the Record's page.", WIDTH),
    )
    standard = [line for line in imports if line.split()[1].split(".")[0] in {"itertools", "math"}]
    third = [line for line in imports if line not in standard]
    head = ["import json", *standard, "from pathlib import Path", *(["", *third] if third else [])]
    read = 'result = json.loads(Path("record.json").read_text(encoding="utf-8"))["result"]'
    return script(said, [*head, "", read, *body.splitlines()])
