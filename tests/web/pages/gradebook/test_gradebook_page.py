"""The gradebook: states kept apart, both totals exact and rounded once, a sheet in which nothing runs."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from fallline.core.person import Person
from fallline.course.attempt import Attempt, Sitting, start
from fallline.course.roster import Allowance
from fallline.web.pages.gradebook.book import book_of
from fallline.web.pages.gradebook.sheet import inert
from fallline.web.services import Services

ANA = Person("ana", "Ana")
Open = Callable[..., Page]


@pytest.fixture
def services(services: Services) -> Services:
    """A student on the last day of the course, with three more published quizzes."""
    quiz = services.course.assessment("quiz-1")
    more = {name: quiz.model_copy(update={"slug": name, "title": name}) for name in ("quiz-2", "quiz-3", "quiz-4")}
    course = replace(services.course, assessments={**services.course.assessments, **more})
    made = replace(services, course=course, person=lambda _: ANA)
    made.clock.now = course.window("quiz-4").opens.timestamp() + 3_600  # type: ignore[attr-defined]
    return made


def marked(services: Services, slug: str, scores: list[str], number: int = 1) -> Attempt:
    """Puts a handed-in, graded try into the roster."""
    course, now = services.course, services.clock()
    sitting = Sitting(f"{slug}-{number}", ANA.id, number, now, now + 10**6)
    made = start(course.assessment(slug), course.items, sitting, course="c", content="d", secret=b"s")
    kept = services.roster.start(made)
    services.roster.submit(kept.id, ANA, now)
    slots = [
        {
            "slot": drawn.slot,
            "points": "1",
            "graded": {"score": score, "feedback": "", "misconceptions": [], "valid": True},
        }
        for drawn, score in zip(kept.items, scores, strict=True)
    ]
    credit = str(course.assessment(slug).credit(number))
    return services.roster.grade(kept.id, {"slots": slots, "credit": credit, "late": "1"})


@pytest.fixture
def a_term(services: Services) -> Services:
    """Quiz 1 nearly all right, quiz 2 zero, quiz 3 missing, quiz 4 open, activity 1 excused, the rest unpublished."""
    marked(services, "quiz-1", ["1", "1", "1", "1", "2/3"])
    marked(services, "quiz-2", ["0"] * 5)
    services.roster.allow(Allowance("ana", "activity-1", excused=True))
    return services


def plain(text: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_missing_zero_and_excused_are_three_things(a_term: Services, client: httpx.Client) -> None:
    """Each has its own word and its own effect on both totals."""
    text = plain(client.get("/gradebook").text)
    assert "missing: counts as zero" in text
    assert "marked: zero" in text
    assert "excused: does not count" in text
    totals = book_of(a_term, ANA).totals
    quizzes = (Fraction(14, 15) + 0 + 0) / 3
    assert totals.so_far == 100 * quizzes
    assert totals.if_nothing_more == 100 * (20 * Fraction(14, 15) / 4) / 100
    assert totals.counted == 20


def test_marks_are_rounded_once(a_term: Services, client: httpx.Client) -> None:
    """What the page shows is the exact total rounded half up, not a sum of rounded parts."""
    totals = book_of(a_term, ANA).totals
    text = plain(client.get("/gradebook").text)
    for exact in (totals.so_far, totals.if_nothing_more):
        assert exact is not None
        ratio = Decimal(exact.numerator) / Decimal(exact.denominator)
        assert f"{ratio.quantize(Decimal('0.1'), ROUND_HALF_UP)} %" in text


def test_what_each_brings_adds_up(a_term: Services) -> None:
    """Worths add up to the component's weight over what is not excused, and what they bring to the total."""
    book = book_of(a_term, ANA)
    for part in book.parts:
        assert sum((line.worth for line in part.lines), Fraction(0)) == part.component.weight
    assert sum((part.earned for part in book.parts), Fraction(0)) == book.totals.if_nothing_more


def test_a_second_try_never_takes_anything_away(a_term: Services) -> None:
    """A worse second try leaves the mark as it was."""
    before = book_of(a_term, ANA).totals
    marked(a_term, "quiz-1", ["0"] * 5, number=2)
    assert book_of(a_term, ANA).totals == before


