"""The page of the race: one workload in one tool, every number the Record's own, without a script too."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fallline.core.person import LOCAL
from fallline.figures.wording import number
from fallline.runs.execute import Surroundings, execute
from fallline.runs.ledger import RunRow
from fallline.runs.record import Record
from fallline.runs.spec import load_spec
from fallline.web.services import Services

Open = Callable[..., Page]
TREE = {
    "kind": "race", "title": "Two on two", "seeds": 6, "rates": 3, "lanes": ["torch", "fallline-keras"],
    "optimizers": ["gd", "rmsprop"], "references": ["gd"],
    "workloads": {"quadratic": {"steps": 30}, "mlp-digits": {"steps": 10}},
}  # fmt: skip


@pytest.fixture(scope="session")
def made() -> Record:
    """A small real race."""
    return execute(load_spec(TREE), Surroundings(clock=time.time))


@pytest.fixture
def race(services: Services, made: Record) -> Record:
    """The race, kept by the local person."""
    row = services.ledger.open_run(
        RunRow("", made.key, LOCAL.id, made.kind, made.title, "running", '{"kind":"race"}', services.clock())
    )
    kept = replace(made, id=row.id, owner=LOCAL.id)
    services.ledger.close_run(row.id, kept, state="finished", ended=services.clock() + 1)
    return kept


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anyones_way(visit: Open, race: Record, theme: str) -> None:
    """Axe finds no violation, on light paper and on dark; at 390 pixels nothing sticks out."""
    page = visit(f"/race?record={race.id}", color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_the_numbers_fit_the_page(visit: Open, race: Record) -> None:
    """At 1,280 pixels all columns stand side by side, at 390 they are read row below row: nothing scrolls sideways."""
    page = visit(f"/race?record={race.id}&workload=mlp-digits")
    box = page.locator(".rows", has=page.locator("table.numbers"))
    heads = page.locator("table.numbers thead th")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert len({head.bounding_box()["y"] for head in heads.all()}) == 1  # type: ignore[index]  # all are drawn
    page.set_viewport_size({"width": 390, "height": 844})
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    cell = page.locator("table.numbers tbody td").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Rate"'


@pytest.mark.browser
def test_a_workload_is_chosen_without_a_script(visit: Open, race: Record) -> None:
    """A form of selects: the heading, the pictures and the address follow."""
    page = visit(f"/race?record={race.id}", java_script_enabled=False)
    page.get_by_label("Workload", exact=True).select_option("mlp-digits")
    page.get_by_label("Tool", exact=True).select_option("fallline-keras")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Perceptron, digits, in Fall Line (Keras)")).to_be_visible()
    expect(page.locator("svg.fallline-figure").first).to_be_visible()
    assert "workload=mlp-digits" in page.url


def test_the_numbers_are_those_of_the_record(client: httpx.Client, race: Record) -> None:
    """Rates and losses in the table, sentences of the advice, and the winner as code."""
    lane, part = "torch", race.part("race")
    text = client.get(f"/race?record={race.id}&lane={lane}&workload=mlp-digits").text
    workload = part["workloads"]["mlp-digits"]
    for name, entry in workload["entries"][lane].items():
        assert part["optimizers"][name] in text
        assert number(entry["rate"]) in text
        assert number(entry["best_quartiles"]["median"]) in text
    for sentence in (*workload["advice"][lane], *part["advice"][lane], *workload["formulas"]):
        assert sentence.replace("'", "&#39;") in text
    assert "optimizer = torch.optim." in text


@pytest.mark.parametrize("query", ["record=nobody", "record=shipped:churn", "workload=nothing", "lane=nothing"])
def test_what_is_not_there_is_not_found(client: httpx.Client, race: Record, query: str) -> None:
    """No such race, a Record of another kind, a workload and a tool that it does not have."""
    start = "" if query.startswith("record") else f"record={race.id}&"
    assert client.get(f"/race?{start}{query}").status_code == 404


def test_week_three_and_its_record_lead_to_it(client: httpx.Client, race: Record) -> None:
    """The week's links, and the page of the Record."""
    assert 'href="/race"' in client.get("/weeks/3").text
    assert f'href="/race?record={race.id}"' in client.get(f"/records/{race.id}").text
