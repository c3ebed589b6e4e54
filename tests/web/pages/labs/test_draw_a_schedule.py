"""A schedule drawn in a real browser: by pointer, by keys, in nine fields, by link, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

LAB = "/labs/draw-a-schedule"
FREE = f"{LAB}?rate=1"
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def test_a_point_moves_up_and_down_only(visit: Open) -> None:
    """Dragged aside and down, its height follows, and its field and the address; the schedule becomes a drawn one."""
    page = visit(FREE)
    handle = page.locator("[data-handle='heights.5']")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y + 90, steps=6)
    page.mouse.up()
    field = page.get_by_label("heights, first step to last, point 5 of 9")
    expect(field).not_to_have_value("1")
    assert 0.2 < float(field.input_value()) < 0.95
    after = handle.bounding_box()
    assert after
    assert after["x"] == pytest.approx(box["x"], abs=1)
    expect(page.locator("[data-figure=drawn-schedule]")).to_contain_text("Drawn: straight lines")
    expect(page).to_have_url(re.compile(r"heights=0\.05,1,1,1,0\.\d+,1,1,0\.65,0\.03"))


def test_keys_move_a_point_and_its_field(visit: Open) -> None:
    """Arrow keys on the handle are hundredths, Home and End the ends; arrows in the field are stops."""
    page = visit(FREE)
    handle = page.locator("[data-handle='heights.8']")
    field = page.get_by_label("point 8 of 9")
    expect(field).to_have_value("0.65")
    handle.focus()
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_value("0.65")
    assert float(field.input_value()) < 0.65
    page.keyboard.press("Home")
    expect(field).to_have_value("0")
    expect(handle).to_have_attribute("aria-orientation", "vertical")
    field.focus()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("0.01")
    expect(handle).to_have_attribute("aria-valuenow", "0.01")


def test_another_shape_moves_all_points(visit: Open) -> None:
    """The choice brings its own heights, and takes those back that were drawn."""
    page = visit(f"{FREE}&heights=0,0,0,0,0,0,0,0,1")
    page.locator("[data-knob=shape] select").select_option("constant")
    for place in range(1, 10):
        expect(page.get_by_label(f"point {place} of 9")).to_have_value("1")
    expect(page.locator("[data-caption]")).to_contain_text("Yours is the constant rate")


def test_a_link_and_a_plain_form_bring_back_the_curve(visit: Open) -> None:
    """With a script and without, the same caption; nine fields draw a schedule."""
    path = f"{LAB}?heights=0.6,0.8,0.9,0.9,0.9,0.9,0.7,0.4,0&epochs=2"
    page, plain = visit(path), visit(path, java_script_enabled=False)
    expect(page.locator("[data-solved]")).to_be_visible()
    assert page.locator("[data-caption]").inner_text() == plain.locator("[data-caption]").inner_text()
    expect(plain.locator("svg.fallline-figure")).to_have_count(4)
    plain.get_by_label("point 1 of 9").fill("0.1")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.get_by_label("point 1 of 9")).to_have_value("0.1")
    expect(plain.get_by_label("point 2 of 9")).to_have_value("0.8")
