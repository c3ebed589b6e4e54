"""Writes `docs/reference.md`: every verb, every kind of Spec, every registered name, from the code itself.

`python -m scripts.reference` writes it; `--check` only says whether it is up to date, with exit status 1 when not.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from scripts.registries import Registry, registries, sentence
from scripts.spec_keys import tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"
HEAD = """\
# Reference

Written from the code by `make docs`; a test fails when it is out of date. For what the words mean, see the
[glossary](glossary.md).
"""
SETTINGS = {
    "FALLLINE_HOME": ("where all state lives: Records, uploads, the database", "`~/.fallline`"),
    "FALLLINE_DATABASE": ("an SQLAlchemy URL, such as `postgresql://localhost/fallline`", "SQLite in FALLLINE_HOME"),
}
"""The environment variables that Fall Line reads: name → what, and what holds without it."""


def verbs() -> dict[str, Any]:
    """Returns the verbs of the command line: name → command, those of a group as ``group verb``."""
    from fallline.cli.main import app  # the door imports every room

    return dict(_leaves(typer.main.get_command(app), ""))


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
    else:
        for word, below in inner.items():
            yield from _leaves(below, f"{name} {word}".strip())


def cell(text: str) -> str:
    """Makes a text fit for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Writes a Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]


def command_lines(name: str, command: Any) -> list[str]:
    """Writes one verb: how it is typed, what it does, its options."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
    shape = [place(argument) for argument in arguments]
    usage = " ".join(["fallline", name, *shape, *(["[OPTIONS]"] if options else [])])
    lines = [f"### fallline {name}", "", f"`{usage}`", "", inspect.cleandoc(command.help or ""), ""]
    rows = [(f"`{place(argument)}`", argument.help or "", "") for argument in arguments]
    rows += [
        (f"`{' / '.join(option.opts + option.secondary_opts)}`", option.help or "", _shown(option))
        for option in options
    ]
    return [*lines, *table(("option", "what", "default"), rows), ""] if rows else lines


def place(argument: Any) -> str:
    """Says what stands for an argument in the usage line; brackets when it may be left out."""
    word = argument.metavar or argument.name.upper()
    return word if argument.required else f"[{word}]"


def _shown(option: Any) -> str:
    value = option.default
    silent = value is None or value is False or value == "" or callable(value)
    return "" if silent else f"`{value}`"


def registry_lines(registry: Registry) -> list[str]:
    """Writes one registry: its name, where it lives, and a line per entry."""
    rows = [(f"`{key}`", sentence(entry)) for key, entry in registry.entries.items()]
    return [f"### {registry.name}", "", f"`{registry.room}.{registry.name}`", "", *table(("name", "what"), rows), ""]


def spec_lines(kind: str, model: type[BaseModel], seen: set[str]) -> list[str]:
    """Writes one kind of Spec and the tables inside it that no kind before it has shown."""
    first, *inner = tables(model)
    heads = ("key", "what may stand there", "default", "meaning")
    lines = [f"### kind = {kind!r}".replace("'", '"'), "", (inspect.getdoc(model) or "").split("\n", 1)[0], ""]
    lines += [*table(heads, [(f"`{row[0]}`", *row[1:]) for row in first[1]]), ""]
    for name, rows in inner:
        if name not in seen:
            seen.add(name)
            lines += [f"#### {name}", "", *table(heads, [(f"`{row[0]}`", *row[1:]) for row in rows]), ""]
    return lines


def written() -> str:
    """Returns the page as it should be."""
    found = registries()
    lines = [HEAD, "## The command line", ""]
    for name, command in verbs().items():
        lines += command_lines(name, command)
    lines += ["## Settings", "", "Read from the environment.", ""]
    lines += table(("variable", "what", "without it"), [(f"`{name}`", *about) for name, about in SETTINGS.items()])
    lines += ["", "## Specs", ""]
    seen: set[str] = set()
    for registry in found:
        for kind, model in registry.entries.items():
            if registry.name == "SPECS" and inspect.isclass(model) and issubclass(model, BaseModel):
                lines += spec_lines(kind, model, seen)
    lines += ["## Names", "", "Every name that a Spec, a lab or an item may use, with the dict that holds it.", ""]
    for registry in found:
        lines += registry_lines(registry)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Writes or checks the page; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the page is up to date")
    if not parser.parse_args(arguments).check:
        PAGE.write_text(written(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == written():
        return 0
    print("docs/reference.md is out of date: run `make docs` and commit it.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
