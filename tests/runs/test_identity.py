"""The key: the same for the same computation, another for anything that could change the result."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fallline
from fallline.runs.identity import PACKAGES, SOURCES, VIEW, identity, key_of, source_digest, versions
from fallline.runs.spec import SPECS, load_spec, parse_spec, to_toml


def key(tree: dict[str, object], data: str = "") -> str:
    """The key of a Spec given as a tree."""
    spec = load_spec(tree)
    return key_of(spec, identity(spec, data))


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), max_size=30))
def test_the_title_names_a_run_and_changes_nothing(title: str) -> None:
    """Two Specs that differ in their title are the same computation."""
    assert key({"kind": "descent", "title": title}) == key({"kind": "descent"})


@settings(deadline=None)
@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_every_seed_has_its_own_key(first: int, second: int) -> None:
    """Keys are equal exactly when the seeds are."""
    assert (key({"kind": "descent", "seed": first}) == key({"kind": "descent", "seed": second})) == (first == second)


def test_a_default_that_is_written_out_is_the_same_computation() -> None:
    """The key is of the Spec with its defaults, however much of it was written; TOML and back keeps it."""
    short = load_spec({"kind": "descent"})
    full = parse_spec(to_toml(short))
    assert key_of(full, identity(full, "")) == key_of(short, identity(short, ""))
    assert key(short.to_tree()) == key({"kind": "descent"})


def test_other_data_other_sources_other_versions_other_threads_are_other_keys() -> None:
    """Each part of the identity counts."""
    spec = load_spec({"kind": "descent"})
    known = identity(spec, "a" * 64)
    changed = [
        known,
        {**known, "data": "b" * 64},
        {**known, "sources": "0" * 64},
        {**known, "versions": {**known["versions"], "numpy": "0"}},
        {**known, "threads": 2},
    ]
    assert len({key_of(spec, each) for each in changed}) == len(changed)


@pytest.mark.parametrize("kind", list(SPECS))
def test_every_kind_names_sources_that_are_there_and_packages_that_are_installed(kind: str) -> None:
    """A folder or a package that was renamed would silently drop out of the key."""
    nothing = source_digest(("no-such-folder",))
    for folder in SOURCES.get(kind, VIEW):
        assert source_digest((folder,)) != nothing, folder
    assert "absent" not in versions(PACKAGES.get(kind, ("numpy",))).values()


def test_a_package_that_is_not_installed_is_called_absent() -> None:
    """To be without a library is a version too."""
    assert versions(("no-such-package-anywhere",)) == {"no-such-package-anywhere": "absent"}


def test_another_process_with_another_hash_seed_finds_the_same_key() -> None:
    """Nothing of the process goes into the key."""
    code = (
        "from fallline.runs.identity import identity, key_of, source_digest\n"
        "from fallline.runs.spec import load_spec\n"
        "spec = load_spec({'kind': 'signal', 'seed': 3})\n"
        "print(key_of(spec, {**identity(spec, 'd'), 'sources': ''}))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    spec = load_spec({"kind": "signal", "seed": 3})
    assert found == {key_of(spec, {**identity(spec, "d"), "sources": ""})}


def test_what_is_left_out_of_the_key_computes_nothing() -> None:
    """Files that show a Spec as code are no part of a key; nothing that computes may lean on them."""
    package = Path(fallline.__file__).parent
    computing = [*SOURCES.values(), VIEW]
    paths = {path for folders in computing for folder in folders for path in (package / folder).rglob("*.py")}
    shown = re.compile(r"^\s*(from|import) .*\bcode_\w+", re.MULTILINE)
    computes = [path for path in sorted(paths) if not path.name.startswith("code_")]
    leaning = [path.name for path in computes if shown.search(path.read_text(encoding="utf-8"))]
    assert leaning == []
