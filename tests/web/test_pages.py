"""Every page in a real browser: readable on both papers and on a phone, usable by keyboard and without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PAGES = (
    "/",
    "/weeks/1",
    "/weeks/2",
    "/weeks/3",
    "/weeks/3/practice",
    "/weeks/4",
    "/weeks/14",
    "/race",
    "/syllabus",
    "/help",
)
CODE = "/labs/playground/code"
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, CODE])
def test_nothing_stands_in_anyones_way(visit: Open, path: str, theme: str) -> None:
    """Axe finds no violation, on light paper and on dark."""
    page = visit(path, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", [*PAGES, CODE])
def test_a_phone_shows_the_whole_page(visit: Open, path: str) -> None:
    """At 390 pixels nothing sticks out, so nobody has to scroll sideways."""
    page = visit(path, viewport={"width": 390, "height": 844})
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", PAGES)
def test_every_page_works_without_a_script(visit: Open, path: str) -> None:
    """Without JavaScript a page has its heading, and a lab its pictures and a form."""
    page = visit(path, java_script_enabled=False)
    expect(page.locator("h1")).to_be_visible()
    for lab in page.locator("[data-lab]").all():
        expect(lab.locator("svg.fallline-figure").first).to_be_visible()
        expect(lab.get_by_role("button", name="Show", exact=True)).to_be_visible()


def test_the_first_key_leads_past_the_header(visit: Open) -> None:
    """Tab reaches the skip link first, and Enter goes to the content."""
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_home_is_fourteen_stations_with_yours_marked(visit: Open) -> None:
    """Each week is a link; the one you are at says so; a click opens it."""
    page = visit("/", viewport={"width": 1280, "height": 800})
    stations = page.get_by_role("group").get_by_role("link")
    expect(stations).to_have_count(14)
    expect(page.locator("[aria-current=step]")).to_have_count(2)
    stations.nth(3).click()
    expect(page).to_have_url("/weeks/4")


def test_the_paper_stays_as_chosen(visit: Open) -> None:
    """The switch turns the paper dark, and it is dark before the first paint of the next page."""
    page = visit("/help", color_scheme="light")
    page.get_by_role("button", name="Dark paper").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/syllabus", wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_css("background-color", "rgb(17, 21, 28)")
    page.get_by_role("button", name="Light paper").click()
    expect(page.locator("html")).to_have_css("background-color", "rgb(251, 250, 247)")


def test_a_system_that_turns_dark_takes_the_page_along(visit: Open) -> None:
    """Who chose nothing follows the system, also while the page is open."""
    page = visit("/help", color_scheme="light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_css("background-color", "rgb(17, 21, 28)")


def test_print_is_ink_on_white(visit: Open) -> None:
    """Printed from dark paper, a page is light and has no controls."""
    page = visit("/labs/playground?rate=0.1", color_scheme="dark")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("html")).to_have_css("background-color", "rgb(251, 250, 247)")
    expect(page.locator("[data-knobs]")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()


def test_a_week_turns_to_the_next(visit: Open) -> None:
    """Weeks lead on to one another, and the first has no week before it."""
    page = visit("/weeks/1")
    expect(page.locator("[rel=prev]")).to_have_count(0)
    page.locator("[rel=next]").click()
    expect(page).to_have_url("/weeks/2")
    expect(page.locator("[rel=prev]")).to_have_count(1)
