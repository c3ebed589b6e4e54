"""*Tiny net* in a real browser: what the sweep over all labs does not know of it: moments, units, two settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
LAB = "/labs/tiny-net"
FREE = f"{LAB}?data=circle&epochs=40"
pytestmark = pytest.mark.browser


def caption(page: Page) -> Any:
    """The caption under the large figure."""
    return page.locator("[data-caption]")


def plane(page: Page) -> str:
    """The plane as an image."""
    field = page.locator("[data-figure=tiny-net-plane] canvas.figure-field")
    return str(field.evaluate("canvas => canvas.toDataURL()"))


def test_the_epochs_can_be_played_stepped_and_scrubbed(visit: Open) -> None:
    """The map is drawn anew at every moment, the player names its epoch, and the end is as it was."""
    page = visit(FREE, reduced_motion="reduce")
    expect(page.locator(".figure-count")).to_have_text("epoch 40 of 40")
    end = plane(page)
    scrub = page.get_by_role("slider", name="Step")
    scrub.focus()
    page.keyboard.press("Home")
    expect(page.locator(".figure-count")).to_have_text("epoch 0 of 40")
    assert plane(page) != end
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".figure-count")).not_to_have_text("epoch 0 of 40")
    scrub.focus()
    page.keyboard.press("End")
    assert plane(page) == end


def test_the_net_has_a_picture_for_every_unit(visit: Open) -> None:
    """Another layer is another column; the title counts what is to be learned."""
    page = visit(FREE)
    net = page.locator("[data-figure=tiny-net-net]")
    expect(net).to_contain_text("2-8-6-1: 85 numbers")
    page.locator("[data-knob=layers] select").select_option("3")
    expect(net).to_contain_text("2-8-6-4-1: 111 numbers")
    expect(page).to_have_url(re.compile("layers=3"))


def test_two_settings_stand_side_by_side(visit: Open) -> None:
    """B's plane and the seeds appear when two are compared and go with it; the caption says whether it is luck."""
    page = visit(FREE)
    second, seeds = page.locator("[data-figure=tiny-net-second]"), page.locator("[data-figure=tiny-net-seeds]")
    expect(second).to_be_hidden()
    page.get_by_label("compare with B on 7 seeds").check()
    expect(second).to_be_visible()
    expect(seeds).to_contain_text("Both settings on 7 seeds")
    expect(caption(page)).to_contain_text(re.compile("cannot be told apart|not by luck|neither"))
    page.get_by_label("compare with B on 7 seeds").uncheck()
    expect(second).to_be_hidden()


def test_a_table_is_pasted_and_a_wrong_cell_named(visit: Open) -> None:
    """What cannot be read is told by row and column and the last picture stays; a table and a file bring their own."""
    page = visit(f"{LAB}?data=table&loss=cross_entropy&epochs=20")
    field, told = page.locator("[data-knob=table] textarea"), page.locator("[data-knob=table] [data-mistake]")
    expect(field).to_be_visible()
    rows = field.input_value()
    field.fill(rows.replace("4.7,1.4", "4.7,much"))
    expect(told).to_contain_text("Row 12, column 2 (petal width) holds 'much' where a number belongs.")
    expect(page.locator("[data-figure=tiny-net-plane]")).to_contain_text("petal length")
    mine = "size,age,kind\n" + "\n".join(f"{k % 7},{k % 5},{'ab'[k % 2]}" for k in range(20))
    field.fill(mine)
    expect(told).to_be_hidden()
    expect(page.locator("[data-figure=tiny-net-plane]")).to_contain_text("size")
    expect(page).to_have_url(re.compile("table=size"))
    file = {"name": "rows.csv", "mimeType": "text/csv", "buffer": mine.replace("size", "width").encode()}
    page.set_input_files("[data-knob=table] input[type=file]", files=[file])
    expect(page.locator("[data-figure=tiny-net-plane]")).to_contain_text("width")
    plain = visit(f"{LAB}?data=table", java_script_enabled=False)
    plain.locator("[data-knob=table] textarea").fill("1,2\n")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator("[data-knob=table] [data-sentence]")).to_contain_text("three cells in row 1")
