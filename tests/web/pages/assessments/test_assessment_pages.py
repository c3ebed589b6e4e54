"""Assessments over HTTP: what may be started when, saved, handed in once, marked exactly, and whose it is."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from fallline.core.canonical import canonical
from fallline.course.roster import Allowance
from fallline.storage.tables import answer_log
from fallline.web.pages.assessments.marking import sweep

SetClock = Callable[..., None]
QUIZ = "/assessments/quiz-1"


def said(text: str) -> str:
    """The text of a page, without tags and doubled spaces."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)))
    return re.sub(r"\s+", " ", plain)


def test_starting_twice_gives_one_try(ana: Any) -> None:
    """A double click, or a form sent again after going back, leads to the same try."""
    first = ana.start("quiz-1")
    assert ana.start("quiz-1") == first
    ana.hand_in(first)
    assert ana.start("quiz-1", 1) == first


@pytest.mark.parametrize("number", [0, 2, 3, 99])
def test_no_try_is_left_out(ana: Any, number: int) -> None:
    """A number that is not the next one starts nothing."""
    assert ana.post(f"{QUIZ}/start", number=number).status_code in {400, 409}
    assert ana.services.roster.attempts(ana.services.person(ana.client.build_request("GET", "/"))) == []


def test_a_student_keeps_to_the_calendar(ana: Any, set_clock: SetClock) -> None:
    """Too early and too late are refused with a sentence; in between it starts."""
    for which, shift, word in (("opens", -1, "not open yet"), ("due", 120, "is closed")):
        set_clock("quiz-1", which, seconds=shift)
        refused = ana.post(f"{QUIZ}/start", number=1)
        assert (refused.status_code, word in refused.text) == (409, True)
        assert "Start try" not in ana.get(QUIZ).text
    set_clock("quiz-1", "due", seconds=-1)
    assert "attempts" in ana.start("quiz-1")


def test_who_runs_the_course_may_sit_it_at_any_time(teacher: Any, set_clock: SetClock) -> None:
    """Before it opens and after it closed; afterwards by an allowance that is on record, and without a deduction."""
    set_clock("quiz-1", "due", days=30)
    path = teacher.start("quiz-1")
    teacher.answer_all(path)
    teacher.hand_in(path)
    assert "100 %" in said(teacher.get(path).text)
    person = teacher.services.person(teacher.client.build_request("GET", "/"))
    assert [each.reason for each in teacher.services.roster.allowances("teacher", person)] == [
        "Sat by an instructor after the deadline."
    ]


def test_what_is_not_published_has_its_dates(ana: Any) -> None:
    """An assessment that stands in the calendar alone has a page; one that does not, has none."""
    page = ana.get("/assessments/quiz-2")
    assert page.status_code == 200
    assert "not published yet" in page.text
    assert ana.post("/assessments/quiz-2/start", number=1).status_code == 409
    assert ana.get("/assessments/quiz-99").status_code == 404


def test_a_right_quiz_is_worth_all_of_it(ana: Any) -> None:
    """Every question answered rightly, handed in: 100 %, graded at once, and no further try takes anything away."""
    path = ana.start("quiz-1")
    ana.answer_all(path)
    assert "All 5 questions have an answer" in ana.get(f"{path}/review").text
    done = ana.hand_in(path)
    assert done.url.path == path
    assert "5 of 5 points" in said(done.text)
    again = ana.start("quiz-1", 2)
    ana.hand_in(again)
    assert "Each question with its better try 100 %" in said(ana.get(QUIZ).text)


def test_a_second_try_counts_for_less(ana: Any) -> None:
    """Nothing right at first, everything at the second try: 80 %."""
    ana.hand_in(ana.start("quiz-1"))
    path = ana.start("quiz-1", 2)
    ana.answer_all(path)
    page = said(ana.hand_in(path).text)
    assert (
        "Try 2 is worth 80 %: this try alone counts 80 %. With each question's better try, Quiz 1 counts 80 %" in page
    )
    assert ana.post(f"{QUIZ}/start", number=3).status_code == 409


