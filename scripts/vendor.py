"""Copies the site's fonts from pinned npm packages into `static/vendor`, with their licences and SHA-256.

For maintainers: `python -m scripts.vendor` needs `npm` and a registry; nobody else does, because the files are
committed and shipped in the wheel. Change a version below, run it, look at the pages, commit what changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "fallline" / "web" / "static" / "vendor"
FACE = re.compile(r"@font-face \{(?P<body>.*?)\}", re.DOTALL)


@dataclass(frozen=True)
class Package:
    """One font as npm ships it, and the few files of it that the site sends.

    Attributes:
        name: the npm package.
        version: pinned; a new one is a change to look at.
        folder: its folder under `static/vendor`.
        family: what the style sheets call it.
        licence: SPDX identifier.
        sheets: the package's own style sheets that declare the files.
        files: the woff2 files to keep, without folder or ending.
    """

    name: str
    version: str
    folder: str
    family: str
    licence: str
    sheets: tuple[str, ...]
    files: tuple[str, ...]


PACKAGES = (
    # Optical sizes for the Latin letters (a heading at 40 px is another drawing than a line of text), weights alone
    # for the rest, which is rare.
    Package(
        "@fontsource-variable/source-serif-4",
        "5.3.1",
        "source-serif-4",
        "Source Serif 4",
        "OFL-1.1",
        ("opsz.css", "opsz-italic.css", "wght.css", "wght-italic.css"),
        (
            "source-serif-4-latin-opsz-normal",
            "source-serif-4-latin-opsz-italic",
            "source-serif-4-latin-ext-wght-normal",
            "source-serif-4-latin-ext-wght-italic",
            "source-serif-4-greek-wght-normal",
            "source-serif-4-greek-wght-italic",
        ),
    ),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "inter",
        "Inter",
        "OFL-1.1",
        ("wght.css",),
        ("inter-latin-wght-normal", "inter-latin-ext-wght-normal", "inter-greek-wght-normal"),
    ),
    Package(
        "@fontsource-variable/jetbrains-mono",
        "5.3.0",
        "jetbrains-mono",
        "JetBrains Mono",
        "OFL-1.1",
        ("wght.css",),
        (
            "jetbrains-mono-latin-wght-normal",
            "jetbrains-mono-latin-ext-wght-normal",
            "jetbrains-mono-greek-wght-normal",
        ),
    ),
    # The one with a MATH table, for MathML: a serif like the text that formulas stand in.
    Package(
        "@fontsource/stix-two-math",
        "5.3.0",
        "stix-two-math",
        "STIX Two Math",
        "OFL-1.1",
        ("latin.css",),
        ("stix-two-math-latin-400-normal",),
    ),
)


def unpack(package: Package, into: Path) -> Path:
    """Fetches one package with `npm pack`, which checks npm's own integrity hash, and returns its unpacked folder."""
    into.mkdir(parents=True)
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=into,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with tarfile.open(next(into.glob("*.tgz"))) as archive:
        archive.extractall(into, filter="data")
    return into / "package"


def faces(package: Package, folder: Path) -> list[str]:
    """Rewrites the package's own @font-face rules: our family name, our file, woff2 alone."""
    rules: dict[str, str] = {}
    for sheet in package.sheets:
        for found in FACE.finditer((folder / sheet).read_text(encoding="utf-8")):
            body = found["body"]
            for name in package.files:
                if f"/{name}.woff2" in body:
                    rules[name] = rule(package, name, body)
    missing = set(package.files) - set(rules)
    if missing:
        raise SystemExit(f"{package.name} {package.version} declares no {', '.join(sorted(missing))}.")
    return [rules[name] for name in package.files]


def rule(package: Package, name: str, body: str) -> str:
    """Writes one @font-face rule from the descriptors of another."""
    descriptors = dict(re.findall(r"(?m)^\s*([\w-]+):\s*([^;]+);", body))
    lines = [
        f'  font-family: "{package.family}";',
        f"  font-style: {descriptors['font-style']};",
        f"  font-weight: {descriptors['font-weight']};",
        "  font-display: swap;",
        f'  src: url("{package.folder}/{name}.woff2") format("woff2");',
    ]
    if "unicode-range" in descriptors:
        lines.append(f"  unicode-range: {descriptors['unicode-range'].replace(',', ', ')};")
    return "@font-face {\n" + "\n".join(lines) + "\n}\n"


def entry(package: Package, folder: Path) -> dict[str, object]:
    """Describes one package for the manifest: what it is, under which licence, and the hash of each file."""
    hashes = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }
    return {
        "package": package.name,
        "version": package.version,
        "family": package.family,
        "licence": package.licence,
        "files": hashes,
    }


def main() -> None:
    """Fills `static/vendor` anew."""
    sheet = ["/* Written by `python -m scripts.vendor`; the files and their licences lie beside this one. */\n"]
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            source = unpack(package, Path(scratch) / package.folder)
            target = VENDOR / package.folder
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for name in package.files:
                shutil.copyfile(source / "files" / f"{name}.woff2", target / f"{name}.woff2")
            shutil.copyfile(source / "LICENSE", target / "LICENSE")
            sheet += faces(package, source)
            entries.append(entry(package, target))
            print(f"{package.family}: {len(package.files)} files")
    (VENDOR / "fonts.css").write_text("\n".join(sheet), encoding="utf-8")
    manifest = {"packages": entries, "fonts.css": hashlib.sha256((VENDOR / "fonts.css").read_bytes()).hexdigest()}
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
