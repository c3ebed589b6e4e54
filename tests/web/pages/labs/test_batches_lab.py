"""The lab on batches in a real browser, beyond what the sweep over all labs does: a runaway, and moments for steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

LAB = "/labs/batches"
FREE = f"{LAB}?rate=0.1"
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def test_the_slider_changes_all_four_figures(visit: Open) -> None:
    """A key on the rate gives another caption; far up one row runs away, and the caption says so."""
    page = visit(FREE)
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    for _ in range(32):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-caption]")).to_contain_text("runs away")
    expect(page.locator("[data-figure=batches-sizes]")).not_to_contain_text("η = 0.1 ")


def test_moments_are_played_or_shown_at_once(visit: Open) -> None:
    """The player counts moments, not steps; who wants no motion sees the end."""
    page = visit(LAB, reduced_motion="reduce")
    page.get_by_role("button", name="32 rows at a time").click()
    expect(page.locator("[data-player] output")).to_have_text("moment 120 of 120")
    page.get_by_role("button", name="Step back").click()
    expect(page.locator("[data-player] output")).to_have_text("moment 119 of 120")
