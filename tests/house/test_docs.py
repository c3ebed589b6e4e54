"""What a person may write is written down, and what is written down leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import links, reference
from scripts.registries import registries


@pytest.fixture(scope="module")
def prose() -> str:
    """Everything under docs/, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((links.ROOT / "docs").rglob("*.md")))


def test_every_registered_name_is_documented(prose: str) -> None:
    """Each key of each registry stands in the docs as code."""
    found = registries()
    missing = [f"{registry.name}: {key}" for registry in found for key in registry.entries if f"`{key}`" not in prose]
    assert {"OPTIMIZERS", "SCHEDULES", "SURFACES", "METRICS", "SPECS"} <= {registry.name for registry in found}
    assert not missing, f"run `make docs`: {', '.join(missing)}"


def test_every_verb_is_documented(prose: str) -> None:
    """Each verb of the command line stands in the docs, and helps when asked."""
    verbs = reference.verbs()
    missing = [name for name in verbs if f"fallline {name}" not in prose]
    assert {"serve", "run"} <= set(verbs)
    assert not missing, f"run `make docs`: {', '.join(missing)}"
    assert all(command.help for command in verbs.values())


def test_every_setting_is_documented(root: Path, kept: list[Path], prose: str) -> None:
    """Each environment variable that the package reads stands in the docs."""
    read = {
        name
        for path in kept
        if path.suffix == ".py" and path.is_relative_to(root / "src")
        for name in re.findall(r"\bFALLLINE_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert not {name for name in read if name not in prose}


def test_the_reference_is_up_to_date() -> None:
    """docs/reference.md is what the code says today."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.written(), "run `make docs` and commit it"


def test_every_link_and_name_leads_somewhere() -> None:
    """No link in the prose is dead, and no dotted name in it is out of date."""
    assert not links.problems(links.ROOT)


def test_a_dead_link_and_a_stale_name_are_found(tmp_path: Path) -> None:
    """A missing file, a missing heading, a way out of the repository and an unknown name each get a sentence."""
    (tmp_path / "README.md").write_text(
        "# Top\n[a](#top) [b](#bottom) [c](docs/x.md#there) [d](no.md) [e](../out.md) [f](https://example.org)\n\n"
        "`fallline.core.rng.generator` and `fallline.core.dice`\n",
        encoding="utf-8",
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "x.md").write_text("# There\n", encoding="utf-8")
    assert links.problems(tmp_path) == [
        "README.md: #bottom: no such heading.",
        "README.md: no.md leads to no file.",
        "README.md: ../out.md leads to no file.",
        "README.md: fallline.core.dice names nothing.",
    ]
