"""Records on pages: the verdict first, every number the Record's own, another's indistinguishable from none."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fallline.core.person import LOCAL, Person
from fallline.figures.registry import figures_of
from fallline.runs.answer import answer
from fallline.runs.ledger import RunRow
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_record
from fallline.runs.spec import load_spec
from fallline.web.services import Services

SHIPPED = "/records/shipped:churn"
COMPARE = "/records/compare?a=shipped:churn&b=shipped:churn-random"
Open = Callable[..., Page]


def keep(services: Services, owner: str = LOCAL.id, title: str = "A ravine") -> Record:
    """Keeps a small real Record for someone."""
    made = answer(load_spec({"kind": "descent", "title": title}))
    row = services.ledger.open_run(
        RunRow("", made.key, owner, made.kind, title, "running", '{"kind":"descent"}', services.clock())
    )
    kept = replace(made, id=row.id, owner=owner, title=title)
    services.ledger.close_run(row.id, kept, state="finished", ended=services.clock() + 1)
    return kept


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/records", SHIPPED, COMPARE])
def test_nothing_stands_in_anyones_way(visit: Open, path: str, theme: str) -> None:
    """Axe finds no violation on the list, on a Record and on a comparison."""
    page = visit(path, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/records", SHIPPED, COMPARE])
def test_a_phone_shows_the_whole_page(visit: Open, path: str) -> None:
    """At 390 pixels nothing sticks out."""
    page = visit(path, viewport={"width": 390, "height": 844})
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_every_figure_of_the_record_is_on_the_page_with_and_without_a_script(visit: Open) -> None:
    """The server draws them all; the script takes each of them over."""
    count = len(figures_of(shipped_record("churn")))
    plain = visit(SHIPPED, java_script_enabled=False)
    assert plain.locator("figure.picture svg.fallline-figure").count() == count
    alive = visit(SHIPPED)
    alive.wait_for_load_state("networkidle")
    assert alive.locator("figure.picture").count() == count
    expect(alive.locator("figure.picture .drawn")).to_have_count(0)


def test_the_page_says_what_the_record_says(client: httpx.Client) -> None:
    """Verdict, profit and threshold on the page are the Record's own numbers."""
    record = shipped_record("churn")
    text = client.get(SHIPPED).text
    decide = record.part("decide")
    assert record.part("report")["verdict"].replace("'", "&#39;") in text
    assert f"{decide['profit']['estimate']:,.0f}" in text
    assert f"{decide['threshold']:.3f}" in text
    for variant in record.part("compress")["variants"]:
        assert f"{variant['log_loss']:.4f}" in text


def test_a_kept_record_is_listed_found_and_shown(client: httpx.Client, services: Services) -> None:
    """What was kept is in the list, is found by its title, and has a page."""
    kept = keep(services, title="The narrow ravine")
    assert kept.id in client.get("/records").text
    assert kept.id in client.get("/records", params={"find": "narrow"}).text
    assert kept.id not in client.get("/records", params={"find": "wide"}).text
    assert "The narrow ravine" in client.get(f"/records/{kept.id}").text


def test_anothers_record_is_the_same_404_as_none(client: httpx.Client, services: Services) -> None:
    """A student gets for another's Record, byte for byte, what they get for one that is not there."""
    kept = keep(services, owner="ben")
    student = replace(services, person=lambda _: Person("ana", "Ana"))
    object.__setattr__(services, "person", student.person)
    missing = f"{'0' * 10}-1"
    for tail in ("", "/report.html", "/record.json", "/artifacts/model.onnx"):
        theirs, none = (client.get(f"/records/{name}{tail}") for name in (kept.id, missing))
        assert theirs.status_code == none.status_code == 404
        assert theirs.content.replace(kept.id.encode(), b"") == none.content.replace(missing.encode(), b"")


def test_the_report_loads_nothing_and_runs_nothing(client: httpx.Client) -> None:
    """The report can be sent on: no script, no address of anything else, its own policy."""
    reply = client.get(f"{SHIPPED}/report.html")
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    text = reply.text.replace("http://www.w3.org/", "").replace("url(#", "").replace("url(data:", "")
    for forbidden in ("<script", "http://", "https://", "@import", "url("):
        assert forbidden not in text


def test_the_model_can_be_downloaded(client: httpx.Client) -> None:
    """The served file comes as it was kept."""
    record = shipped_record("churn")
    served = record.part("compress")["service"]["variant"]
    name = next(item["file"] for item in record.part("compress")["variants"] if item["name"] == served)
    content = client.get(f"{SHIPPED}/artifacts/{name}").content
    artifact = next(each for each in record.artifacts if each.name == name)
    assert len(content) == artifact.size


def test_a_table_is_inert_in_a_spreadsheet(client: httpx.Client) -> None:
    """The CSV of a figure parses, and no cell of it begins as a formula does."""
    text = client.get(f"{SHIPPED}/figures/tune/tune-history.csv").text
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + len(shipped_record("churn").part("tune")["trials"])
    assert not any(cell[:1] in "=+@" for row in rows for cell in row if cell)


def test_a_comparison_shows_only_what_differs_until_asked(client: httpx.Client) -> None:
    """The sampler differs, the data does not."""
    few, every = client.get(COMPARE).text, client.get(f"{COMPARE}&every=true").text
    assert "tune.sampler" in few
    assert "data.name" not in few
    assert "data.name" in every
    same = client.get("/records/compare?a=shipped:churn&b=shipped:churn").text
    assert "the same in every value" in same
