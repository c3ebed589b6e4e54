"""Regions as SVG: one mask per class lays the colour of its role over the field, so light and dark paper share it."""

from __future__ import annotations

import numpy as np

from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Regions
from fallline.figures.png import data_uri
from fallline.figures.sheet import Sheet
from fallline.figures.svg_field import frame_of

TINT = 0.5
"""How strongly a class is laid on: the hills under it stay to be seen."""


def drawn_whole(regions: Regions) -> bool:
    """Whether there is one cell for each place, and a role and a name for each class."""
    letters = {ord(letter) - ord("a") for letter in regions.cells if letter != "."}
    known = range(min(len(regions.roles), len(regions.names), 26))
    return (
        regions.nx >= 2
        and regions.ny >= 2
        and len(regions.cells) == regions.nx * regions.ny
        and all(letter in known for letter in letters)
    )


def draw_regions(regions: Regions, index: int, sheet: Sheet) -> list[Element]:
    """Draws areas by class; nothing where cells or classes are missing."""
    if not drawn_whole(regions):
        return []
    frame = frame_of(regions, sheet)
    letters = np.frombuffer(regions.cells.encode("ascii"), dtype=np.uint8).reshape(regions.ny, regions.nx)[::-1]
    elements = []
    for place, role in enumerate(regions.roles):
        mine = letters == ord("a") + place
        if not mine.any():
            continue
        name = f"{sheet.name}-{index}-class-{place}"
        pixels: Attributes = {"href": data_uri(mine.astype(np.uint8) * 255), "preserveAspectRatio": "none"}
        image = Element("image", frame | pixels | {"image-rendering": "pixelated"})
        area: Attributes = {"maskUnits": "userSpaceOnUse"} | frame
        elements.append(Element("mask", {"id": name} | area, "", (image,)))
        laid: Attributes = {"fill": sheet.paint(role), "fill-opacity": TINT, "mask": f"url(#{name})"}
        elements.append(Element("rect", {"class": "relief"} | frame | laid))
    return elements
