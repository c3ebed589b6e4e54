"""Figures as a table: for the terminal, and as the Markdown page that the docs show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.machine import sentence

HEADS = ("figure", "value", "target", "holds", "against")
WORDS = {True: "yes", False: "no", None: ""}


def number(value: float | None) -> str:
    """Writes a value with three significant digits, large ones in full with separators.

    >>> [number(value) for value in (0.0, 0.12345, 82.04, 1650.2, 1234567.0, None)]
    ['0', '0.123', '82', '1,650', '1,234,567', 'undefined']
    """
    if value is None:
        return "undefined"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def rows(result: dict[str, Any]) -> list[tuple[str, ...]]:
    """Turns the figures of one benchmark into rows of text."""
    return [
        (
            figure["name"],
            f"{number(figure['value'])} {figure['unit']}".strip(),
            figure["target"] or "",
            WORDS[figure["holds"]],
            figure["against"] or "",
        )
        for figure in result["figures"]
    ]


def terminal(result: dict[str, Any]) -> str:
    """Lays one benchmark out in columns."""
    table = [HEADS, *rows(result)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([f"{result['benchmark']}: {sentence(result['machine'])}", *lines])


def markdown(results: Sequence[dict[str, Any]]) -> str:
    """Writes the page: a table per benchmark, with the machine it ran on."""
    parts = [
        "# Benchmarks",
        "",
        "Medians of interleaved runs. `make bench` measures them anew and writes this page;",
        "`python -m benchmarks NAME` runs one.",
    ]
    for result in results:
        quick = ", shortened by `--quick`" if result["quick"] else ""
        parts += [
            "",
            f"## {result['benchmark']}",
            "",
            f"{sentence(result['machine'])}; {result['seconds']} s{quick}.",
            "",
        ]
        parts += [line(HEADS), line(("---",) * len(HEADS)), *map(line, rows(result))]
    return "\n".join(parts) + "\n"


def line(cells: Sequence[str]) -> str:
    r"""Writes one row of a Markdown table.

    >>> line(("p95", "a|b"))
    '| p95 | a\\|b |'
    """
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
