"""Reading an SVG back: its numbers, and the boxes of its words."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from fallline.figures.labels import overlap
from fallline.figures.lettering import measure

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
PLACES = ("x", "y", "width", "height", "cx", "cy", "r", "d", "transform", "viewBox", "x1", "y1", "x2", "y2")
Box = tuple[float, float, float, float]


def parsed(text: str) -> ET.Element:
    """Reads a drawing; fails where it is not well-formed."""
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def tag(node: ET.Element) -> str:
    """The tag without its namespace."""
    return node.tag.rpartition("}")[2]


def numbers(root: ET.Element) -> list[str]:
    """Every coordinate attribute."""
    return [node.attrib[name] for node in root.iter() for name in PLACES if name in node.attrib]


def word_boxes(root: ET.Element) -> list[tuple[str, Box]]:
    """Every text that does not lean, with the room it takes."""
    found = []
    for node in root.iter():
        if tag(node) != "text" or "transform" in node.attrib or not node.text:
            continue
        x, y, size = (float(node.attrib[name]) for name in ("x", "y", "font-size"))
        wide = measure(node.text, size)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[node.attrib.get("text-anchor", "start")]
        found.append((node.text, (left, y - 0.8 * size, left + wide, y + 0.2 * size)))
    return found


def collisions(root: ET.Element) -> list[tuple[str, str]]:
    """Pairs of texts that cover each other."""
    boxes = word_boxes(root)
    return [
        (first, second)
        for index, (first, box) in enumerate(boxes)
        for second, other in boxes[:index]
        if overlap(box, other)
    ]
