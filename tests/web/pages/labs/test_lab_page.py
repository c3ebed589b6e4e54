"""A lab in a real browser: what the sweep over every lab does not ask, on the playground."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fallline.core.person import LOCAL

LAB = "/labs/playground"
FREE = "/labs/playground?rate=0.03"
Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def caption(page: Page) -> Any:
    """The caption under the large figure."""
    return page.locator("[data-caption]")


def test_the_picture_waits_for_a_prediction(visit: Open, site: Any) -> None:
    """At first there is no result to read; a choice shows what was expected beside what happened, and is kept."""
    page = visit(LAB)
    expect(page.locator("[data-lab]")).to_have_class(re.compile("waiting"))
    expect(caption(page)).to_be_empty()
    expect(page.locator("[data-player]")).to_be_hidden()
    page.get_by_role("button", name="Adam", exact=True).click()
    reveal = page.locator("[data-reveal]")
    expect(reveal).to_contain_text("You expected")
    expect(reveal.locator("[data-expected] dd")).to_have_text("Adam")
    expect(reveal.locator("[data-happened] dd")).not_to_be_empty()
    expect(caption(page)).not_to_be_empty()
    assert site.notebook.note(LOCAL, "prediction/playground") == "adam"
    page.reload()
    expect(page.locator("[data-guess]")).to_be_hidden()
    expect(reveal.locator("[data-expected] dd")).to_have_text("Adam")


def test_a_prediction_is_made_once(client: Any, site: Any) -> None:
    """A second choice does not replace the first."""
    for choice in ("gd", "adam"):
        client.post(f"{LAB}/prediction", data={"choice": choice}, headers={"origin": site.url})
    assert site.notebook.note(LOCAL, "prediction/playground") == "gd"


def test_who_does_not_want_to_guess_may_look(visit: Open) -> None:
    """The quiet button shows the result without a guess."""
    page = visit(LAB)
    page.get_by_role("button", name="Show it without a guess").click()
    expect(page.locator("[data-expected]")).to_be_hidden()
    expect(page.locator("[data-happened]")).to_be_visible()


def test_a_prediction_works_without_a_script(visit: Open) -> None:
    """A plain form sends it, and the page comes back with what happened."""
    page = visit(LAB, java_script_enabled=False)
    page.get_by_role("button", name="Adam", exact=True).click()
    expect(page.locator("[data-reveal]")).to_contain_text("What happened")


def test_arrow_keys_on_a_slider_change_picture_and_address(visit: Open) -> None:
    """Each key is one stop; the caption is computed anew, and the address holds the state."""
    page = visit(FREE)
    expect(caption(page)).not_to_be_empty()
    before = caption(page).inner_text()
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    for _ in range(45):
        page.keyboard.press("ArrowRight")
    expect(caption(page)).to_contain_text("diverges")
    assert caption(page).inner_text() != before
    shown = page.locator("[data-knob=rate] input[type=text]").input_value()
    expect(slider).to_have_attribute("aria-valuetext", shown)
    expect(page).to_have_url(re.compile(f"rate={re.escape(shown)}$"))


def test_the_form_works_without_a_script(visit: Open) -> None:
    """Typed values and unchecked boxes reach the server, and the picture is the one asked for."""
    page = visit(FREE, java_script_enabled=False)
    page.locator("[data-knob=rate] input[type=text]").fill("0.5")
    page.locator("[data-knob=adam] input[type=checkbox]").uncheck()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(caption(page)).to_contain_text(re.compile("diverges|left the map"))
    expect(page.locator("[data-knob=adam] input[type=checkbox]")).not_to_be_checked()


def test_an_option_moves_the_other_knobs(visit: Open) -> None:
    """Another surface brings its own start and range."""
    page = visit(FREE)
    page.locator("[data-knob=surface] select").select_option("rosenbrock")
    expect(page.locator("[data-knob=start] input").first).to_have_value("-1.2")
    expect(page.locator("[data-knob=rate] input[type=text]")).to_have_value("0.001")
    expect(page).to_have_url(re.compile("surface=rosenbrock"))


def test_the_limit_is_marked_on_the_slider(visit: Open) -> None:
    """2/λmax stands on the rate's slider, as the Record computed it."""
    page = visit(FREE)
    expect(page.locator("[data-knob=rate] [data-limit]")).to_have_text("2/λmax = 0.04")


def test_a_term_of_the_formula_lights_up_its_knob(visit: Open) -> None:
    """Pointing at η in the formula shows which control it is."""
    page = visit(FREE)
    page.locator("[data-term=rate]").hover()
    expect(page.locator("[data-knob=rate]")).to_have_class(re.compile("lit"))


def test_the_picture_as_code_follows_the_knobs(visit: Open) -> None:
    """The panel shows the Spec that is on the screen."""
    page = visit(FREE)
    page.get_by_text("Show as code").click()
    panel = page.locator("[data-panels] pre")
    expect(panel).to_contain_text("0.03")
    page.get_by_role("link", name="Just above the limit").click()
    rate = page.locator("[data-knob=rate] input[type=text]")
    expect(rate).not_to_have_value("0.03")
    expect(panel).to_contain_text(rate.input_value())


