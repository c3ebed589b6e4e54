"""A figure on the page: it can be looked at, dragged, read, saved and played, by pointer and by keyboard."""

from __future__ import annotations

import csv
import struct
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fallline.figures.roles import ROLES
from tests.figures.drawing import parsed, tag
from tests.figures.gallery import GALLERY, pareto
from tests.figures.hostile import HOSTILE
from tests.web.static.conftest import Opened

pytestmark = pytest.mark.browser


def pixels(page: Page, figure: str, layer: str) -> list[int]:
    """Colours of a canvas, at a coarse grid of places."""
    return page.evaluate(
        """([id, layer]) => { const canvas = document.querySelector(`#${id} .figure-${layer}`);
        const { width, height } = canvas;
        const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        context.drawImage(canvas, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        return [...data].filter((_, at) => Math.floor(at / 4) % 97 === 0); }""",
        [figure, layer],
    )


def handle(page: Page, name: str):  # noqa: ANN201 - a locator
    """The handle of a knob."""
    return page.locator(f"[data-handle={name}]")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_gallery_has_no_accessibility_fault(opened: Opened, theme: str, width: int) -> None:
    """Axe finds nothing, on both papers, on a phone and on a desk, with a table and the menu open."""
    page = opened(",".join(GALLERY), theme=theme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.locator("#calibration").get_by_role("button", name="Data table").click()
    page.locator("#profit").get_by_role("button", name="Save").click()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_figures_are_drawn_without_a_fault(opened: Opened) -> None:
    """None of them raises, none draws an undefined coordinate, none leaves its host empty."""
    page = opened(",".join(HOSTILE))
    for name in HOSTILE:
        drawn = page.locator(f"[id='{name}'] .figure-stage")
        assert drawn.count() == 1, name
        text = drawn.inner_html()
        assert "NaN" not in text, name
        assert "undefined" not in text, name


def test_a_handle_follows_the_pointer(opened: Opened) -> None:
    """Dragging the start emits its place at most once per frame, and the point moves at once."""
    page = opened("descent-map")
    box = handle(page, "start").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y + 50, steps=20)
    page.mouse.up()
    knobs = page.evaluate("knobs")
    scale = page.evaluate("[pictures['descent-map'].sheet.layout.x, pictures['descent-map'].sheet.layout.y]")
    across, down = ((part["high"] - part["low"]) / abs(part["end"] - part["start"]) for part in scale)
    assert 1 <= len(knobs) <= 21
    assert knobs[-1]["id"] == "start"
    assert knobs[-1]["value"] == pytest.approx([-1.4 + 100 * across, 2.2 - 50 * down], abs=0.02)
    moved = handle(page, "start").bounding_box()
    assert (moved["x"] - box["x"], moved["y"] - box["y"]) == (pytest.approx(100, abs=3), pytest.approx(50, abs=3))


def test_a_handle_follows_the_keyboard(opened: Opened) -> None:
    """Arrow keys move by a hundredth of the plot, with Shift by a tenth; the value is announced."""
    page = opened("profit")
    knob = handle(page, "threshold")
    expect(knob).to_have_attribute("role", "slider")
    knob.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("knobs.at(-1).value") == pytest.approx(0.32)
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate("knobs.at(-1).value") == pytest.approx(0.22)
    expect(knob).to_have_attribute("aria-valuenow", "0.22")
    expect(page.locator("#profit .figure-live")).to_have_text("threshold 0.22")
    page.keyboard.press("Home")
    assert page.evaluate("knobs.at(-1).value") == 0
    expect(page.locator("#profit .figure-stage")).to_have_count(1)


def test_an_update_does_not_take_the_handle_from_the_hand(opened: Opened) -> None:
    """While something is dragged, a late answer changes the rest but not what is held."""
    page = opened("profit")
    box = handle(page, "threshold").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.evaluate("new Promise(requestAnimationFrame)")
    page.evaluate("pictures.profit.update({ ...figures.profit, title: 'Answered' })")
    held = handle(page, "threshold").bounding_box()
    assert held["x"] - box["x"] == pytest.approx(60, abs=3)
    expect(page.locator("#profit .heading")).to_have_text("Answered")
    page.mouse.up()


