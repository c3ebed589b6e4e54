"""A cohort before the assessments: students and a teacher by a header, the calendar held, a clock to set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from fallline.core.person import Person, Role
from fallline.course.attempt import Attempt
from fallline.course.items import item_from
from fallline.course.items.draw import draw
from fallline.web.services import Services

PEOPLE = {
    "ana": Person("ana", "Ana"),
    "ben": Person("ben", "Ben"),
    "teacher": Person("teacher", "Teacher", Role.INSTRUCTOR),
}


@pytest.fixture
def services(services: Services) -> Services:
    """The site's services, asked by whoever the header names, on the first day of quiz 1."""
    made = replace(services, person=lambda request: PEOPLE[request.headers.get("x-person", "ana")])
    made.clock.now = made.course.window("quiz-1").opens.timestamp() + 60  # type: ignore[attr-defined]
    return made


@dataclass
class Student:
    """One person at the site.

    Attributes:
        client: that sends their name and the site's own origin.
        services: of the site.
        name: theirs.
    """

    client: httpx.Client
    services: Services
    name: str

    def get(self, path: str) -> httpx.Response:
        """Opens a page."""
        return self.client.get(path)

    def post(self, path: str, **data: Any) -> httpx.Response:
        """Sends a form, and follows where it leads."""
        return self.client.post(path, data={key.replace("__", "-"): value for key, value in data.items()})

    def start(self, slug: str, number: int = 1) -> str:
        """Starts a try and returns its address."""
        answer = self.post(f"/assessments/{slug}/start", number=number)
        assert answer.status_code == 200, answer.text
        return answer.url.path

    def save(self, path: str, *saves: tuple[str, int, object]) -> httpx.Response:
        """Saves answers as the page's script does."""
        body = [{"slot": slot, "sequence": sequence, "answer": answer} for slot, sequence, answer in saves]
        return self.client.post(f"{path}/answers", json={"saves": body})

    def hand_in(self, path: str) -> httpx.Response:
        """Hands in, with the pledge."""
        return self.post(f"{path}/submit", pledge="yes")

    def attempt(self, path: str) -> Attempt:
        """The attempt as it is stored."""
        found = self.services.roster.attempt(path.rpartition("/")[2], PEOPLE[self.name])
        assert found is not None
        return found

    def answer(self, path: str, slot: str, *, rightly: bool = True) -> object:
        """An answer to one question, right or wrong."""
        return an_answer(self.attempt(path), slot, rightly=rightly)

    def answer_all(self, path: str, *, rightly: bool = True) -> None:
        """Answers every question, all rightly or all wrongly."""
        attempt = self.attempt(path)
        saves = [(drawn.slot, 1, an_answer(attempt, drawn.slot, rightly=rightly)) for drawn in attempt.items]
        answer = self.save(path, *saves)
        assert answer.status_code == 200, answer.text


def an_answer(attempt: Attempt, slot: str, *, rightly: bool = True) -> object:
    """An answer whose score is known, from the content's own trials."""
    drawn = attempt.drawn(slot)
    item = item_from(drawn.item)
    trials = item.trials(draw(item, drawn.seed), drawn.seed)
    found = next(trial.answer for trial in trials if trial.score is not None and (trial.score == 1) is rightly)
    return str(found) if isinstance(found, float) else found


def student(site: Any, name: str) -> Student:
    """A person's client of a site."""
    headers = {"x-person": name, "origin": site.url}
    client = httpx.Client(base_url=site.url, timeout=120, headers=headers, follow_redirects=True)
    return Student(client, site.services, name)


@pytest.fixture
def ana(site: Any) -> Iterator[Student]:
    """A student."""
    made = student(site, "ana")
    yield made
    made.client.close()


@pytest.fixture
def ben(site: Any) -> Iterator[Student]:
    """Another student."""
    made = student(site, "ben")
    yield made
    made.client.close()


@pytest.fixture
def teacher(site: Any) -> Iterator[Student]:
    """Who runs the course."""
    made = student(site, "teacher")
    yield made
    made.client.close()


def at(services: Services, slug: str, which: str, **shift: float) -> None:
    """Sets the clock to when an assessment opens or is due, shifted."""
    moment: dt.datetime = getattr(services.course.window(slug), which)
    services.clock.now = (moment + dt.timedelta(**shift)).timestamp()  # type: ignore[attr-defined]


@pytest.fixture
def set_clock(services: Services) -> Any:
    """Sets the clock: ``set_clock("quiz-1", "due", minutes=1)``."""
    return lambda slug, which, **shift: at(services, slug, which, **shift)
