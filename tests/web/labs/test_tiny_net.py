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
