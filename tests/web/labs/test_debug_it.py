"""*Debug it* in a real browser: look, name, repair; each case asks its own question and sets its own puzzle."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fallline.core.person import LOCAL

Open = Callable[..., Page]
LAB = "/labs/debug-it"

pytestmark = pytest.mark.browser


def caption(page: Page) -> Any:
    """The caption under the large figure."""
    return page.locator("[data-caption]")


def case(page: Page, letter: str) -> None:
    """Chooses a case."""
    page.locator("[data-knob=case] select").select_option(letter)


def test_each_case_is_looked_at_named_and_then_repaired(visit: Open, site: Any) -> None:
    """The curves are seen, what would change them waits; the name is laid beside that of the run; then knobs move."""
    page = visit(LAB, reduced_motion="reduce")
    expect(page.locator("[data-figure=sick-angle] svg").first).to_be_visible()
    expect(caption(page)).to_be_empty()
    expect(page.locator("[data-knob=rate]")).to_have_attribute("inert", "")
    page.get_by_role("button", name="Too slow", exact=True).click()
    expect(page.locator("[data-expected] dd")).to_have_text("Too slow")
    expect(page.locator("[data-happened] dd")).to_have_text("Oscillating")
    expect(page.locator("[data-said]")).to_contain_text("the cosine between them is −1.00")
    rate = page.locator("[data-knob=rate] input[type=text]")
    rate.fill("0.8")
    rate.press("Enter")
    expect(page.locator("[data-solved]")).to_be_visible()
    expect(caption(page)).to_contain_text("Well again")
    assert site.notebook.note(LOCAL, "prediction/debug-it/a") == "slow"


def test_another_case_asks_again_and_an_answered_one_does_not(visit: Open) -> None:
    """The question, the puzzle and the knobs follow the case; the way back finds what was said."""
    page = visit(LAB, reduced_motion="reduce")
    page.get_by_role("button", name="Oscillating", exact=True).click()
    expect(caption(page)).not_to_be_empty()
    case(page, "g")
    expect(page.locator("[data-guess]")).to_be_visible()
    expect(page.locator("[data-reveal]")).to_be_hidden()
    expect(caption(page)).to_be_empty()
    expect(page.locator("[data-goal]")).to_contain_text("case G")
    expect(page.locator("[data-knob=rate] input[type=text]")).to_have_value("2")
    case(page, "a")
    expect(page.locator("[data-guess]")).to_be_hidden()
    expect(page.locator("[data-happened] dd")).to_have_text("Oscillating")
    expect(page.locator("[data-goal]")).to_contain_text("case A")


def test_a_link_carries_the_case_and_its_treatment(visit: Open) -> None:
    """With a script and without, the same picture; a link to a case alone still asks."""
    path = f"{LAB}?case=b&clip=0.2"
    first, plain = visit(path), visit(path, java_script_enabled=False)
    expect(caption(first)).to_contain_text("Well again")
    assert caption(first).inner_text() == caption(plain).inner_text()
    expect(plain.locator("[data-solved]")).to_be_visible()
    expect(visit(f"{LAB}?case=b").locator("[data-guess]")).to_be_visible()


def test_a_case_is_named_without_a_script(visit: Open) -> None:
    """A plain form sends the name with the case that it is meant for, and comes back to that case."""
    page = visit(f"{LAB}?case=e", java_script_enabled=False)
    page.get_by_role("button", name="Badly scaled", exact=True).click()
    expect(page).to_have_url(re.compile(r"case=e$"))
    expect(page.locator("[data-happened] dd")).to_have_text("Badly scaled")
