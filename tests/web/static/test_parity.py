"""The page's renderer draws what the server draws: the same elements, words and coordinates."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest

from fallline.figures.palettes import RELIEF
from fallline.figures.roles import ROLES
from fallline.figures.svg import svg
from fallline.figures.ticks import ticks
from tests.figures.drawing import parsed, tag
from tests.figures.gallery import GALLERY
from tests.figures.hostile import HOSTILE
from tests.web.static.conftest import Opened
from tests.web.static.figure_site import STATIC

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"-?\d+\.?\d*")
NEAR = 0.06
"""Hundredths of a pixel may round the other way."""
EVERY = {**GALLERY, **{name: make for name, make in HOSTILE.items() if name != "not-finite"}}


def shape(root: Element) -> list[tuple[str, dict[str, str], str]]:
    """The elements of a drawing; not the shading, which is pixels here and masks there."""
    nodes = [node for node in root.iter() if tag(node) not in {"image", "mask"} and node.get("class") != "relief"]
    return [(tag(node), dict(node.attrib), node.text or "") for node in nodes]


def alike(first: str, second: str) -> bool:
    """Whether two attributes say the same, coordinates within a rounding."""
    if first == second:
        return True
    a, b = NUMBER.findall(first), NUMBER.findall(second)
    if NUMBER.sub("#", first) != NUMBER.sub("#", second) or len(a) != len(b):
        return False
    return all(abs(float(x) - float(y)) <= NEAR for x, y in zip(a, b, strict=True))


def differences(first: Element, second: Element) -> list[str]:
    """Where two drawings differ."""
    ours, theirs = shape(first), shape(second)
    found = [] if len(ours) == len(theirs) else [f"{len(ours)} elements against {len(theirs)}"]
    for (name, attributes, text), (other, values, words) in zip(ours, theirs, strict=False):
        if (name, text) != (other, words):
            return [*found, f"<{name}> {text!r} against <{other}> {words!r}"]
        found += [
            f"<{name}> {key}: {attributes.get(key)!r:.80} against {values.get(key)!r:.80}"
            for key in attributes.keys() | values.keys()
            if not alike(attributes.get(key, ""), values.get(key, ""))
        ]
    return found


def test_both_renderers_draw_the_same(opened: Opened) -> None:
    """Every figure, at the width of a phone and of a desk, whole and at a step."""
    page = opened("none")
    for name, make in EVERY.items():
        for width, step in ((390, None), (720, None), (720, 40)):
            here = parsed(svg(make(), theme="light", width=width, step=step))
            call = "([name, width, step]) => standalone(figures[name], width, printPaint, { step })"
            there = parsed(page.evaluate(call, [name, width, step]))
            assert differences(here, there) == [], (name, width, step)


def test_both_choose_the_same_ticks(opened: Opened) -> None:
    """Over many ranges, Python and the page put ticks at the same places."""
    spans = [(low * 10.0**power, (low + span) * 10.0**power, count)
             for power in (-9, -3, 0, 4) for low in (-3.7, -1.0, 0.0, 0.13, 9.4)
             for span in (0.01, 0.9, 1.0, 2.6, 31.0) for count in (3, 5, 8)]  # fmt: skip
    there = opened("none").evaluate("(spans) => spans.map((span) => ticks.ticks(...span))", spans)
    assert [[float(place) for place in places] for places in there] == [[*ticks(*span)] for span in spans]


def test_colours_stand_in_one_place(opened: Opened) -> None:
    """The page's roles are those of Python, and the map's custom properties are its paints on both papers."""
    there = opened("none").evaluate("async () => (await import('/figure/roles.js')).ROLES")
    looks = {name: (role["light"], role["dark"], tuple(role["dash"]), role["marker"]) for name, role in there.items()}
    assert looks == {name: (role.light, role.dark, role.dash, role.marker) for name, role in ROLES.items()}
    css = (STATIC / "figure" / "figure.css").read_text(encoding="utf-8")
    for name, pair in RELIEF.items():
        assert [value.strip() for value in re.findall(rf"--{name}:([^;]+);", css)] == [pair[0], pair[1], pair[1]]
