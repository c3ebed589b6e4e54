"""*Same name, different optimizer* in a real browser: what the sweep over all labs does not know of it, its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
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
