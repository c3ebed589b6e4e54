"""A file is named by what it holds."""

from __future__ import annotations

import re
from pathlib import Path

EMPTY_WORDS = re.compile(r"(?:^|[_-])(utils?|utilities|helpers?|commons?|misc|managers?)(?:$|[_-])", re.IGNORECASE)


def says_nothing(path: Path) -> bool:
    """Whether a part of a path is a word that fits anything."""
    return any(EMPTY_WORDS.search(part) for part in (*path.parts[:-1], path.stem))


def test_no_name_fits_everything(root: Path, kept: list[Path]) -> None:
    """No folder or file is called utils, helpers, common, misc or manager: such a name attracts everything."""
    found = [path.relative_to(root).as_posix() for path in kept if says_nothing(path.relative_to(root))]
    assert not found, ", ".join(found)


def test_an_empty_word_is_found() -> None:
    """The pattern takes whole words alone: `commonmark` and `misclassified` say something."""
    for name in ("src/utils/x.py", "src/run_helpers.py", "tests/common.py", "job-manager.js"):
        assert says_nothing(Path(name)), name
    for name in ("src/commonmark.py", "src/misclassified.py", "docs/management.md"):
        assert not says_nothing(Path(name)), name
