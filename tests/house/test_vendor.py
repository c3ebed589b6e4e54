"""What others made and we carry along is whole, pinned, licensed and small."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import vendor

LIMIT = 2_500_000  # bytes
PACKAGES = ("source-serif-4", "inter", "jetbrains-mono", "stix-two-math")


@pytest.fixture
def manifest() -> Any:
    """What the maintainer's script wrote down."""
    return json.loads((vendor.VENDOR / "manifest.json").read_text(encoding="utf-8"))


def differing(folder: Path, hashes: dict[str, str]) -> list[str]:
    """Lists the files whose content is not what was written down."""
    return [
        name
        for name, expected in hashes.items()
        if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected
    ]


def test_every_file_is_what_was_written_down(manifest: Any) -> None:
    """Each vendored file has the SHA-256 of the manifest, and there is no file beside those."""
    hashes = {"fonts.css": manifest["fonts.css"]}
    for package in manifest["packages"]:
        hashes |= package["files"]
    present = {path.relative_to(vendor.VENDOR).as_posix() for path in vendor.VENDOR.rglob("*") if path.is_file()}
    assert not differing(vendor.VENDOR, hashes)
    assert present == {*hashes, "manifest.json"}


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    """One byte more, or a file that is gone, differs."""
    (tmp_path / "a").write_bytes(b"one")
    told = {"a": hashlib.sha256(b"one").hexdigest()}
    assert not differing(tmp_path, told)
    (tmp_path / "a").write_bytes(b"one!")
    assert differing(tmp_path, told | {"b": ""}) == ["a", "b"]


def test_the_manifest_is_what_the_script_pins(manifest: Any) -> None:
    """A version changed in the script without running it is found."""
    written = [(entry["package"], entry["version"], entry["licence"]) for entry in manifest["packages"]]
    assert written == [(package.name, package.version, package.licence) for package in vendor.PACKAGES]


@pytest.mark.parametrize("folder", PACKAGES)
def test_every_package_brings_its_licence(folder: str) -> None:
    """The Open Font License asks that its text travels with the fonts."""
    text = (vendor.VENDOR / folder / "LICENSE").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Copyright" in text or "Google" in text


def test_the_style_sheet_sends_local_files_alone() -> None:
    """Every face in fonts.css names a file that is here, and no address elsewhere; every font file has a face."""
    sheet = (vendor.VENDOR / "fonts.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("([^"]+)"\)', sheet))
    fonts = {path.relative_to(vendor.VENDOR).as_posix() for path in vendor.VENDOR.rglob("*.woff2")}
    assert named == fonts
    assert "//" not in sheet
    assert sheet.count("@font-face") == sheet.count("font-display: swap") == len(fonts)


def test_all_of_it_is_small() -> None:
    """What a reader may have to fetch stays below 2.5 MB in all."""
    assert sum(path.stat().st_size for path in vendor.VENDOR.rglob("*") if path.is_file()) < LIMIT
