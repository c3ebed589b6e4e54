"""Element: one node of a drawing, and how it is written as XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Attributes = dict[str, Any]
"""Name → text or number."""


@dataclass(frozen=True)
class Element:
    """A tag, its attributes in order, and either text or children.

    >>> print(Element("text", {"x": 1.5, "class": "tick"}, "0 < 1").write())
    <text x="1.5" class="tick">0 &lt; 1</text>
    """

    tag: str
    attributes: Attributes = field(default_factory=dict)
    text: str = ""
    children: tuple[Element, ...] = ()

    def write(self) -> str:
        """Writes the element and all in it; characters that XML cannot carry are left out."""
        named = "".join(f" {name}={quoteattr(clean(value))}" for name, value in self.attributes.items())
        inner = escape(clean(self.text)) + "".join(child.write() for child in self.children)
        return f"<{self.tag}{named}>{inner}</{self.tag}>" if inner else f"<{self.tag}{named}/>"


def clean(value: str | float) -> str:
    r"""Writes an attribute or a text: numbers to a hundredth of a pixel.

    >>> clean(12.0), clean(0.123), clean("a\x00b")
    ('12', '0.12', 'ab')
    """
    if isinstance(value, str):
        return FORBIDDEN.sub("", value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