def test_the_theme_redraws_canvases_too(opened: Opened) -> None:
    """Switching paper changes shading and trails to the other colours; switching back restores them."""
    page = opened("descent-map")
    light = pixels(page, "descent-map", "field")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    dark = pixels(page, "descent-map", "field")
    assert sum(dark) < 0.7 * sum(light)
    label = page.locator("#descent-map .label").first
    assert label.evaluate("(node) => getComputedStyle(node).fill") != "rgb(28, 36, 48)"
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert pixels(page, "descent-map", "field") == light


def test_the_relief_is_not_drawn_again_for_trails(opened: Opened) -> None:
    """An update that changes only trails leaves the shading alone."""
    page = opened("descent-map")
    count = page.evaluate(
        """() => { const picture = pictures["descent-map"]; let drawn = 0;
        const context = picture.layers.field.getContext("2d"); const own = context.drawImage;
        context.drawImage = (...all) => { drawn += 1; return own.apply(context, all); };
        const { marks } = figures["descent-map"];
        for (let turn = 0; turn < 5; turn += 1) picture.show({ ...figures["descent-map"],
          marks: marks.map((mark) => (mark.trail ? { ...mark, x: mark.x.map((x) => x + 0.01 * turn) } : mark)) });
        picture.setStep(10); return drawn; }"""
    )
    assert count == 0


def test_steps_reveal_the_trails(opened: Opened) -> None:
    """At step 0 no trail is drawn beyond its start; at the end all are; the axes stay where they were."""
    page = opened("descent-loss")
    ticks = page.locator("#descent-loss .tick").all_text_contents()
    whole = pixels(page, "descent-loss", "trails")
    page.evaluate("pictures['descent-loss'].setStep(0)")
    part = pixels(page, "descent-loss", "trails")
    assert sum(value > 0 for value in part) < sum(value > 0 for value in whole)
    assert page.locator("#descent-loss .tick").all_text_contents() == ticks
    page.evaluate("pictures['descent-loss'].setStep(300)")
    assert pixels(page, "descent-loss", "trails") == whole


def test_a_hovered_step_is_marked_on_every_figure(opened: Opened) -> None:
    """Pointing at step k of a curve rings step k of every trail on the map beside it, and shows the values."""
    page = opened("descent-map,descent-loss")
    place = page.evaluate(
        "(() => { const s = pictures['descent-loss'].sheet; return s.point(100, s.figure.marks[0].y[100]); })()"
    )
    stage = page.locator("#descent-loss .figure-stage").bounding_box()
    page.mouse.move(stage["x"] + place[0], stage["y"] + place[1])
    expect(page.locator("#descent-map .figure-ring")).to_have_count(6)
    expect(page.locator("#descent-loss .figure-readout")).to_contain_text("step 100")
    page.mouse.move(2, 2)
    expect(page.locator("#descent-map .figure-ring")).to_have_count(0)


def test_values_are_read_by_keyboard(opened: Opened) -> None:
    """Arrow keys on a figure go through its data and say each; the map says its height under the pointer."""
    page = opened("families,interaction")
    page.locator("#families .figure-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#families .figure-live")).to_have_text("boosting, AUC 0.861, interval 0.85 to 0.871")
    stage = page.locator("#interaction .figure-stage").bounding_box()
    page.mouse.move(stage["x"] + 200, stage["y"] + 200)
    expect(page.locator("#interaction .figure-readout")).to_contain_text("log-odds")


