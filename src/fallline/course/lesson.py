"""A lesson: Markdown with two words of its own.

``::lab{slug}`` on a line of its own places a lab. ``{{record name path|format}}`` is a number of the Record that the
Spec ``specs/name.toml`` of the same week gives; nobody types a computed number by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fallline.core.errors import SpecError
from fallline.course.path import MISSING, PATH, resolve
from fallline.course.template import check_format, formatted

LAB = re.compile(r"^::lab\{(?P<slug>[^}\n]*)\}[ \t]*$", re.MULTILINE)
RECORD = re.compile(r"\{\{\s*record\s+(?P<name>[a-z0-9-]+)\s+(?P<path>[^\s|}]+)\s*(?:\|(?P<format>[^}]*))?\}\}")
ANY_RECORD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Placeholder:
    """One ``{{record …}}``.

    Attributes:
        name: of the Spec file, without its suffix.
        path: into the Record's result.
        format: as in templates.
        text: as it stands in the lesson.
    """

    name: str
    path: str
    format: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A stretch of Markdown."""

    markdown: str


@dataclass(frozen=True)
class LabPlace:
    """Where a lab stands in a lesson."""

    slug: str


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Returns the numbers that a lesson asks for.

    Raises:
        SpecError: something in double braces that is not a well-formed ``{{record …}}``.
    """
    found: list[Placeholder] = []
    for match in ANY_RECORD.finditer(text):
        asked = RECORD.fullmatch(match[0])
        if asked is None or not PATH.fullmatch(asked["path"]):
            raise SpecError("", match[0], "a {{record name path|format}}")
        form = (asked["format"] or "").strip()
        check_format(form)
        found.append(Placeholder(asked["name"], asked["path"], form, match[0]))
    return tuple(found)


def labs_in(text: str) -> tuple[str, ...]:
    r"""Returns the slugs of the labs that a lesson places.

    >>> labs_in("Try it.\n\n::lab{playground}\n")
    ('playground',)
    """
    return tuple(match["slug"].strip() for match in LAB.finditer(text))


def filled(text: str, results: Mapping[str, Mapping[str, Any]]) -> str:
    """Returns the lesson with its numbers.

    Args:
        text: of the lesson.
        results: Spec name → the Record's result.

    Raises:
        SpecError: a Spec that is not there, or a path that leads to no number or text.

    >>> filled("It took {{record gd descent.steps|# step|steps}}.", {"gd": {"descent": {"steps": 12}}})
    'It took 12 steps.'
    """
    written = text
    for asked in placeholders(text):
        if asked.name not in results:
            raise SpecError(
                "", asked.name, "a Spec in the week's specs folder", f"Known: {', '.join(sorted(results))}."
            )
        value = resolve(asked.path, results[asked.name])
        if value is MISSING or value is None or isinstance(value, Mapping | list | tuple):
            raise SpecError("", asked.text, "a path to a number or a text")
        written = written.replace(asked.text, formatted(value, asked.format))
    return written


def pieces(text: str) -> tuple[Prose | LabPlace, ...]:
    r"""Splits a lesson into Markdown and labs, in order.

    >>> pieces("One.\n\n::lab{playground}\n\nTwo.")
    (Prose(markdown='One.'), LabPlace(slug='playground'), Prose(markdown='Two.'))
    """
    found: list[Prose | LabPlace] = []
    position = 0
    for match in LAB.finditer(text):
        found.append(Prose(text[position : match.start()].strip("\n")))
        found.append(LabPlace(match["slug"].strip()))
        position = match.end()
    found.append(Prose(text[position:].strip("\n")))
    return tuple(piece for piece in found if not isinstance(piece, Prose) or piece.markdown)
