"""The capstone on a page: a table in, a Record out, live in between, and nothing lost when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fallline.runs.supervisor import Supervisor
from fallline.web.services import Services

FRAME = "/capstone/frame?table=telco_churn"
Open = Callable[..., Page]
CSV = "plan;minutes;left\n" + "".join(
    f"{'abc'[n % 3]};{n % 37 + (n % 5)};{'yes' if (n * 7919) % 11 < 4 else 'no'}\n" for n in range(400)
)


@pytest.fixture
def worker(services: Services) -> Iterator[None]:
    """A worker that does what is asked for."""
    supervisor = Supervisor(services.queue, services.ledger, services.home, workers=1)
    supervisor.start()
    yield
    supervisor.stop()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/capstone", FRAME])
def test_nothing_stands_in_anyones_way(visit: Open, path: str, theme: str) -> None:
    """Axe finds no violation."""
    page = visit(path, color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/capstone", FRAME])
def test_a_phone_shows_the_whole_page(visit: Open, path: str) -> None:
    """At 390 pixels nothing sticks out."""
    page = visit(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
@pytest.mark.usefixtures("worker")
def test_from_ones_own_table_to_a_record(visit: Open, tmp_path) -> None:  # noqa: ANN001
    """Upload, frame, run, watch it live, read the decision: by keyboard and mouse, as a newcomer would."""
    table = tmp_path / "customers.csv"
    table.write_text(CSV)
    page = visit("/capstone")
    page.get_by_label(re.compile("A CSV or Parquet file")).set_input_files(table)
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is a right decision worth?")
    expect(page.get_by_label("Target")).to_have_value("left")
    expect(page.get_by_label("Counts as positive")).to_have_value("yes")
    page.get_by_label("Trials").fill("4")
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("[data-stages] [data-state='ended']").first).to_be_visible(timeout=60_000)
    expect(page.locator(".headline")).to_be_visible(timeout=180_000)
    expect(page.locator(".says")).to_contain_text("threshold")


def test_a_wrong_number_is_named_and_nothing_typed_is_lost(client: httpx.Client) -> None:
    """The page comes back with the sentence, the field marked, and everything as it was typed."""
    form = {"table": "telco_churn", "tp": "eighty", "fp": "-21", "trials": "9", "title": "My own title"}
    reply = client.post("/capstone", data=form, headers={"origin": str(client.base_url).rstrip("/")})
    assert reply.status_code == 400
    assert "frame.payoff.tp" in reply.text
    assert 'aria-invalid="true"' in reply.text
    for typed in ("eighty", "-21", "My own title"):
        assert f'value="{typed}"' in reply.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", ""),
        (b"a,b\n1,2\n1,2,3\n", "line 3"),
        (b"a,a\n1,2\n", "twice"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_stays(
    client: httpx.Client, services: Services, content: bytes, said: str
) -> None:
    """What cannot be read is said so, and the folder of uploads is as it was."""
    reply = client.post(
        "/capstone/table",
        files={"file": ("mine.csv", content)},
        headers={"origin": str(client.base_url).rstrip("/")},
    )
    assert reply.status_code == 400
    assert "cannot be used" in reply.text
    assert said in reply.text
    uploads = services.home / "uploads"
    assert not uploads.exists() or not list(uploads.iterdir())


def test_a_spec_that_names_a_file_is_refused(client: httpx.Client) -> None:
    """The site reads no path of the machine, whoever asks."""
    spec = 'kind = "capstone"\n[data]\nsource = "file"\npath = "/etc/passwd"\n'
    reply = client.post("/runs", data={"spec": spec}, headers={"origin": str(client.base_url).rstrip("/")})
    assert reply.status_code == 400
    assert "root:" not in reply.text


def test_a_double_click_is_one_run(client: httpx.Client, services: Services) -> None:
    """The same form sent twice is one run."""
    form = {"table": "telco_churn", "tp": "80", "fp": "-20", "trials": "3"}
    headers = {"origin": str(client.base_url).rstrip("/")}
    places = {client.post("/capstone", data=form, headers=headers).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert len(services.ledger.rows(services.person(None))) == 1  # type: ignore[arg-type]
