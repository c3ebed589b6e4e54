"""A try in a real browser: saved by the server's word alone, kept through loss of network, page and window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fallline.course.assessment import Slot
from fallline.course.items import item_from
from fallline.web.services import Services

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LINES = ["Split the rows.", "Fit the encoding on the training rows.", "Fit the model.", "Look at the test rows once."]


@pytest.fixture
def services(services: Services) -> Services:
    """The course, with an item of the fourth kind in the quiz."""
    tree = {
        "id": "w01-order", "kind": "order", "week": 1, "title": "In order", "topic": "order", "blocks": LINES,
        "prompt": "Put the lines in order.", "solution": "Nothing may have seen the test rows.",
    }  # fmt: skip
    quiz = services.course.assessment("quiz-1")
    slots = (*quiz.slots, Slot(id="order", items=("w01-order",)))
    course = replace(
        services.course,
        items={**services.course.items, "w01-order": item_from(tree)},
        assessments={**services.course.assessments, "quiz-1": quiz.model_copy(update={"slots": slots})},
    )
    return replace(services, course=course)


@pytest.fixture
def quiz(ana: Any) -> str:
    """The address of Ana's open try."""
    return str(ana.start("quiz-1"))


@pytest.fixture
def window(browser: Browser, site: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers of Ana's, each with a storage of its own: devices that know nothing of each other."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(base_url=site.url, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def field(page: Page, slot: str = "one-step") -> Any:
    """The field of a question."""
    return page.locator(f"[name=answer-{slot}]")


def saved(page: Page) -> Any:
    """What the page says of saving."""
    return page.locator("[data-saved]")


def test_a_change_is_saved_and_the_time_is_the_servers(visit: Open, quiz: str, ana: Any) -> None:
    """What stands on the page as saved is stored, and the time beside it is the server's clock, not the browser's."""
    page = visit(quiz)
    field(page).fill("0.5")
    expect(saved(page)).to_have_text("Not saved yet")
    field(page).press("Tab")
    expect(saved(page)).to_have_text(re.compile(r"^Saved at 09:01:00$"))
    assert ana.attempt(quiz).answers["one-step"].answer == "0.5"
    page.locator("[name=answer-what-happens]").nth(1).check()
    expect(page.locator("[data-dot=what-happens]")).to_have_attribute("data-state", "answered")


def test_typing_alone_is_saved_after_a_pause(visit: Open, quiz: str, ana: Any) -> None:
    """Nobody has to leave the field: two seconds without a key are enough."""
    page = visit(quiz)
    field(page).press_sequentially("0.25")
    expect(saved(page)).to_contain_text("Saved at", timeout=10_000)
    assert ana.attempt(quiz).answers["one-step"].answer == "0.25"


def test_a_server_that_does_not_answer_is_no_saved(window: Any, quiz: str, ana: Any) -> None:
    """While requests fail the page says so and never that it saved; when they pass again, it sends what it kept."""
    context = window()
    page = context.new_page()
    page.goto(quiz)
    context.set_offline(True)
    field(page).fill("0.5")
    field(page).press("Tab")
    expect(page.get_by_role("status")).to_contain_text("kept in this browser")
    expect(saved(page)).to_have_text("Not saved yet")
    context.set_offline(False)
    expect(saved(page)).to_contain_text("Saved at", timeout=20_000)
    expect(page.get_by_role("status")).to_be_empty()
    assert ana.attempt(quiz).answers["one-step"].answer == "0.5"


def test_what_was_written_offline_outlives_the_page(window: Any, quiz: str, ana: Any) -> None:
    """The window is closed without a network; at the next visit the answer stands there, and is sent."""
    context = window()
    page = context.new_page()
    page.goto(quiz)
    context.set_offline(True)
    field(page).fill("0.125")
    page.locator("[name=answer-within-limits]").first.check()
    page.close(run_before_unload=False)
    assert ana.attempt(quiz).answers == {}
    context.set_offline(False)
    again = context.new_page()
    again.goto(quiz)
    expect(field(again)).to_have_value("0.125")
    expect(saved(again)).to_contain_text("Saved at")
    assert ana.attempt(quiz).answers["one-step"].answer == "0.125"
    assert ana.attempt(quiz).answers["within-limits"].answer == ["a"]


def test_two_devices_do_not_overwrite_each_other_unasked(window: Any, quiz: str, ana: Any) -> None:
    """Who saves second is shown both answers and chooses; the other one is in the log."""
    first, second = (window().new_page() for _ in range(2))
    for page in (first, second):
        page.goto(quiz)
    for page, text in ((first, "0.7"), (second, "0.6")):
        field(page).fill(text)
        field(page).press("Tab")
    conflict = second.get_by_role("group", name="Two answers to question 1")
    expect(conflict).to_contain_text("stored “0.7”")
    assert ana.attempt(quiz).answers["one-step"].answer == "0.7"
    second.reload()
    expect(conflict).to_contain_text("Here stands “0.6”")
    conflict.get_by_role("button", name="Store this one").click()
    expect(conflict).to_be_hidden()
    expect(saved(second)).to_contain_text("Saved at")
    assert ana.attempt(quiz).answers["one-step"].answer == "0.6"


def test_two_tabs_of_one_browser_show_the_same(window: Any, quiz: str, ana: Any) -> None:
    """What is written in one tab stands in the other, so that going on there goes on from it."""
    context = window()
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(quiz)
    field(one).fill("0.5")
    expect(field(other)).to_have_value("0.5")
    field(other).fill("0.55")
    field(other).press("Tab")
    expect(saved(other)).to_contain_text("Saved at")
    assert ana.attempt(quiz).answers["one-step"].answer == "0.55"


def test_a_try_that_ended_elsewhere_says_so(window: Any, quiz: str, ana: Any) -> None:
    """What is written after it was handed in elsewhere is not stored, is not called saved, and is not dropped."""
    page = window().new_page()
    page.goto(quiz)
    ana.hand_in(quiz)
    field(page).fill("0.5")
    field(page).press("Tab")
    expect(page.get_by_role("status")).to_contain_text("handed in")
    expect(saved(page)).to_have_text("Not stored")
    page.get_by_role("link", name="See what was handed in").click()
    expect(page.locator("[data-kept]")).to_contain_text("0.5")
    page.get_by_role("button", name="Drop it").click()
    page.reload()
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_the_time_left_is_shown_and_runs_out(visit: Open, quiz: str, services: Any) -> None:
    """Minutes while there are many, seconds at the end; at zero the page says what counts."""
    page = visit(quiz)
    expect(page.locator("[data-clock]")).to_have_text("40 min left")
    services.clock.now += 40 * 60 - 3
    page.reload()
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^0:0\d left$"))
    expect(page.locator("[data-clock]")).to_have_text("The time is over", timeout=10_000)
    expect(page.get_by_role("status")).to_contain_text("What was saved in time counts")


def test_the_whole_quiz_by_keyboard(visit: Open, quiz: str, ana: Any) -> None:
    """Tab, arrows, letters, space and Enter are enough to answer, to look it over, and to hand in."""
    page = visit(quiz)
    keys = page.keyboard
    seen: set[str] = set()
    for _ in range(80):
        keys.press("Tab")
        name = page.evaluate("document.activeElement.name || ''").removeprefix("answer-")
        if name == "then":
            break
        if name in seen or not name:
            continue
        seen.add(name)
        kind = page.evaluate("document.activeElement.type")
        if kind == "text":
            keys.type("a b c d" if name == "order" else "0.5")
        else:
            keys.press("Space")
    assert seen == {drawn.slot for drawn in ana.attempt(quiz).items}
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/review$"))
    page.get_by_role("checkbox").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    assert len(ana.attempt(quiz).answers) == 6


def test_the_whole_quiz_without_a_script(window: Any, quiz: str, ana: Any) -> None:
    """A plain form saves, says what cannot be read, warns of a newer answer, and hands in."""
    page = window(java_script_enabled=False).new_page()
    page.goto(quiz)
    field(page).fill("about 3")
    page.locator("[name=answer-within-limits]").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problem-one-step")).to_contain_text("Write one number")
    assert ana.attempt(quiz).answers["within-limits"].answer == ["a"]
    ana.save(quiz, ("one-step", 2, "0.9"))
    field(page).fill("0.3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not everything was stored")
    expect(field(page)).to_have_value("0.3")
    page.get_by_role("button", name="Review and hand in").click()
    expect(page.locator("table")).to_contain_text("0.3")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Hand in for good").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    assert ana.attempt(quiz).answers["one-step"].answer == "0.3"


def test_lines_are_put_in_order_by_buttons_or_letters(visit: Open, quiz: str, ana: Any) -> None:
    """Adding, moving and taking out write the letters; letters that are typed show the lines."""
    page = visit(quiz)
    question = page.locator("[data-slot=order]")
    for key in "abc":
        question.get_by_role("button", name=f"Add line {key}").click()
    question.get_by_role("button", name="Line c up").click()
    question.get_by_role("button", name="Take line a out").click()
    expect(field(page, "order")).to_have_value("c b")
    expect(saved(page)).to_contain_text("Saved at")
    assert ana.attempt(quiz).answers["order"].answer == "c b"
    field(page, "order").fill("d, a")
    expect(question.get_by_role("list", name="Your order").get_by_role("listitem")).to_have_count(2)


@pytest.fixture
def pages(ana: Any, set_clock: Callable[..., None], quiz: str) -> dict[str, str]:
    """Every page of an assessment, in the state that has most on it."""
    ana.answer_all(quiz, rightly=False)
    ana.hand_in(quiz)
    second = ana.start("quiz-1", 2)
    ana.save(second, ("one-step", 1, "about 3"), ("what-happens", 1, "a"))
    set_clock("activity-1", "opens", hours=1)
    activity = ana.start("activity-1")
    ana.save(activity, ("spec", 1, "kind = 3"))
    set_clock("quiz-1", "opens", minutes=2)
    return {
        "overview": "/assessments/quiz-1", "open": second, "review": f"{second}/review", "result": quiz,
        "activity": activity, "spec": f"{activity}/review", "closed": "/assessments/activity-1",
    }  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(visit: Open, pages: dict[str, str], theme: str) -> None:
    """Axe finds no violation on any page, on light paper and on dark."""
    for path in pages.values():
        page = visit(path, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"preload": False})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_a_phone_shows_every_page_whole(visit: Open, pages: dict[str, str]) -> None:
    """At 390 pixels nothing sticks out."""
    for path in pages.values():
        page = visit(path, viewport={"width": 390, "height": 844})
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
