"""Nothing kept here knows the machine that it was written on."""

from __future__ import annotations

import re
from pathlib import Path

BEFORE = r"(?<![\w.~/$}*-])"
PATHS = re.compile(
    BEFORE + r"/(?:home|Users)/[A-Za-z]\w*"  # a person's folder
    r"|" + BEFORE + r"/ro" + r"ot(?=[/\s\"'`:,;)]|$)"  # the administrator's
    r"|" + BEFORE + r"/wo" + r"rk/"  # a workspace
    r"|\b[A-Z]:\\+Users\\"
)
TEXT = {".py", ".js", ".css", ".html", ".md", ".toml", ".json", ".svg", ".txt", ".sh", ".yml", ".yaml", ".cfg", ""}


def found(text: str) -> list[str]:
    """Lists the paths of some machine in a text."""
    return PATHS.findall(text)


def test_no_file_names_a_path_of_some_machine(root: Path, kept: list[Path]) -> None:
    """A path that holds on one machine alone does not stand in any file of text."""
    named = {
        path.relative_to(root).as_posix(): paths
        for path in kept
        if path.suffix in TEXT and (paths := found(path.read_text(encoding="utf-8", errors="ignore")))
    }
    assert not named, named


def test_a_machine_path_is_found_and_an_address_is_not() -> None:
    """Absolute paths are found in code, prose and settings; addresses of pages and relative paths are let be."""
    for text in ('open("/ho' + 'me/ada/x")', "cd /ro" + "ot", "cat /wo" + "rk/x", "see /Us" + "ers/ada"):
        assert found(text), text
    for text in ("https://example.org/home/ada", "/home/", "a/work/b", '"/rooted"', "~/work/x"):
        assert not found(text), text
