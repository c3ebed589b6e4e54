"""The lab on batches in a real browser: slider, line in the figure, keys, link, form, motion, papers, phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LAB = "/labs/batches"
FREE = f"{LAB}?rate=0.1"
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def test_the_line_in_the_figure_sets_the_batch(visit: Open) -> None:
    """By pointer and by arrow keys; the slider beside it follows, and the address holds it."""
    page = visit(FREE)
    size = page.locator("[data-knob=batch] input[type=text]")
    handle = page.locator("[data-handle=batch]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=5)
    page.mouse.up()
    expect(size).not_to_have_value("32")
    dragged = size.input_value()
    assert int(dragged) < 32
    expect(page).to_have_url(re.compile("batch="))
    handle.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(size).not_to_have_value(dragged)
    expect(page.locator("[data-figure=batches-map]")).to_contain_text(f"{size.input_value()} rows")


def test_the_slider_changes_all_four_figures(visit: Open) -> None:
    """A key on the rate gives another caption; far up one row runs away, and the caption says so."""
    page = visit(FREE)
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    for _ in range(32):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-caption]")).to_contain_text("runs away")
    expect(page.locator("[data-figure=batches-sizes]")).not_to_contain_text("η = 0.1 ")


def test_a_link_brings_back_the_picture_and_the_form_needs_no_script(visit: Open) -> None:
    """The same caption with and without a script; a plain form sends the same state."""
    path = f"{LAB}?batch=64&rate=0.2&epochs=10&replaced=0"
    page, plain = visit(path), visit(path, java_script_enabled=False)
    expect(page.locator("[data-caption]")).not_to_be_empty()
    assert page.locator("[data-caption]").inner_text() == plain.locator("[data-caption]").inner_text()
    expect(plain.locator("svg.fallline-figure")).to_have_count(4)
    plain.locator("[data-knob=batch] input[type=text]").fill("8")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator("[data-knob=batch] input[type=text]")).to_have_value("8")
    expect(plain.locator("[data-caption]")).to_contain_text("8 rows")


def test_moments_are_played_or_shown_at_once(visit: Open) -> None:
    """The player counts moments, not steps; who wants no motion sees the end."""
    page = visit(LAB, reduced_motion="reduce")
    page.get_by_role("button", name="32 rows at a time").click()
    expect(page.locator("[data-player] output")).to_have_text("moment 120 of 120")
    page.get_by_role("button", name="Step back").click()
    expect(page.locator("[data-player] output")).to_have_text("moment 119 of 120")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(visit: Open, theme: str) -> None:
    """Axe finds nothing on either paper, and a phone shows the whole width."""
    page = visit(FREE, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