def test_nobody_hands_in_without_the_pledge(ana: Any) -> None:
    """Without the tick the try stays open and says what is missing."""
    path = ana.start("quiz-1")
    refused = ana.post(f"{path}/submit")
    assert (refused.status_code, "Confirm the sentence" in refused.text) == (400, True)
    assert ana.attempt(path).state == "open"


def test_saving_tells_what_is_stored(ana: Any, services: Any) -> None:
    """The answer names time, sequence and text as the server has them, and says what cannot be read as an answer."""
    path = ana.start("quiz-1")
    body = ana.save(path, ("one-step", 3, "about 2"), ("what-happens", 1, "b")).json()
    assert body["slots"]["one-step"]["sequence"] == 3
    assert body["slots"]["one-step"]["problems"] == [
        "Write one number, with a point before its decimals, such as 0.035 or 3.5e-2."
    ]
    assert body["slots"]["what-happens"] == {
        "sequence": 1, "text": "b", "saved": body["slots"]["what-happens"]["saved"], "problems": []
    }  # fmt: skip
    assert re.fullmatch(r"\d\d:\d\d:\d\d", body["slots"]["one-step"]["saved"])
    assert body["left"] == 40 * 60
    services.clock.now += 600
    assert ana.save(path).json()["left"] == 30 * 60


def test_an_older_save_is_told_what_is_newer(ana: Any) -> None:
    """Two windows: what came later in number stays, and the other one learns of it."""
    path = ana.start("quiz-1")
    ana.save(path, ("one-step", 5, "0.5"))
    body = ana.save(path, ("one-step", 4, "0.4")).json()
    assert body["lost"] == ["one-step"]
    assert body["slots"]["one-step"]["text"] == "0.5"


@pytest.mark.parametrize(
    "bad",
    [
        *({"slot": "one-step", "sequence": sequence, "answer": "1"} for sequence in (0, -1, 2**53, True, 1.5, "1")),
        *({"slot": "one-step", "sequence": 1, "answer": answer} for answer in (1, {}, ["a"] * 13, "x" * 70_000)),
        {"slot": "one-step", "sequence": 1, "answer": "1", "person": "ben"},
        {"slot": "nothing", "sequence": 1, "answer": "1"},
        {"slot": "one-step", "sequence": 1},
    ],
)
def test_a_bad_save_is_refused_whole(ana: Any, bad: dict[str, object]) -> None:
    """What is no save is refused with 400, and nothing of it is stored."""
    path = ana.start("quiz-1")
    answer = ana.client.post(f"{path}/answers", json={"saves": [bad]}, headers={"accept": "application/json"})
    assert answer.status_code == 400, answer.text
    assert ana.attempt(path).answers == {}


def test_nothing_is_taken_after_the_end(ana: Any, services: Any) -> None:
    """A save after handing in gets 409 with what is stored; a form shows what was sent; both are in the log."""
    path = ana.start("quiz-1")
    ana.save(path, ("one-step", 1, "0.5"))
    ana.hand_in(path)
    late = ana.save(path, ("one-step", 2, "0.7"))
    assert (late.status_code, late.json()["slots"]["one-step"]["text"]) == (409, "0.5")
    form = ana.post(f"{path}/save", sequence__largest_rate="1", **{"sequence-one-step": "3", "answer-one-step": "0.8"})
    assert (form.status_code, "0.8" in form.text) == (409, True)
    database = services.roster._database
    query = sa.select(answer_log.c.answer).where(answer_log.c.taken == sa.false())
    assert database.read(lambda connection: connection.scalars(query).all()) == ['"0.7"', '"0.8"']


