"""Templates: text with ``{path:format}``, nothing else. No calls, no attributes, no way out of the data.

Formats: ``.3g`` and its kin for numbers (``d``, ``,``, ``.2f``, ``.0%``, ``+.1f``); ``# step|steps`` for a count with
its noun (``1 step``, ``12 steps``); ``name`` for the display name of a key, ``Name`` at a sentence's start. Doubled
braces are braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator

from fallline.core.errors import SpecError
from fallline.course.path import MISSING, PATH, resolve

FORMAT = re.compile(r"[+]?,?(\.\d{1,2})?[dfge%]?")
PLURAL = re.compile(r"# ?(?P<one>[^|{}]{1,40})\|(?P<many>[^|{}]{1,40})")
NAMES = ("name", "Name")
FIELD = re.compile(rf"(?P<path>{PATH.pattern})(?::(?P<format>[^{{}}]*))?")
TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_EXPONENT = re.compile(r"e([+-])0*(\d+)")


@dataclass(frozen=True)
class Slot:
    """One ``{path:format}``."""

    path: str
    format: str


@lru_cache(maxsize=4096)
def template(text: str) -> tuple[str | Slot, ...]:
    """Reads a template into its pieces.

    Raises:
        SpecError: a brace that stands alone, a path or a format that is none.

    >>> template("loss {descent.loss:.3g}")
    ('loss ', Slot(path='descent.loss', format='.3g'))
    """
    pieces: list[str | Slot] = []
    position = 0
    for match in TOKEN.finditer(text):
        pieces.append(text[position : match.start()])
        position = match.end()
        if match[0] in {"{{", "}}"}:
            pieces.append(match[0][0])
        else:
            pieces.append(_slot(match[1], text))
    pieces.append(text[position:])
    return tuple(piece for piece in pieces if piece != "")


def _slot(inside: str | None, text: str) -> Slot:
    match = FIELD.fullmatch(inside or "")
    if match is None:
        shown = "{" + (inside or "") + "}"
        raise SpecError("", shown if inside is not None else text, "a {path:format}", "Double a brace that is meant.")
    form = match["format"] or ""
    check_format(form)
    return Slot(match["path"], form)


def check_format(form: str) -> None:
    """Accepts the formats of this page.

    Raises:
        SpecError: any other.
    """
    if not (form in NAMES or FORMAT.fullmatch(form) or PLURAL.fullmatch(form)):
        raise SpecError("", form, "a format", "Use .3g, .2f, d, .0%, name or '# step|steps'.")


def paths_of(text: str) -> tuple[str, ...]:
    """Returns the paths that a template reads.

    >>> paths_of("{a.b} and {c:.2f}")
    ('a.b', 'c')
    """
    return tuple(piece.path for piece in template(text) if isinstance(piece, Slot))


def fill(text: str, data: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str | None:
    """Returns the text with its numbers, or None when a path leads nowhere or to null.

    Args:
        text: the template.
        data: what the paths lead into.
        names: key → display name, for the format ``name``.

    >>> fill("{n:# step|steps}, loss {loss:.2g}", {"n": 1, "loss": 1.234e-07})
    '1 step, loss 1.2e−7'
    """
    written: list[str] = []
    for piece in template(text):
        if isinstance(piece, str):
            written.append(piece)
            continue
        value = resolve(piece.path, data)
        if value is MISSING or value is None or isinstance(value, Mapping | list | tuple):
            return None
        written.append(formatted(value, piece.format, names))
    return "".join(written)


def formatted(value: Any, form: str, names: Mapping[str, str] | None = None) -> str:
    """Writes one value: numbers with a true minus and no padded exponent.

    >>> formatted(-0.00001234, ".2g"), formatted("gd", "name", {"gd": "gradient descent"})
    ('−1.2e−5', 'gradient descent')
    """
    if form in NAMES:
        name = (names or {}).get(str(value), str(value))
        return name if form == "name" else name[:1].upper() + name[1:]
    plural = PLURAL.fullmatch(form)
    if plural:
        return f"{formatted(value, ',')} {plural['one'] if value == 1 else plural['many']}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and form.endswith(("d", ",")):
        whole = value == round(value)
        value, form = (round(value), form) if whole else (value, ",.6g" if "," in form else ".6g")
    written = _EXPONENT.sub(_short_exponent, format(value, form))
    return f"−{written[1:]}" if written.startswith("-") else written


def _short_exponent(match: re.Match[str]) -> str:
    return f"e{'−' if match[1] == '-' else ''}{match[2]}"


def _checked(text: str) -> str:
    try:
        template(text)
    except SpecError as error:
        raise ValueError(f"{error.expected}: {error.value}. {error.hint}".rstrip(".")) from None
    return text


TemplateText = Annotated[str, AfterValidator(_checked)]
"""A template in a content file."""
