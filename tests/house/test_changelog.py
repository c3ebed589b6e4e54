"""The changelog is written by fragments that a person can read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

NAME = re.compile(r"(?:\d+|\+[a-z0-9-]+)(?:\.\d+)?\.(?P<kind>[a-z]+)\.md|\d+\.(?P<other>[a-z]+)\.\d+\.md")


def mistakes(name: str, text: str, kinds: set[str]) -> list[str]:
    """Says what is wrong with one fragment."""
    found = NAME.fullmatch(name)
    kind = found and (found["kind"] or found["other"])
    wrong = [] if kind in kinds else [f"{name}: expected <issue>.<kind>.md with a kind of {', '.join(sorted(kinds))}."]
    return wrong if text.strip().endswith(".") else [*wrong, f"{name}: expected a sentence, ended by a full stop."]


def test_every_fragment_is_named_and_written_as_agreed(root: Path) -> None:
    """A fragment names its issue and its kind, and holds a sentence."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path for path in (root / settings["directory"]).glob("*.md") if path.name != "README.md"]
    found = [
        sentence for path in fragments for sentence in mistakes(path.name, path.read_text(encoding="utf-8"), kinds)
    ]
    assert not found, "\n".join(found)


def test_a_wrong_fragment_is_found() -> None:
    """An unknown kind and a missing full stop are told."""
    assert len(mistakes("2.feature.md", "New button", {"new"})) == 2
    assert not mistakes("2.new.md", "The button is new.", {"new"})
    assert not mistakes("+button.new.md", "The button is new.", {"new"})
