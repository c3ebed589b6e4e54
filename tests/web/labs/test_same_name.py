"""*Same name, different optimizer* in a real browser: predict, choose, read the marked lines, drag, share, solve."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
LAB = "/labs/same-name"
FREE = f"{LAB}?optimizer=rmsprop"

pytestmark = pytest.mark.browser


def caption(page: Page) -> Any:
    """The caption under the large figure."""
    return page.locator("[data-caption]")


def test_a_prediction_is_laid_beside_what_happened(visit: Open) -> None:
    """Nothing is given away before: neither path nor formula; then one reads that PyTorch's alone arrives."""
    page = visit(LAB)
    expect(caption(page)).to_be_empty()
    expect(page.locator("[data-lines] li")).to_have_count(0)
    page.get_by_role("button", name="Nothing but the last digits").click()
    expect(page.locator("[data-happened] dd")).to_have_text("PyTorch's arrives, Keras' does not")
    expect(page.locator("[data-lines] li.marked").first).to_be_visible()


def test_the_formulas_follow_the_knobs(visit: Open) -> None:
    """Each tool has its lines as MathML; another optimizer has others, and what differs is marked, also in words."""
    page = visit(FREE)
    lines = page.locator("[data-lines]")
    expect(lines.get_by_text("PyTorch")).to_be_visible()
    expect(lines.locator("li.marked")).to_have_count(6)
    expect(lines.locator("li.marked math").first).to_be_visible()
    expect(lines.locator("li.marked").first).to_contain_text("Differs:")
    page.locator("[data-knob=optimizer] select").select_option("gd")
    expect(lines.locator("li.marked")).to_have_count(0)
    expect(caption(page)).to_contain_text("to the last digit")


def test_a_link_brings_back_the_same_picture_with_and_without_a_script(visit: Open) -> None:
    """Whoever opens the address reads the same caption and the same lines; a plain form reaches the server."""
    path = f"{LAB}?optimizer=nadam&numbers=same&surface=plateau&rate=0.05&steps=150"
    first, plain = visit(path), visit(path, java_script_enabled=False)
    expect(caption(first)).not_to_be_empty()
    assert caption(first).inner_text() == caption(plain).inner_text()
    count = plain.locator("[data-lines] li").count()
    expect(first.locator("[data-lines] li")).to_have_count(count)
    plain.locator("[data-knob=optimizer] select").select_option("lion")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(caption(plain)).to_contain_text("to the last digit")


def test_the_start_is_dragged_by_pointer_and_by_keys(visit: Open) -> None:
    """The point on the map is a handle with a keyboard twin, and the address follows."""
    page = visit(FREE)
    handle = page.locator("[data-handle=start]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 40, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("start="))
    moved = page.locator("[data-knob=start] input").first.input_value()
    handle.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-knob=start] input").first).not_to_have_value(moved)


def test_the_puzzle_is_solved_by_moving_epsilon(visit: Open) -> None:
    """With ε between the slope's size and its root, PyTorch's is in the well and Keras' is not."""
    page = visit(f"{LAB}?optimizer=rmsprop&numbers=same&surface=plateau&steps=100&rate=0.05&epsilon=1e-08")
    expect(page.locator("[data-solved]")).to_be_hidden()
    field = page.locator("[data-knob=epsilon] input[type=text]")
    field.fill("0.0001")
    field.press("Tab")
    expect(page.locator("[data-solved]")).to_contain_text("Solved")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(visit: Open, theme: str) -> None:
    """Axe finds no violation, on light paper and on dark; at 390 pixels nothing sticks out."""
    page = visit(FREE, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    expect(page.locator("[data-lines] li").first).to_be_visible()
    found = Axe().run(page, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
