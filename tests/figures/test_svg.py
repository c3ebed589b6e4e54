"""The drawing of figures on the server: well-formed, readable, honest about what it leaves out."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest

from fallline.figures import Axis, Field, Line
from fallline.figures.roles import PAPER, ROLES
from fallline.figures.svg import COLOURS, svg
from tests.figures.descents import descent_map, losses
from tests.figures.drawing import collisions, numbers, parsed, tag, word_boxes
from tests.figures.gallery import GALLERY, profit
from tests.figures.hostile import HOSTILE, figure

EVERY = {**GALLERY, **HOSTILE}
WIDTHS = [160, 390, 720, 1400]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVERY)
def test_every_figure_is_well_formed_and_finite(name: str, width: int) -> None:
    """At every width the drawing parses, and no coordinate is missing, undefined or absurd."""
    root = parsed(svg(EVERY[name](), theme="light", width=width))
    for value in numbers(root):
        assert not any(word in value for word in ("nan", "inf", "None", "e+", "e-")), value
    assert float(root.attrib["width"]) == max(width, 160)
    assert 40 < float(root.attrib["height"]) < 4 * width + 400


@pytest.mark.parametrize("width", [390, 720])
@pytest.mark.parametrize("name", [*GALLERY, "crowd", "long-words", "off-sheet", "close", "wide", "unlike-lengths"])
def test_words_do_not_cover_one_another(name: str, width: int) -> None:
    """No two texts of a figure overlap, and none leaves the sheet at its sides."""
    root = parsed(svg(EVERY[name](), theme="light", width=width))
    assert collisions(root) == []
    for text, (left, _, right, _) in word_boxes(root):
        assert -1 <= left <= right <= width + 1, text


@pytest.mark.parametrize("name", GALLERY)
def test_all_text_is_at_least_twelve_pixels(name: str) -> None:
    """Nothing is written smaller than 12 pixels."""
    root = parsed(svg(GALLERY[name](), theme="light", width=390))
    assert all(float(node.attrib["font-size"]) >= 12 for node in root.iter() if tag(node) == "text")


def test_a_drawing_is_accessible_and_standalone() -> None:
    """It has a role, a title and a description, and asks nobody for anything."""
    made = descent_map()
    text = svg(made, theme="light")
    root = parsed(text)
    words = {node.attrib.get("id"): node.text for node in root if tag(node) in {"title", "desc"}}
    assert root.attrib["role"] == "img"
    assert [words[name] for name in root.attrib["aria-labelledby"].split()] == [made.title, made.alt]
    assert "style=" not in text
    assert "<style" not in text
    assert "<script" not in text
    assert all(part.startswith("data:image/png;base64,") for part in hrefs(root))
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def hrefs(root: Element) -> list[str]:
    """Every address in a drawing."""
    return [value for node in root.iter() for name, value in node.attrib.items() if name.endswith("href")]


def test_themes_carry_their_colours_or_leave_them_to_the_page() -> None:
    """Light and dark hold their own colours and paper; page holds custom properties with the light colour behind."""
    made = losses()
    light, dark, page = (svg(made, theme=theme) for theme in ("light", "dark", "page"))
    assert ROLES["adam"].light in light
    assert ROLES["adam"].dark not in light
    assert PAPER[0] in light
    assert ROLES["adam"].dark in dark
    assert ROLES["momentum"].light not in dark
    assert PAPER[1] in dark
    assert f"var(--adam, {ROLES['adam'].light})" in page
    assert 'fill="#' not in page
    assert 'stroke="#' not in page
    assert "var(" not in light + dark


def test_dash_is_a_second_channel() -> None:
    """A line carries the dash of its role, so that colour is never alone."""
    dashes = {
        node.attrib.get("stroke-dasharray", "") for node in parsed(svg(losses())).iter() if node.get("class") == "line"
    }
    assert {" ".join(map(str, ROLES[role].dash)) for role in ("gd", "momentum", "nesterov", "adagrad")} <= dashes


def test_a_step_hides_what_comes_after() -> None:
    """Trails stop at the step; the axes do not move."""
    made = losses()
    whole, part = parsed(svg(made, theme="light")), parsed(svg(made, theme="light", step=40))
    lengths = [
        sum(node.attrib["d"].count("L") for node in root.iter() if node.get("class") == "line")
        for root in (whole, part)
    ]
    assert lengths == [6 * 300, 6 * 40]
    ticks = [[node.text for node in root.iter() if node.get("class") == "tick"] for root in (whole, part)]
    assert ticks[0] == ticks[1]


def test_values_without_a_place_are_left_out_and_told() -> None:
    """A log axis drops what is not positive, and the description says how many; the same for what is not finite."""
    text = svg(HOSTILE["below-zero-log"](), theme="light")
    assert "2 values of up at or below zero have no place on its log axis and are not drawn." in text
    text = svg(HOSTILE["not-finite"](), theme="light")
    assert "2 values of up are not finite and not drawn." in text
    clean = svg(GALLERY["descent-loss"](), theme="light")
    assert "not drawn" not in clean


def test_markup_in_names_stays_text() -> None:
    """Whatever a name holds, it is escaped; characters that XML cannot carry are gone."""
    root = parsed(svg(HOSTILE["markup"](), theme="light"))
    assert "script" not in {tag(node) for node in root.iter()}
    assert any(
        (node.text or "").startswith("<script>alert('1')</script> &") for node in root.iter() if tag(node) == "text"
    )


def test_a_log_axis_says_so() -> None:
    """The title of a log axis names its scale."""
    text = svg(losses(), theme="light")
    assert "loss, log scale" in text


def test_fields_by_key_are_filled_in() -> None:
    """A field that came by key is drawn from the values handed over, and is absent without."""
    made = descent_map()
    bare = replace(made, marks=tuple(replace(m, values=()) if isinstance(m, Field) else m for m in made.marks))
    values = next(mark for mark in made.marks if isinstance(mark, Field))
    assert "contour" not in {node.get("class") for node in parsed(svg(bare)).iter()}
    assert svg(bare, fields={values.key: values}) == svg(made)


def test_the_forbidden_half_is_shaded_on_its_side() -> None:
    """The limit below a threshold shades from the left edge to the rule."""
    root = parsed(svg(profit(), theme="light", width=720))
    half = next(node for node in root.iter() if node.get("class") == "half")
    rules = [node.attrib["d"] for node in root.iter() if node.get("class") == "rule"]
    left, wide = float(half.attrib["x"]), float(half.attrib["width"])
    assert any(d.startswith(f"M{left + wide:g} ") for d in rules)


def test_equal_units_are_equally_long() -> None:
    """On an equal figure a square of data is a square on the sheet."""
    line = Line((0.0, 1.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 1.0, 0.0), "gd")
    made = replace(figure(line, x=Axis("a", low=-1, high=4), y=Axis("b", low=-1, high=2)), equal=True)
    d = next(node.attrib["d"] for node in parsed(svg(made)).iter() if node.get("class") == "line")
    points = [tuple(map(float, part.split())) for part in d[1:].split("L")]
    across, down = points[1][0] - points[0][0], points[1][1] - points[2][1]
    assert math.isclose(across, down, abs_tol=1.0)


def test_every_role_has_its_paint() -> None:
    """Each role and each part of a map is a colour on both papers."""
    assert set(ROLES) < set(COLOURS)
    assert all(len(pair) == 2 and all(len(colour) == 7 for colour in pair) for pair in COLOURS.values())