def test_time_is_the_servers(ana: Any, services: Any) -> None:
    """In the grace an answer is taken; after it the try ends by itself, with what was saved, and is marked."""
    path = ana.start("quiz-1")
    start = services.clock.now
    services.clock.now = start + 40 * 60 + 60
    assert ana.save(path, ("one-step", 1, "0.5")).status_code == 200
    services.clock.now += 0.001
    assert ana.save(path, ("one-step", 2, "0.6")).status_code == 409
    assert "of 5 points" in said(ana.get(path).text)
    assert ana.attempt(path).answers["one-step"].answer == "0.5"
    assert ana.attempt(path).state == "graded"


def test_a_page_left_alone_is_marked_by_the_sweep(ana: Any, services: Any) -> None:
    """Whoever closes the laptop is marked all the same, once, by whatever process sweeps next."""
    path = ana.start("quiz-1")
    ana.answer_all(path)
    services.clock.now += 60 * 60
    assert sweep(services) == 1
    assert sweep(services) == 0
    assert ana.attempt(path).grade is not None


def test_an_extension_and_extra_time_hold(ana: Any, services: Any, set_clock: SetClock) -> None:
    """Half as much time again, and three more days."""
    due = services.course.window("quiz-1").due.timestamp() + 3 * 86_400
    services.roster.allow(Allowance("ana", "", multiplier=1.5))
    services.roster.allow(Allowance("ana", "quiz-1", due=due))
    set_clock("quiz-1", "due", days=2)
    path = ana.start("quiz-1")
    assert ana.save(path).json()["left"] == 60 * 60


def test_what_is_anothers_answers_as_what_is_not_there(ana: Any, ben: Any, teacher: Any) -> None:
    """Every address of Ana's try gives Ben, and her teacher, the very bytes of an address that does not exist."""
    path = ana.start("quiz-1")
    ana.save(path, ("one-step", 1, "0.123456"))
    nowhere = path[:-4] + "0000"
    for other in (ben, teacher):
        for part in ("", "/review", "/receipt.json"):
            assert other.get(path + part).content == other.get(nowhere + part).content
            assert other.get(path + part).status_code == 404
        for part, data in (("/save", {}), ("/submit", {"pledge": "yes"})):
            assert other.post(path + part, **data).content == other.post(nowhere + part, **data).content
        assert other.save(path, ("one-step", 9, "1")).content == other.save(nowhere, ("one-step", 9, "1")).content
    assert ana.attempt(path).answers["one-step"].answer == "0.123456"
    assert ana.attempt(path).state == "open"
    assert ana.get(path.replace("quiz-1", "activity-1")).status_code == 404


def test_a_receipt_proves_what_was_handed_in(ana: Any) -> None:
    """The digest on the page is that of the content in the file; before handing in there is none."""
    path = ana.start("quiz-1")
    ana.save(path, ("one-step", 1, "0.5"))
    assert ana.get(f"{path}/receipt.json").status_code == 404
    page = ana.hand_in(path).text
    receipt = ana.get(f"{path}/receipt.json").json()
    assert receipt["sha256"] == hashlib.sha256(canonical(receipt["content"])).hexdigest()
    assert receipt["sha256"] in page
    assert receipt["content"]["answers"] == {"one-step": {"sequence": 1, "answer": "0.5"}}


def test_a_late_activity_loses_by_steps(ana: Any, set_clock: SetClock) -> None:
    """Two days late leaves 70 % of what it earned; a week and a day late is refused."""
    set_clock("activity-1", "due", days=2)
    path = ana.start("activity-1")
    given = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", ana.get(path).text, re.DOTALL)[1])
    good = given.replace("[optimizers.gd]\nrate = 0.001", "[optimizers.adam]\nrate = 0.3")
    ana.save(path, ("spec", 1, good))
    page = said(ana.hand_in(path).text)
    verdict = Fraction(ana.attempt(path).grade["slots"][0]["graded"]["score"])
    assert verdict > 0
    assert "It came late, which leaves 70 %" in page
    set_clock("activity-1", "due", days=8)
    assert ana.post("/assessments/activity-1/start", number=2).status_code == 409