def test_what_was_started_and_never_handed_in_is_missing_only_after_its_deadline(services: Services) -> None:
    """An open try is open; the sweep hands it in, and then it has a mark."""
    course, now = services.course, services.clock()
    sitting = Sitting("open", ANA.id, 1, now, course.window("quiz-4").due.timestamp())
    services.roster.start(
        start(course.assessment("quiz-4"), course.items, sitting, course="c", content="d", secret=b"s")
    )
    state = {
        line.entry.assessment: str(line.entry.state) for part in book_of(services, ANA).parts for line in part.lines
    }
    assert (state["quiz-4"], state["quiz-3"], state["exam"]) == ("open", "missing", "coming")
    services.clock.now += 3_600  # type: ignore[attr-defined]
    state = {
        line.entry.assessment: str(line.entry.state) for part in book_of(services, ANA).parts for line in part.lines
    }
    assert state["quiz-4"] == "graded"


def test_before_anything_counts_the_page_says_so(services: Services, client: httpx.Client) -> None:
    """On the first day there is no mark, and no zero either."""
    services.clock.now = services.course.window("activity-1").opens.timestamp() - 1  # type: ignore[attr-defined]
    text = plain(client.get("/gradebook").text)
    assert "Nothing counts yet" in text
    assert "0.0 %" not in text


@pytest.mark.parametrize("start_of_cell", ["=", "+", "-", "@", "\t=", "\r=", " =", "%", "|"])
def test_no_cell_of_the_sheet_is_a_formula(services: Services, client: httpx.Client, start_of_cell: str) -> None:
    """A title that would be a formula in a spreadsheet comes with an apostrophe before it."""
    course = services.course
    evil = f'{start_of_cell}HYPERLINK("http://evil.example";"x")'
    calendar = tuple(entry.model_copy(update={"title": evil}) for entry in course.calendar)
    made = replace(course, file=course.file.model_copy(update={"calendar": calendar}))
    object.__setattr__(services, "course", made)
    rows = list(csv.reader(io.StringIO(client.get("/gradebook/marks.csv").content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(calendar) + 2
    assert {row[3] for row in rows[1:-2]} == {f"'{evil}"}


@given(st.text(max_size=30))
def test_an_inert_cell_never_starts_a_formula(text: str) -> None:
    """Whatever the text, no spreadsheet takes its cell for a formula, and no character of it is lost."""
    cell = inert(text)
    assert cell.endswith(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))


def test_the_sheet_has_the_numbers_of_the_page(a_term: Services, client: httpx.Client) -> None:
    """States as they are, exact marks as fractions that no spreadsheet takes for a date, both totals."""
    answer = client.get("/gradebook/marks.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = {
        row["assessment"] or row["component"]: row
        for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    }
    assert rows["quiz-1"]["exact mark"] == "14 of 15"
    assert (rows["quiz-1"]["mark"], rows["quiz-2"]["mark"], rows["quiz-3"]["mark"]) == ("93.3", "0.0", "")
    assert [rows[name]["state"] for name in ("quiz-2", "quiz-3", "activity-1")] == ["graded", "missing", "excused"]
    shown = book_of(a_term, ANA).totals.shown(1)
    assert (rows["so far"]["mark"], rows["if nothing more"]["mark"]) == tuple(map(str, shown))


@pytest.fixture
def gradebook(a_term: Services, visit: Open) -> Open:
    """Opens the gradebook of such a term."""
    return lambda **options: visit("/gradebook", **options)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(gradebook: Open, theme: str) -> None:
    """Axe finds no violation, on light paper and on dark."""
    page = gradebook(color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_a_phone_shows_the_whole_page(gradebook: Open, script: bool) -> None:
    """At 390 pixels nothing sticks out, with a script or without."""
    page = gradebook(viewport={"width": 390, "height": 844}, java_script_enabled=script)
    page.wait_for_load_state("networkidle")
    assert page.locator("main").bounding_box()["width"] <= 390  # type: ignore[index]
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
