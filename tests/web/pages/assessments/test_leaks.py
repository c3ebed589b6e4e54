"""Nothing that marks an answer leaves the server before its time: planted in the content, sought in every body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from fallline.course.items import Item
from fallline.web.services import Services

CANARY = "canary-7f3a"
PAGES = ("/", "/weeks/1", "/weeks/3", "/syllabus", "/help", "/gradebook", "/gradebook/marks.csv", "/assessments/quiz-1")


def planted(item: Item) -> Item:
    """The item with the canary in everything that is for marking."""
    known = [each.model_copy(update={"feedback": f"{CANARY} feedback, long enough"}) for each in item.misconceptions]
    return item.model_copy(update={"solution": f"{CANARY} solution", "misconceptions": tuple(known)})


@pytest.fixture
def services(services: Services) -> Services:
    """The course with a canary in every solution and every feedback, told only after the deadline."""
    items = {name: planted(item) for name, item in services.course.items.items()}
    quiz = services.course.assessment("quiz-1").model_copy(update={"feedback": "after due"})
    course = replace(services.course, items=items, assessments={**services.course.assessments, "quiz-1": quiz})
    return replace(services, course=course)


class Crawl:
    """Keeps the body of every answer."""

    def __init__(self, client: httpx.Client) -> None:
        self.bodies: list[tuple[str, str]] = []
        client.event_hooks["response"].append(self.keep)

    def keep(self, response: httpx.Response) -> None:
        """Keeps one, headers included."""
        response.read()
        self.bodies.append((f"{response.request.method} {response.url.path}", f"{response.headers}{response.text}"))

    def tells(self, secret: str) -> list[str]:
        """Says which answers held a secret."""
        return [where for where, body in self.bodies if secret in body]


def everything(person: Any, *attempts: str) -> None:
    """Opens every page there is."""
    for page in PAGES:
        person.get(page)
    for path in attempts:
        for part in ("", "/review", "/receipt.json"):
            person.get(path + part)


def test_no_answer_leaves_before_its_time(ana: Any, ben: Any, set_clock: Callable[..., None]) -> None:
    """Before, while and after two tries, right and wrong, oneself and another: no solution, feedback, seed or mark."""
    mine, others = Crawl(ana.client), Crawl(ben.client)
    everything(ana)
    first = ana.start("quiz-1")
    ana.answer_all(first, rightly=False)
    everything(ana, first)
    ana.hand_in(first)
    everything(ana, first)
    second = ana.start("quiz-1", 2)
    ana.answer_all(second)
    ana.save(second, ("one-step", 1, "older"), ("nothing", 1, "x"))
    ana.post(f"{second}/save", **{"sequence-one-step": "1", "answer-one-step": "conflict"})
    ana.hand_in(second)
    ana.save(second, ("one-step", 9, "late"))
    ana.post(f"{second}/save", **{"sequence-one-step": "9", "answer-one-step": "late"})
    everything(ana, first, second)
    everything(ben, first, second)
    seeds = {str(each.seed) for path in (first, second) for each in (ana.attempt(path), *ana.attempt(path).items)}
    for crawl in (mine, others):
        assert crawl.tells(CANARY) == []
        assert [where for seed in seeds for where in crawl.tells(seed)] == []
    assert mine.tells("not right") == mine.tells("partly right") == []
    assert "handed in, not marked yet" in ana.get("/gradebook").text

    set_clock("quiz-1", "due", minutes=5)
    everything(ana, first, second)
    assert set(mine.tells(CANARY)) == {f"GET {first}", f"GET {second}"}
    assert "not right" in ana.get(first).text
    assert ",80.0," in ana.get("/gradebook/marks.csv").text


def test_what_is_saved_tells_nothing_of_right_and_wrong(ana: Any) -> None:
    """The answer to a save is the same, its text aside, whether what was saved is right or not."""
    path = ana.start("quiz-1")
    attempt = ana.attempt(path)
    bodies = []
    for sequence, rightly in ((1, True), (2, False)):
        saves = [(each.slot, sequence, ana.answer(path, each.slot, rightly=rightly)) for each in attempt.items]
        body = ana.save(path, *saves).json()
        for slot in body["slots"].values():
            assert slot.pop("text")
            assert slot.pop("sequence") == sequence
        bodies.append(body)
    assert bodies[0] == bodies[1]