def test_the_latest_wish_wins(visit: Open) -> None:
    """Many quick moves end on the last one, with one request under way at a time."""
    page = visit(FREE)
    page.wait_for_load_state("networkidle")
    under_way: set[Any] = set()
    most = 0

    def sent(request: Any) -> None:
        nonlocal most
        if "/answer" in request.url:
            under_way.add(request)
            most = max(most, len(under_way))

    def ended(request: Any) -> None:
        under_way.discard(request)

    page.on("request", sent)
    page.on("requestfinished", ended)
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    shown = page.locator("[data-knob=rate] input[type=text]").input_value()
    expect(page).to_have_url(re.compile(f"rate={re.escape(shown)}(&|$)"))
    assert most == 1


def test_a_site_that_is_gone_is_told(visit: Open) -> None:
    """When no answer comes, the lab says what happened and what to do, and can try again."""
    page = visit(FREE)
    page.wait_for_load_state("networkidle")
    page.route("**/answer*", lambda route: route.fulfill(body="Gone"))
    page.get_by_role("slider", name="learning rate").press("ArrowRight")
    failure = page.locator("[data-failure]")
    expect(failure).to_contain_text("No answer. The server answered 200. Try again.")
    page.unroute("**/answer*")
    failure.get_by_role("button", name="Try again").click()
    expect(failure).to_be_hidden()


def test_strange_values_are_told_and_moved(visit: Open) -> None:
    """A link with nonsense still shows a picture, and says what was not understood."""
    page = visit(f"{LAB}?rate=nan&steps=9999&colour=red&start=0")
    notes = page.locator("[data-notes]")
    for words in ("learning rate", "steps", "colour", "start"):
        expect(notes).to_contain_text(words)


def test_a_formula_of_ones_own_is_drawn_as_it_is_typed(visit: Open) -> None:
    """Its field shows under its option only; the address brings it back; the picture follows each key."""
    page = visit(FREE)
    field = page.locator("[data-knob=formula] input")
    expect(field).to_be_hidden()
    page.locator("[data-knob=surface] select").select_option("own")
    expect(field).to_be_visible()
    field.fill("x^2 + 3y^2")
    expect(page.locator(".picture-large .figure-back title")).to_have_text(re.compile(r"x\^2 \+ 3y\^2"))
    expect(page).to_have_url(re.compile("surface=own&formula="))
    again = visit(page.url.removeprefix(page.url.split("/labs")[0]), java_script_enabled=False)
    expect(again.locator("[data-knob=formula] input")).to_have_value("x^2 + 3y^2")
    assert caption(again).inner_text() == caption(page).inner_text()


def test_a_mistake_is_pointed_at_and_the_last_picture_stays(visit: Open) -> None:
    """Under the field the place, the column and a near name; the caption does not change until it is mended."""
    page = visit(f"{LAB}?surface=own&formula=x%5E2%2By%5E2")
    expect(caption(page)).not_to_be_empty()
    before, address = caption(page).inner_text(), page.url
    field, told = page.locator("[data-knob=formula] input"), page.locator("[data-mistake]")
    expect(told).to_be_hidden()
    field.fill("x^2 + sine(y)")
    expect(told).to_contain_text("At column 7 stands 'sine'")
    expect(told.locator("[data-place]")).to_have_text("x^2 + sine(y)\n      ^")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert caption(page).inner_text() == before
    assert page.url == address
    field.fill("sqrt(-1-x^2-y^2)")
    expect(told).to_contain_text("a value somewhere")
    field.fill("x^2 + sin(y)")
    expect(told).to_be_hidden()
    expect(caption(page)).not_to_have_text(before)


def test_a_mistake_in_an_address_is_shown_without_a_script(visit: Open) -> None:
    """What was typed is in the field, the place is pointed at, and there is still a picture."""
    page = visit(f"{LAB}?surface=own&formula=x%5E%5E2", java_script_enabled=False)
    expect(page.locator("[data-knob=formula] input")).to_have_value("x^^2")
    expect(page.locator("[data-mistake]")).to_contain_text("At column 3")
    expect(page.locator("svg.fallline-figure").first).to_be_visible()


def test_one_weight_has_one_coordinate(visit: Open) -> None:
    """A curve's start has one field and one handle, an upright line that moves it."""
    page = visit(f"{LAB}?surface=double_well")
    fields = page.locator("[data-knob=start] input")
    expect(fields.first).to_have_value("1.8")
    expect(fields.last).to_be_hidden()
    handle = page.locator("[data-handle=start]")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(fields.first).not_to_have_value("1.8")
    page.locator("[data-knob=surface] select").select_option("bowl")
    expect(fields.last).to_be_visible()
    expect(fields.last).to_have_value("1.6")


def test_many_weights_bring_the_knobs_of_the_slice(visit: Open) -> None:
    """They are there under such a surface only, behind More, and the caption says what the slice loses."""
    page = visit(FREE)
    page.locator("summary", has_text="More").click()
    expect(page.locator("[data-knob=across]")).to_be_hidden()
    page.locator("[data-knob=surface] select").select_option("rosenbrock_n")
    expect(page.locator("[data-knob=across]")).to_be_visible()
    expect(page.locator("[data-knob=weights] input[type=text]")).to_have_value("10")
    expect(caption(page)).to_contain_text("plane")
