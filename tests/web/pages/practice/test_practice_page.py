"""Practice: every question of a week in any variant, marked at once, with nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from fallline.core.person import LOCAL
from fallline.course.content import load_course
from fallline.course.items import Item
from fallline.course.items.draw import draw
from fallline.web.markdown import inline_html
from fallline.web.pages.practice.page import practised
from tests.web.conftest import Site

COURSE = load_course()
ITEMS = [item for week in COURSE.weeks for item in practised(COURSE, week.number)]
Open = Callable[..., Page]
VARIANT = 7


def marked(client: httpx.Client, item: Item, answer: object) -> str:
    """The page after an answer was sent."""
    given = [str(each) for each in answer] if isinstance(answer, Sequence) and not isinstance(answer, str) else [answer]
    params: list[tuple[str, Any]] = [("item", item.id), ("variant", VARIANT), ("mark", "true")]
    reply = client.get(f"/weeks/{item.week}/practice", params=params + [("answer", each) for each in given])
    assert reply.status_code == 200, reply.text
    return reply.text


def test_every_answer_is_marked_as_the_item_says(client: httpx.Client) -> None:
    """Each item's own trials get their verdict, the misconception by name, and the solution to open when wrong."""
    words = {True: "Right", False: "Not right"}
    for item in ITEMS:
        params = draw(item, VARIANT)
        for trial in item.trials(params, VARIANT):
            if trial.score is None or trial.answer is None:
                continue
            page = marked(client, item, trial.answer)
            word = "Partly right" if 0 < trial.score < 1 else words[trial.score == 1]
            assert f">{word}</span>" in page, (item.id, trial)
            if trial.misconception:
                assert f"<b>{trial.misconception.replace('-', ' ')}</b>" in page, (item.id, trial)
            assert str(inline_html(item.filled(item.solution, params))) in page, (item.id, trial)
            assert ("Show the solution" in page) == (trial.score != Fraction(1)), (item.id, trial)


def test_what_is_no_answer_is_neither_right_nor_wrong(client: httpx.Client) -> None:
    """An empty form says what is wanted, and gives nothing away."""
    for item in ITEMS:
        page = marked(client, item, "")
        assert 'class="verdict"' not in page
        assert "Show the solution" not in page
        assert "data-problem hidden" not in page


def test_nothing_is_given_away_before_the_answer(client: httpx.Client) -> None:
    """The page of a question holds neither its solution nor a misconception's name."""
    for item in ITEMS:
        page = client.get(f"/weeks/{item.week}/practice", params={"item": item.id, "variant": VARIANT}).text
        assert item.filled(item.solution, draw(item, VARIANT))[:40] not in page
        assert "This points to" not in page


def test_a_question_without_variants_that_an_assessment_asks_is_left_out() -> None:
    """Practising it would be seeing the answer; one with numbers of its own for everybody stays."""
    fixed = next(item for item in ITEMS if item.generate is None)
    drawn = next(item for item in ITEMS if item.generate is not None and item.week == fixed.week)
    quiz = COURSE.assessments["quiz-1"]
    slot = quiz.slots[0].model_copy(update={"items": (fixed.id, drawn.id)})
    asked = replace(COURSE, assessments={"quiz": quiz.model_copy(update={"slots": (slot,)})})
    kept = [item.id for item in practised(asked, fixed.week)]
    assert fixed.id not in kept
    assert drawn.id in kept


@pytest.mark.parametrize(
    "query", ["item=w99-none", "variant=0", "variant=x", "item=w02-noise", "answer=" + "9" * 201, "variant=10000"]
)
def test_strange_addresses_are_refused(client: httpx.Client, query: str) -> None:
    """A question that the week does not have, or a variant that is none."""
    assert 400 <= client.get(f"/weeks/1/practice?{query}").status_code < 500


def test_a_week_without_questions_says_so(client: httpx.Client) -> None:
    """Week 14 has nothing to practise, and no week's page leads there."""
    assert client.get("/weeks/14/practice").status_code == 404
    assert "/weeks/14/practice" not in client.get("/weeks/14").text


@pytest.mark.browser
def test_one_practises_without_a_script(visit: Open, site: Site) -> None:
    """From the week to a question, an answer, what is said of it, and the next variant; nothing of it is kept."""
    page = visit("/weeks/1", java_script_enabled=False)
    page.get_by_role("link", name="questions on this week").click()
    page.get_by_role("link", name="What kind of point is this?").click()
    first = page.locator(".prompt").inner_text()
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Mark it").click()
    expect(page.locator(".said .verdict")).to_be_visible()
    page.get_by_role("link", name="Another variant").click()
    expect(page.locator(".prompt")).not_to_have_text(first)
    expect(page.locator(".said")).to_have_count(0)
    for entry in COURSE.calendar:
        assert site.services.roster.attempts(LOCAL, entry.slug) == []


@pytest.mark.browser
def test_lines_are_put_in_order_by_hand(visit: Open) -> None:
    """With a script, buttons build the order, and the field below follows."""
    page = visit("/weeks/2/practice?item=w02-debugging")
    page.get_by_role("button", name="Add line c").click()
    page.get_by_role("button", name="Add line a").click()
    expect(page.locator("input[name=answer]")).to_have_value("c a")
