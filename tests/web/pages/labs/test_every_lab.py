"""Every lab of the course, used in a real browser as someone would: by mouse, by keyboard, by link, without a script.

The sweep goes over the course's registry, so a new lab is covered without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from fallline.course.content import load_course
from fallline.course.course import Course
from fallline.course.knob import Knob
from fallline.course.lab import Lab
from tests.web.conftest import Site, serving, shelved

COURSE = load_course()
Open = Callable[..., Page]

pytestmark = pytest.mark.browser

SEEN = """async () => {
  const caption = document.querySelector("[data-caption]").textContent;
  const notes = document.querySelector("[data-notes]").textContent;
  const drawn = [...document.querySelectorAll("[data-figure] .figure-stage :is(svg, canvas)")];
  const whole = [caption, notes, ...drawn.map((each) => each.outerHTML + (each.toDataURL?.() ?? ""))].join("|");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(whole)));
  return [caption, notes, [...digest.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("")];
}"""
"""Caption, notes, and a digest of them and of all pictures."""
COUNT = """() => {
  window.drawn = 0;
  const count = (event) => { if (event.detail.settled) window.drawn += 1; };
  document.querySelector("[data-lab]").addEventListener("drawn", count);
}"""
PATIENCE = 120_000.0  # ms; the first run of a lab may compile, and the machine may have more to do
READY = """() => [...document.querySelectorAll('[data-figure]')]
  .every((each) => each.hidden || each.querySelector('.figure-stage svg'))"""


@dataclass
class Bench:
    """A lab on its page, under somebody's hands.

    Attributes:
        lab: the lab.
        page: where it is open.
        address: of the lab without a state.
        faults: what did not happen that should have.
    """

    lab: Lab
    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Counts what is drawn, once the first picture stands."""
        self.page.wait_for_function(READY, timeout=PATIENCE)
        self.page.evaluate(COUNT)
        for more in self.page.locator("details.more:not([open]) > summary").all():
            more.click()

    def seen(self) -> Any:
        """What there is to see: caption, notes and pictures."""
        return self.page.evaluate(SEEN)

    def after(self, act: Callable[[], object]) -> Any:
        """Does something that asks the server, and returns what is to be seen then."""
        before = self.page.evaluate("() => window.drawn")
        act()
        self.page.wait_for_function("(before) => window.drawn > before", arg=before, timeout=PATIENCE)
        skip = self.page.locator("[data-guess] button.quiet")
        if skip.is_visible():  # another case asks its own question first
            skip.click()
            expect(skip).to_be_hidden()
        return self.seen()

    def reset(self) -> Any:
        """Goes back to the start."""
        return self.after(self.page.locator("[data-reset]").click)

    def place(self, knob: Knob) -> Locator:
        """The knob's element."""
        return self.page.locator(f"[data-knob='{knob.id}']")

    def standing(self, knob: Knob) -> tuple[str, ...]:
        """Where a knob stands, as its inputs say."""
        shown = self.place(knob).locator("select, input[type=text], input[type=checkbox], textarea").all()
        return tuple(str(each.is_checked()) if knob.widget == "toggle" else each.input_value() for each in shown)

    def keys(self, knob: Knob) -> Iterator[Callable[[], object]]:
        """Yields what to press, the smallest move first, until something changes."""
        place = self.place(knob)
        slider, written = place.locator("input[type=range]"), place.locator("input[type=text]").first
        if knob.widget == "slider":
            last = slider.input_value() == slider.get_attribute("max")
            yield lambda: slider.press("ArrowLeft" if last else "ArrowRight")
            yield lambda: slider.press("Home" if last else "End")
            yield lambda: slider.press("End" if last else "Home")
        elif knob.widget == "choice":
            select = place.locator("select")
            chosen = select.evaluate("(each) => each.selectedIndex === each.options.length - 1")
            yield lambda: select.press("ArrowUp" if chosen else "ArrowDown")
        elif knob.widget == "toggle":
            yield lambda: place.locator("input[type=checkbox]").press("Space")
        elif knob.widget in {"number", "point", "curve"}:
            yield lambda: written.press("ArrowUp")
            yield lambda: written.press("ArrowDown")

    def turn(self, knob: Knob) -> bool:
        """Moves a knob by keyboard, which it must follow; tells whether picture, caption or notes changed."""
        before, stood = self.seen(), self.standing(knob)
        for number, press in enumerate(self.keys(knob)):
            seen = self.after(press)
            if number == 0 and self.standing(knob) == stood and not seen[1]:
                self.faults.append(f"{knob.id}: the keyboard does not move it")
            if seen != before:
                return True
        return False

    def turn_somewhere(self, knob: Knob) -> None:
        """Moves a knob at the start, or else where it counts: some preset must show what it does."""
        found = self.turn(knob)
        for link in self.page.locator("[data-preset]").all():
            if found:
                break
            self.after(link.click)
            found = self.place(knob).is_visible() and self.turn(knob)
        if not found:
            self.faults.append(f"{knob.id}: it changes neither picture nor caption, at the start and in every preset")
        self.reset()

    def drag(self, handle: Locator) -> None:
        """Drags a handle towards the middle of its figure, then nudges it by keyboard: its knob follows both."""
        name = handle.get_attribute("data-handle")
        knob = self.lab.knob((name or "").partition(".")[0])  # a point of a curve is a part of its knob
        stood = self.standing(knob)
        handle.scroll_into_view_if_needed()
        frame = handle.locator("xpath=..").bounding_box()
        box = handle.bounding_box()
        assert frame, name
        assert box, name
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        across = frame["width"] / 5 * (1 if x < frame["x"] + frame["width"] / 2 else -1)
        down = frame["height"] / 5 * (1 if y < frame["y"] + frame["height"] / 2 else -1)

        def move() -> None:
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + across, y + down, steps=3)
            self.page.mouse.up()

        before = self.seen()
        if self.after(move) == before or self.standing(knob) == stood:
            self.faults.append(f"{name}: dragging it changes nothing")
        stood = self.standing(knob)
        self.after(lambda: handle.press("Shift+ArrowLeft" if across < 0 else "Shift+ArrowRight"))
        if self.standing(knob) == stood:
            self.faults.append(f"{name}: the keyboard does not move the handle")