def test_the_table_is_one_key_away_and_holds_every_number(opened: Opened) -> None:
    """T shows the data table with all its cells, T hides it again."""
    page = opened("pareto")
    page.locator("#pareto .figure-stage").focus()
    page.keyboard.press("t")
    rows = page.locator("#pareto .figure-table tbody tr")
    expect(rows).to_have_count(len(pareto().table.rows))
    first = pareto().table.rows[0]
    assert float(rows.first.locator("td").last.text_content()) == pytest.approx(first[-1], rel=1e-5)
    expect(page.get_by_role("button", name="Data table")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("T")
    expect(page.locator("#pareto .figure-table")).to_be_hidden()


def saved(page: Page, kind: str, folder: Path) -> Path:
    """Saves the figure through the menu, by keyboard."""
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.textContent") != kind:
        page.keyboard.press("ArrowDown")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_figures_are_saved_as_files(opened: Opened, tmp_path: Path) -> None:
    """SVG is a whole drawing with fixed colours, PNG twice as large, CSV the numbers in full."""
    page = opened("descent-map", theme="dark")
    root = parsed(saved(page, "SVG", tmp_path).read_text(encoding="utf-8"))
    colours = {value for node in root.iter() for value in node.attrib.values()}
    assert ROLES["adam"].dark.lower() in colours
    assert not any("var(" in value for value in colours)
    assert any(tag(node) == "image" for node in root.iter())
    png = saved(page, "PNG", tmp_path).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] == 2 * float(root.attrib["width"])
    with saved(page, "CSV", tmp_path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["optimizer", "w₁", "w₂", "loss"]
    assert [float(cell) for cell in rows[1][1:]] == [*GALLERY["descent-map"]().table.rows[0][1:]]


def test_the_player_plays_steps_and_scrubs(opened: Opened) -> None:
    """Space plays from the start and pauses, arrows step, the range scrubs, and the count is told."""
    page = opened("descent-map,descent-loss")
    expect(page.locator(".figure-count")).to_have_text("step 300 of 300")
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("Home")
    expect(page.locator(".figure-count")).to_have_text("step 0 of 300")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".figure-count")).to_have_text("step 11 of 300")
    assert page.evaluate("Object.values(pictures).map((picture) => picture.step)") == [11, 11]
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".figure-count")).not_to_have_text("step 11 of 300")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Speed 1 times").click()
    expect(page.get_by_role("button", name="Speed 2 times")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(".figure-count")).to_have_text("step 300 of 300")
    assert page.evaluate("Object.values(pictures).map((picture) => picture.step)") == [None, None]


def test_a_figure_fits_its_host(opened: Opened) -> None:
    """A narrower window draws the figure anew, no wider than its host."""
    page = opened("descent-loss", viewport={"width": 1000, "height": 700})
    page.set_viewport_size({"width": 390, "height": 700})
    stage = page.locator("#descent-loss .figure-stage")
    expect(stage).to_have_css("width", "342px")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_moves_under_reduced_motion(opened: Opened) -> None:
    """An update is shown at once when the reader asks for less motion, and on its way otherwise."""
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = opened("seeds", reduced_motion=motion)
        page.evaluate("new Promise((done) => setTimeout(done, 400))")
        page.evaluate(
            """pictures.seeds.update({ ...figures.seeds, marks: figures.seeds.marks.map((mark) =>
            mark.kind === "line" ? { ...mark, y: mark.y.map((value) => value * 1.5) } : mark) })"""
        )
        assert page.evaluate("pictures.seeds.cancel !== null") is moves
        final = "pictures.seeds.shown.marks[1].y[0] / figures.seeds.marks[1].y[0]"
        page.wait_for_timeout(500 if moves else 0)
        assert page.evaluate(final) == pytest.approx(1.5)


def test_words_do_not_cover_one_another_in_the_real_font(opened: Opened) -> None:
    """Measured by the browser with Inter, no two labels of a figure overlap."""
    page = opened(",".join(GALLERY), viewport={"width": 1280, "height": 900})
    page.evaluate("document.fonts.ready")
    covered = page.evaluate(
        """() => { const bad = [];
        for (const front of document.querySelectorAll(".figure-front")) {
          const words = [...front.querySelectorAll("text:not([transform])")].map((node) => [node, node.getBBox()]);
          for (const [index, [node, a]] of words.entries()) for (const [other, b] of words.slice(0, index)) {
            const apart = (x, y, wide, p, q) => p[x] + p[wide] - y <= q[x] + y || q[x] + q[wide] - y <= p[x] + y;
            if (!apart("x", 0, "width", a, b) && !apart("y", 3, "height", a, b))
              bad.push([node.textContent, other.textContent]);
          } }
        return bad; }"""
    )
    assert covered == []


def test_a_host_is_let_go(opened: Opened) -> None:
    """A destroyed figure leaves its host empty and listens no longer."""
    page = opened("families")
    page.evaluate("pictures.families.destroy()")
    assert page.locator("#families").inner_html() == ""
    page.set_viewport_size({"width": 500, "height": 500})
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
