"""Every week and every lab of the course in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fallline.course.content import load_course

COURSE = load_course()
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("number", [week.number for week in COURSE.weeks])
def test_a_week_shows_what_the_outline_says(visit: Open, number: int) -> None:
    """Title, topics and links are the outline's; each link has its twin beside it; the first lab is live."""
    week = COURSE.week(number)
    page = visit(f"/weeks/{number}")
    expect(page.locator("h1")).to_have_text(week.title)
    expect(page.locator(".topics li")).to_have_text(list(week.topics))
    for link in week.links:
        row = page.locator(".twins tr", has=page.get_by_role("link", name=link.title, exact=True))
        expect(row.get_by_role("link").first).to_have_attribute("href", link.url)
        expect(row.get_by_role("link").nth(1)).to_have_attribute("href", week.twin_href(link))
    for slug in week.labs[:1]:
        expect(page.locator(f"[data-lab={slug}] .figure-stage").first).to_be_visible()


def test_the_syllabus_is_the_outline(visit: Open) -> None:
    """Weeks, titles, topics, links and weights stand as the course has them."""
    page = visit("/syllabus")
    rows = page.locator(".outline tbody tr")
    expect(rows).to_have_count(len(COURSE.weeks))
    for week, row in zip(COURSE.weeks, rows.all(), strict=True):
        cells = [cell.strip() for cell in row.locator("td, th").all_inner_texts()]
        assert cells[:3] == [str(week.number), week.title, week.topics_text]
        assert [link.get_attribute("href") for link in row.locator(".out").all()] == [link.url for link in week.links]
    weights = [f"{part.label}\t{part.weight}%" for part in COURSE.scheme.components]
    scheme = page.locator("table", has_text="Component").locator("tbody tr")
    assert scheme.all_inner_texts() == weights