@pytest.fixture(scope="module")
def site(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all labs: what is kept of one of them does not concern another."""
    with shelved(course, tmp_path_factory.mktemp("labs")) as services, serving(services) as running:
        yield running


@pytest.fixture(params=sorted(COURSE.labs))
def lab(request: pytest.FixtureRequest) -> Lab:
    """Each lab of the course."""
    return COURSE.lab(request.param)


@pytest.fixture
def bench(lab: Lab, visit: Open, site: Site) -> Bench:
    """A lab whose first picture waits, for who wants no motion."""
    address = f"/labs/{lab.slug}"
    httpx.get(f"{site.url}{address}/answer", timeout=PATIENCE / 1000).raise_for_status()
    return Bench(lab, visit(address, reduced_motion="reduce", bypass_csp=True), address)


def test_a_lab_serves_everyone(bench: Bench, visit: Open, site: Site) -> None:
    """It waits for the guess, moves by each knob and handle, tells its presets, and comes back from a link, solved."""
    foretold(bench)
    readable(bench)
    moved(bench)
    told(bench)
    shared(bench, visit, site)
    solved(bench)
    assert not bench.faults, f"{bench.lab.slug}: {'; '.join(bench.faults)}"


def foretold(bench: Bench) -> None:
    """A lab with a prediction shows no result before it; then all of it at once, as no motion is wanted."""
    page = bench.page
    if bench.lab.prediction:
        expect(page.locator("[data-caption]")).to_be_empty()
        page.locator("[data-guess] button.quiet").click()
        expect(page.locator("[data-happened] dd")).not_to_be_empty()
    bench.listen()
    expect(page.locator("[data-caption]")).not_to_be_empty()
    if bench.lab.player:
        expect(page.locator("[data-player] output")).to_have_text(re.compile(r"^\w+ ([\d,]+) of \1$"))
    assert page.evaluate("document.getAnimations().every((each) => each.playState !== 'running')")


def readable(bench: Bench) -> None:
    """Axe finds nothing, the colours hold on dark paper too, and a phone shows all of it."""
    page = bench.page
    found = Axe().run(page, context="[data-lab]", options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, context="[data-lab]", options={"preload": False, "runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "it scrolls sideways on a phone"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def moved(bench: Bench) -> None:
    """Each knob in sight does something by keyboard, each handle by mouse and by keyboard."""
    for knob in bench.lab.knobs:
        if bench.place(knob).is_visible():
            bench.turn_somewhere(knob)
    names = [each.get_attribute("data-handle") for each in bench.page.locator("[data-handle]:visible").all()]
    for name in names:
        bench.drag(bench.page.locator(f"[data-handle='{name}']"))
        bench.reset()


def told(bench: Bench) -> None:
    """Each preset has a caption, says why it is worth a look, and needs no knob moved."""
    for link, preset in zip(bench.page.locator("[data-preset]").all(), bench.lab.presets, strict=True):
        bench.after(link.click)
        if not bench.page.locator("[data-caption]").inner_text():
            bench.faults.append(f"{preset.name}: no caption")
        if bench.page.locator("[data-notes] li").all_inner_texts() and not preset.note:
            bench.faults.append(f"{preset.name}: notes on the knobs")
        expect(bench.page.locator("[data-told]")).to_have_text(preset.note)


def shared(bench: Bench, visit: Open, site: Site) -> None:
    """The address bar brings the same picture back, and a page without scripts the same caption, form and all."""
    page = bench.page
    bench.reset()
    expect(page).to_have_url(re.compile(rf"{bench.address}$"))
    knob = next(
        each for each in bench.lab.knobs if bench.place(each).is_visible() and each.widget not in {"text", "table"}
    )
    bench.after(next(bench.keys(knob)))
    expect(page).to_have_url(re.compile(rf"\?{knob.id}=[^&]*$"))
    before, caption = bench.seen(), page.locator("[data-caption]").inner_text()
    link = page.url.removeprefix(site.url)
    page.goto(link)
    bench.listen()
    assert bench.seen() == before, f"{link} brings another picture"
    plain = visit(link, java_script_enabled=False, viewport={"width": 390, "height": 844})
    shown = page.locator("[data-figure]:not([hidden])").count()
    for _ in ("as linked", "as its own form sends it"):
        expect(plain.locator("[data-caption]")).to_have_text(caption)
        expect(plain.locator("svg.fallline-figure")).to_have_count(shown)
        assert plain.evaluate("document.documentElement.scrollWidth") <= 390, "it scrolls sideways without a script"
        assert [bench.standing(each) for each in bench.lab.knobs] == [
            Bench(bench.lab, plain, "").standing(each) for each in bench.lab.knobs
        ]
        plain.get_by_role("button", name="Show", exact=True).click()


def solved(bench: Bench) -> None:
    """The link to each puzzle's solution says that it is solved; a lab without a puzzle has no box for one."""
    if not bench.lab.goals:
        expect(bench.page.locator("[data-puzzle]")).to_have_count(0)
    for puzzle in bench.lab.goals:
        query = "&".join(f"{name}={text}" for name, text in bench.lab.query(puzzle.solution).items())
        bench.page.goto(f"{bench.address}?{query}")
        expect(bench.page.locator("[data-solved]")).to_be_visible()
        expect(bench.page.locator("[data-solved]")).not_to_be_empty()
        expect(bench.page.locator("[data-progress]")).to_be_hidden()
