"""The one way in for content files: relative names only, nothing outside the directory, errors that name the file."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from fallline.core.choice import nearest
from fallline.core.errors import FallLineError, SpecError
from fallline.runs.spec.base import SpecModel, build

MAX_BYTES = 512 * 1024
"""No honest content file is larger: text and TOML, no data."""

SUFFIXES = frozenset({".toml", ".md"})

M = TypeVar("M", bound="ContentModel")


class ContentModel(SpecModel):
    """Base of everything that is read from a content file: frozen, strict, refuses unknown keys."""


class ContentError(FallLineError):
    """Content that cannot be used.

    Attributes:
        file: relative to the content directory.
        path: dotted key inside the file; empty for the whole.
        value: what stands there, shortened.
        expected: what was expected.
        hint: what to do, such as the nearest known name.

    >>> print(ContentError("course.toml", "term.zone", "Mars", "an IANA time zone"))
    course.toml: term.zone: 'Mars' is not an IANA time zone.
    """

    def __init__(self, file: str, path: str, value: object, expected: str, hint: str = "") -> None:
        inner = SpecError(path, value, expected, hint)
        self.file, self.path, self.value, self.expected, self.hint = file, path, inner.value, expected, hint
        super().__init__(f"{file}: {inner}")

    @staticmethod
    def of(file: str, error: SpecError) -> ContentError:
        """Adds the file to an error that knows the rest."""
        wrapped = ContentError(file, error.path, "", error.expected, error.hint)
        wrapped.value = error.value
        wrapped.args = (f"{file}: {error}",)
        return wrapped


class ContentFiles:
    """Reads the files of one content directory, and remembers what it read for the digest.

    Attributes:
        root: the directory, resolved.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._seen: dict[str, str] = {}
        if not self.root.is_dir():
            raise ContentError(str(root), "", str(root), "a directory with a course.toml")

    def names(self, folder: str, suffix: str) -> list[str]:
        """Lists the files in a folder, sorted, as names relative to the root; none when there is no such folder."""
        directory = self._inside(folder, folder)
        if not directory.is_dir():
            return []
        return sorted(f"{folder}/{path.name}" for path in directory.iterdir() if path.suffix == suffix)

    def exists(self, name: str) -> bool:
        """Says whether there is such a file."""
        return self._inside(name, name).is_file()

    def text(self, name: str) -> str:
        """Returns a file's text.

        Raises:
            ContentError: no such file, outside the directory, too large, or not UTF-8.
        """
        path = self._inside(name, name)
        if path.suffix not in SUFFIXES:
            raise ContentError(name, "", name, "a .toml or .md file")
        if not path.is_file():
            raise ContentError(name, "", name, "a file that exists")
        if path.stat().st_size > MAX_BYTES:
            raise ContentError(name, "", f"{path.stat().st_size:,} bytes", f"at most {MAX_BYTES // 1024} KiB")
        content = path.read_bytes()
        self._seen[name] = hashlib.sha256(content).hexdigest()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ContentError(name, "", content[:20], "UTF-8 text", f"Byte {error.start} is not UTF-8.") from None

    def tree(self, name: str) -> dict[str, Any]:
        """Returns a TOML file as plain data; dates become ISO text.

        Raises:
            ContentError: as `text`, or not TOML.
        """
        try:
            tree = tomllib.loads(self.text(name))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ContentError(name, "", "this", "valid TOML", f"{error}.") from None
        plain: dict[str, Any] = _plain(tree)
        return plain

    def model(self, name: str, model: type[M], **extra: Any) -> M:
        """Returns a TOML file as a model; `extra` keys are filled in from its place, and may only be repeated.

        Raises:
            ContentError: as `tree`, or something in it that the model refuses.
        """
        tree = self.tree(name)
        for key, value in extra.items():
            if key in tree and tree[key] != value:
                raise ContentError(name, key, tree[key], f"what its place says, {value!r}", "Leave the key out.")
        return self.built(name, model, tree | extra)

    def built(self, name: str, model: type[M], tree: dict[str, Any]) -> M:
        """Builds a model from a tree that came from the file `name`."""
        try:
            made = build(model, tree)
        except SpecError as error:
            raise ContentError.of(name, with_hint(error, model)) from None
        except FallLineError as error:
            raise ContentError(name, "", str(error), "finite, plain data") from None
        assert isinstance(made, model)  # noqa: S101 - narrows for the type checker; build returns what it was asked for
        return made

    def digest(self) -> str:
        """Returns one SHA-256 over the names and contents of all files read so far."""
        lines = "\n".join(f"{name} {sha256}" for name, sha256 in sorted(self._seen.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _inside(self, name: str, shown: str) -> Path:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or "\\" in name or "\0" in name or not pure.parts:
            raise ContentError(shown[:80], "", name, "a relative name inside the content directory")
        path = (self.root / pure).resolve()
        if not path.is_relative_to(self.root):
            raise ContentError(
                shown[:80], "", name, "a file inside the content directory", "It is a link that leads out."
            )
        return path


def with_hint(error: SpecError, model: type[BaseModel]) -> SpecError:
    """Adds the nearest known key to an error about an unknown one, inside lists of tables too."""
    if error.expected != "a known key" or error.hint:
        return error
    known = _known_keys(model, error.path.split(".") if error.path else [])
    close = nearest(str(error.value).strip("'"), known)
    hint = f"Did you mean {close!r}?" if close else f"Known here: {', '.join(known)}." if known else ""
    return SpecError(error.path, str(error.value).strip("'"), error.expected, hint)


def _known_keys(model: type[BaseModel], path: list[str]) -> list[str]:
    current: type[BaseModel] | None = model
    for part in path:
        if part.isdigit() or current is None:
            continue
        field = current.model_fields.get(part)
        current = _model_in(field.annotation) if field else None
    return sorted(current.model_fields) if current else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, dt.date | dt.time) else node
