"""The site as `fallline serve` opens it: wired to real shelves, marking what was left, closing what it opened."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fallline.cli import site
from fallline.cli.site import open_site
from fallline.core.person import LOCAL
from fallline.course.attempt import Sitting, start
from fallline.course.content import load_course
from fallline.storage.database import open_database
from fallline.storage.roster import SqlRoster


def test_what_a_process_left_behind_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A try that nobody handed in, and one that was handed in and not marked, have marks soon after the site opens."""
    monkeypatch.setattr(site, "SWEEP_SECONDS", 0.05)
    course, now = load_course().at_own_pace(), time.time()
    database = open_database("", tmp_path)
    roster = SqlRoster(database)
    for slug in ("quiz-1", "activity-1"):
        sitting = Sitting(slug, LOCAL.id, 1, now - 90_000, now - 80_000)
        made = start(course.assessment(slug), course.items, sitting, course="c", content="d", secret=b"s")
        roster.start(replace(made, deadline=now + 10) if slug == "activity-1" else made)
    roster.submit("activity-1", LOCAL, now)
    with open_site(database, tmp_path, None) as app:
        deadline = time.monotonic() + 60
        while any(each.grade is None for each in roster.attempts(LOCAL)) and time.monotonic() < deadline:
            time.sleep(0.05)
        with TestClient(app, base_url="http://localhost") as client:
            assert "Quiz 1" in client.get("/gradebook").text
    assert [each.state for each in roster.attempts(LOCAL)] == ["graded", "graded"]
    assert {thread.name for thread in threading.enumerate()}.isdisjoint({"fallline-marker", "fallline-supervisor"})
    database.close()


def test_alone_one_goes_at_ones_own_pace_unless_asked_otherwise(tmp_path: Path) -> None:
    """Without --dates everything is open; with it the calendar holds."""
    database = open_database("", tmp_path)
    for dates, word in ((False, "at any time"), (True, "UTC+01:00")):
        with (
            open_site(database, tmp_path, None, dates=dates) as app,
            TestClient(app, base_url="http://localhost") as client,
        ):
            assert word in client.get("/assessments/quiz-1").text
    database.close()
