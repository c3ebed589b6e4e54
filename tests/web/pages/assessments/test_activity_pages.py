"""An activity over HTTP: a Spec that cannot be run is told why; one that can is run again where nobody looks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from fallline.course.activity import mark_submission
from fallline.course.attempt import SPEC, Attempt, activity_of
from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.spec import Spec, parse_spec

GOOD = ("[optimizers.gd]\nrate = 0.001", "[optimizers.adam]\nrate = 0.3")


@pytest.fixture
def activity(ana: Any, set_clock: Callable[..., None]) -> str:
    """Ana's open try at activity 1."""
    set_clock("activity-1", "opens", hours=1)
    return str(ana.start("activity-1"))


def given(ana: Any, path: str) -> str:
    """The Spec that stands in the field."""
    return html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", ana.get(path).text, re.DOTALL)[1])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("steps = 300", "steps = 2000", "steps: it must stay 300"),
        ("rate = 0.001", "rate = 1e9", "optimizers.gd.rate"),
        ("[optimizers.gd]", "[optimizers.adan]", "adam"),
        ("rate = 0.001", "rate = ", "not valid TOML"),
        ("[schedule]", "[optimizers.adam]\nrate = 0.1\n\n[schedule]", "exactly 1 must be"),
        ('kind = "descent"', 'kind = "capstone"', "'data' is not there, and it must be"),
    ],
)
def test_a_spec_that_cannot_be_marked_says_why(ana: Any, activity: str, old: str, new: str, told: str) -> None:
    """The sentence names the place; it cannot be handed in, and nothing of it is lost."""
    text = given(ana, activity).replace(old, new)
    problems = " ".join(ana.save(activity, (SPEC, 1, text)).json()["slots"][SPEC]["problems"])
    assert told in problems
    refused = ana.hand_in(activity)
    assert (refused.status_code, "cannot be handed in" in refused.text) == (400, True)
    assert given(ana, activity) == text
    assert ana.attempt(activity).state == "open"


def test_a_file_takes_the_place_of_the_text(ana: Any, activity: str) -> None:
    """Without a script a file is uploaded; it is stored as the Spec, byte order mark and line ends aside."""
    text = given(ana, activity).replace(*GOOD)
    content = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    fields = {"sequence-spec": "1", "answer-spec": "old"}
    done = ana.client.post(f"{activity}/save", data=fields, files={"file-spec": ("mine.toml", content)})
    assert done.status_code == 200
    assert ana.attempt(activity).answers[SPEC].valid_answer == text


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 70_000])
def test_a_file_that_is_no_text_is_refused(ana: Any, activity: str, content: bytes) -> None:
    """Another encoding, or a flood, is refused in a sentence and nothing is stored."""
    files = {"file-spec": ("mine.toml", content)}
    refused = ana.client.post(f"{activity}/save", data={"sequence-spec": "1", "answer-spec": ""}, files=files)
    assert refused.status_code == 400
    assert SPEC not in ana.attempt(activity).answers


def test_the_mark_is_that_of_the_hidden_runs(ana: Any, activity: str) -> None:
    """The mark is what marking the same Spec again gives, and the page says how many runs reached the target."""
    text = given(ana, activity).replace(*GOOD)
    ana.save(activity, (SPEC, 1, text))
    page = ana.hand_in(activity).text
    attempt = ana.attempt(activity)
    marked = mark_submission(activity_of(attempt), attempt.seed, parse_spec(text).to_tree(), answer)
    assert attempt.grade["slots"][0]["graded"]["score"] == str(marked.score)
    assert f"{marked.reached} of 5 hidden runs reached 0.1 or less." in page


def hidden(attempt: Attempt, text: str) -> list[Spec]:
    """The Specs that marking runs where nobody looks."""
    seen: list[Spec] = []

    def watch(spec: Spec) -> Record:
        seen.append(spec)
        return answer(spec)

    mark_submission(activity_of(attempt), attempt.seed, parse_spec(text).to_tree(), watch)
    return seen[1:]


def test_no_page_tells_a_hidden_start(ana: Any, activity: str) -> None:
    """Neither the page while writing, nor the result, nor any JSON has a start or a seed of a hidden run."""
    text = given(ana, activity).replace(*GOOD)
    bodies = [ana.get(activity).text, ana.save(activity, (SPEC, 1, text)).text, ana.get(activity).text]
    bodies += [ana.get(f"{activity}/review").text, ana.hand_in(activity).text, ana.get(f"{activity}/receipt.json").text]
    bodies += [ana.get(page).text for page in ("/assessments/activity-1", "/gradebook", "/gradebook/marks.csv")]
    attempt = ana.attempt(activity)
    for spec in hidden(attempt, text):
        tree = spec.to_tree()
        x, y = tree["start"]
        for body in bodies:
            assert str(tree["seed"]) not in body
            assert f"{x}, {y}" not in body
            assert f"{x},{y}" not in body
    assert all(str(attempt.seed) not in body for body in bodies)


def test_the_given_spec_can_be_handed_in_as_it_is(ana: Any, activity: str) -> None:
    """A form sent unchanged stores the given Spec, which runs."""
    text = given(ana, activity)
    ana.post(f"{activity}/save", **{"sequence-spec": "1", "given-spec": "", "answer-spec": text.replace("\n", "\r\n")})
    assert ana.attempt(activity).answers[SPEC].valid_answer == text
    assert ana.hand_in(activity).status_code == 200
