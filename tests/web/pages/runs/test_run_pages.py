"""A run while it works, on a page: its states, its events, and how to stop it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fallline.core.event import Event, EventKind
from fallline.core.person import LOCAL
from fallline.runs.process import this_process
from fallline.runs.run import new_row
from fallline.runs.spec import load_spec
from fallline.web.services import Services

Open = Callable[..., Page]
SPEC = load_spec({"kind": "descent", "title": "A long walk"})


def running(services: Services) -> str:
    """A run that works, has ended one stage, and has said where it is; returns its id."""
    row = services.ledger.open_run(new_row(SPEC, "c" * 64, LOCAL, services.clock(), this_process()))
    for event in (
        Event(EventKind.STARTED, payload={"stages": ["frame", "tune"]}),
        Event(EventKind.STAGE, "frame", message="started"),
        Event(EventKind.STAGE, "frame", name="ended", message="7,043 rows."),
        Event(EventKind.STAGE, "tune", message="started"),
        Event(EventKind.PROGRESS, "tune", message="trying boosting", step=3, total=64),
        *(
            Event(EventKind.POINT, "tune", series, payload={"series": series, "x": n, "y": 0.5 - n / 100})
            for n in range(3)
            for series in ("boosting", "best")
        ),
    ):
        services.ledger.append(row.id, event)
    return row.id


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_running_run_says_where_it_is(visit: Open, services: Services, theme: str) -> None:
    """Stages, message, count and the live picture are there, and nothing stands in anyone's way."""
    name = running(services)
    page = visit(f"/runs/{name}", color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    expect(page.locator("[data-message]")).to_have_text("trying boosting")
    expect(page.locator("[data-count]")).to_have_text("3 of 64")
    expect(page.locator("[data-stage='frame']")).to_have_attribute("data-state", "ended")
    expect(page.locator("[data-live]")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
def test_the_page_follows_without_being_asked(visit: Open, services: Services) -> None:
    """What happens next appears; when the run fails, the page says why and offers to try again."""
    name = running(services)
    page = visit(f"/runs/{name}")
    expect(page.locator("[data-message]")).to_have_text("trying boosting")
    services.ledger.append(name, Event(EventKind.PROGRESS, "tune", message="trying mlp", step=5, total=64))
    expect(page.locator("[data-message]")).to_have_text("trying mlp")
    services.ledger.update_run(name, state="failed", process="", ended=services.clock(), sentence="The disk is full.")
    expect(page.get_by_role("alert")).to_contain_text("The disk is full.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize(("state", "said"), [("cancelled", "Cancelled"), ("interrupted", "Interrupted")])
def test_a_stopped_run_offers_to_go_on(client: httpx.Client, services: Services, state: str, said: str) -> None:
    """A run that was stopped can be taken up again."""
    name = running(services)
    services.ledger.update_run(name, state=state, process="", ended=services.clock(), sentence="Stopped.")
    text = client.get(f"/runs/{name}").text
    assert said in text
    assert "Go on from the last checkpoint" in text


def test_a_run_whose_process_is_gone_is_called_interrupted(client: httpx.Client, services: Services) -> None:
    """A dead process leaves no run that seems to work for ever."""
    name = running(services)
    services.ledger.update_run(name, state="running", process="gone:1:1", ended=None, sentence="")
    row = services.ledger.row(name, LOCAL)
    assert row is not None
    host = this_process().rsplit(":", 2)[0]
    services.ledger.update_run(name, state="running", process=f"{host}:4194305:1", ended=None, sentence="")
    assert "Interrupted" in client.get(f"/runs/{name}").text


def test_events_are_replayed_from_where_the_page_stopped(client: httpx.Client, services: Services) -> None:
    """A page that comes back gets the state as it is, then the end."""
    name = running(services)
    services.ledger.update_run(name, state="failed", process="", ended=services.clock(), sentence="Over.")
    text = client.get(f"/runs/{name}/events", headers={"last-event-id": "2"}).text
    assert "event: progress" in text
    assert '"trying boosting"' in text
    assert text.rstrip().endswith('data: {"state":"failed","sentence":"Over."}')


def test_a_queued_run_is_cancelled_at_once(client: httpx.Client, services: Services) -> None:
    """What has not begun never does."""
    row = services.ledger.submit(new_row(SPEC, "d" * 64, LOCAL, services.clock(), ""))
    origin = {"origin": str(client.base_url).rstrip("/")}
    assert client.post(f"/runs/{row.id}/cancel", headers=origin).status_code == 303
    found = services.ledger.row(row.id, LOCAL)
    assert found is not None
    assert found.state == "cancelled"
    assert services.queue.lease("w", services.clock(), 30.0) is None
