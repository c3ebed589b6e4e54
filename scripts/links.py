"""Checks the prose: every relative link leads to a file and a heading, every dotted name in it exists."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:|^//", re.IGNORECASE)
DOTTED = re.compile(r"fallline(?:\.[A-Za-z_]\w*)+")


def pages(root: Path) -> list[Path]:
    """Lists the prose of the repository: beside this project's README, and under docs/."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def slug(heading: str) -> str:
    """Returns the anchor that a heading gets, as GitHub makes it.

    >>> slug("The words: Spec, Run & Record")
    'the-words-spec-run--record'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    """Lists the anchors of a page; a heading that comes again gets a number."""
    found: set[str] = set()
    tokens = MarkdownIt("commonmark").parse(text)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            plain = "".join(child.content for child in inline.children or ())
            base, number = slug(plain), 0
            while (name := base if number == 0 else f"{base}-{number}") in found:
                number += 1
            found.add(name)
    return found


def targets(text: str) -> Iterator[str]:
    """Yields where the links and pictures of a page lead."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or ():
            address = child.attrs.get("href") or child.attrs.get("src")
            if isinstance(address, str):
                yield address


def dead(page: Path, root: Path) -> Iterator[str]:
    """Yields a sentence per link of a page that leads nowhere in this repository."""
    text = page.read_text(encoding="utf-8")
    for address in targets(text):
        if ELSEWHERE.match(address):
            continue
        path, _, anchor = unquote(address).partition("#")
        target = (page.parent / path).resolve() if path else page
        where = f"{page.relative_to(root)}: {address}"
        if not target.exists() or not target.is_relative_to(root):
            yield f"{where} leads to no file."
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{where}: no such heading."


def unknown(page: Path, root: Path) -> Iterator[str]:
    """Yields a sentence per dotted name of ours in a page that names nothing."""
    for name in sorted(set(DOTTED.findall(page.read_text(encoding="utf-8")))):
        if not exists(name):
            yield f"{page.relative_to(root)}: {name} names nothing."


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one.

    >>> exists("fallline.core.rng.generator"), exists("fallline.core.rng.generators")
    (True, False)
    """
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def problems(root: Path) -> list[str]:
    """Returns a sentence per link or name that leads nowhere."""
    return [sentence for page in pages(root) for check in (dead, unknown) for sentence in check(page, root)]


def main() -> int:
    """Prints what is wrong; returns the exit status."""
    found = problems(ROOT)
    print("\n".join(found) or "Every link and name leads somewhere.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
