"""Reading the content: what is malformed, dangling or hostile is refused with file, key, value and the nearest name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fallline.core.errors import NotFound
from fallline.course.content import SHIPPED, load_course
from fallline.course.loader import ContentError, ContentFiles

Change = Callable[[Path], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the course that a test may spoil."""
    target = tmp_path / "content"
    shutil.copytree(SHIPPED, target, ignore=shutil.ignore_patterns("records"))
    return target


def replace(name: str, old: str, new: str) -> Change:
    """Spoils one file."""

    def change(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new, 1))

    return change


def write(name: str, text: str) -> Change:
    """Adds one file."""

    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return change


WEEK = "weeks/01-foundations/week.toml"
LAB = "weeks/01-foundations/labs/playground.toml"
RATE = "items/w01-largest-rate.toml"
QUIZ = "assessments/quiz-1.toml"
SPOILED: dict[str, tuple[Change, str, str]] = {
    "unknown key": (replace("course.toml", "[scheme]", "[scheem]"), "course.toml", "scheem"),
    "unknown key in a week": (replace(WEEK, "aims = [", "amis = ["), WEEK, "aims"),
    "weights": (replace("course.toml", "weight = 30", "weight = 31"), "course.toml", "add up to 101"),
    "float weight": (replace("course.toml", "weight = 30", "weight = 30.0"), "course.toml", "whole number"),
    "counts": (replace("course.toml", "count = 5", "count = 6"), "course.toml", "6"),
    "twice in the calendar": (
        replace("course.toml", 'slug = "quiz-2"', 'slug = "quiz-1"'),
        "course.toml",
        "stands once",
    ),
    "zone": (replace("course.toml", "Europe/Berlin", "Europe/Berln"), "course.toml", "Europe/Berlin"),
    "not a Monday": (replace("course.toml", "2027-02-01", "2027-02-02"), "course.toml", "Monday"),
    "week out of term": (replace("course.toml", "week = 14", "week = 15"), "course.toml", "week of the term"),
    "due first": (
        replace("course.toml", 'due = { day = "Sunday", time = "23', 'due = { day = "Monday", time = "08'),
        "course.toml",
        "not after it opens",
    ),
    "folder": (replace("course.toml", '"02-gradient-descent"', '"03-gradient-descent"'), "course.toml", "02-"),
    "traversal in weeks": (replace("course.toml", '"01-foundations"', '"../01-foundations"'), "course.toml", ""),
    "traversal in a lesson": (replace(WEEK, '"lesson.md"', '"../../course.toml"'), WEEK, "plain name"),
    "hidden lesson": (replace(WEEK, '"lesson.md"', '".lesson.md"'), WEEK, "plain name"),
    "missing lesson": (replace(WEEK, '"lesson.md"', '"lesson2.md"'), "lesson2.md", "exists"),
    "bad link": (replace(WEEK, "https://uclaacm", "javascript:uclaacm"), WEEK, "links"),
    "unknown twin": (replace(WEEK, 'lab = "playground"', 'lab = "playgrond"'), WEEK, "Did you mean 'playground'"),
    "number of its own": (
        write("weeks/02-gradient-descent/labs/playground.toml", 'title = "x"'),
        "labs/playground",
        "",
    ),
    "unknown item": (replace(QUIZ, "w01-one-step", "w01-one-stp"), QUIZ, "Did you mean 'w01-one-step'"),
    "slot twice": (replace(QUIZ, 'id = "one-step"', 'id = "largest-rate"'), QUIZ, "different ids"),
    "rising credit": (replace(QUIZ, '[1, "0.8"]', '[1, "1.2"]'), QUIZ, "never rise"),
    "not in the calendar": (write("assessments/quiz-9.toml", 'kind = "quiz"\ntitle = "x"'), "quiz-9", "calendar"),
    "other kind": (replace(QUIZ, 'kind = "quiz"', 'kind = "exam"'), QUIZ, "quiz"),
    "unknown generator": (
        replace(RATE, "quadratic.stable_step", "quadratic.stable_stp"),
        RATE,
        "quadratic.stable_step",
    ),
    "unknown kind": (replace(RATE, 'kind = "numeric"', 'kind = "numerical"'), RATE, "Did you mean 'numeric'"),
    "undecidable": (replace(RATE, "rtol = 0.02", "rtol = 0.15"), RATE, "min_gap"),
    "nameless misconception": (
        replace("items/w01-stationary.toml", 'id = "flat-is-a-saddle"\nfeedback', 'id = "flat"\nfeedback'),
        "items/w01-stationary.toml",
        "flat-is-a-saddle",
    ),
    "another id": (replace(RATE, 'kind = "numeric"', 'id = "w01-other"\nkind = "numeric"'), RATE, "name of its file"),
    "broken TOML": (replace(LAB, "[spec]", "[spec"), LAB, "valid TOML"),
    "unknown knob key": (replace(LAB, 'symbol = "w₀"', 'simbol = "w₀"'), LAB, "symbol"),
    "another week": (replace(LAB, "order = 1", "order = 1\nweek = 5"), LAB, "week"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_content_is_refused_with_its_place(name: str, copy: Path) -> None:
    """Each mistake is refused when the course is read, and the error names the file and what to do."""
    change, file, words = SPOILED[name]
    change(copy)
    with pytest.raises(ContentError) as caught:
        load_course(copy)
    assert file in str(caught.value)
    assert words in str(caught.value)


def test_a_copy_loads_and_has_the_same_digest(copy: Path) -> None:
    """The digest is over contents, not places; one changed byte changes it."""
    first = load_course(copy).digest
    assert first == load_course().digest
    (copy / "course.toml").write_text((copy / "course.toml").read_text() + "\n")
    assert load_course(copy).digest != first


@pytest.mark.parametrize("name", ["../secret.md", "/etc/passwd", "a/../../b.md", "a\\b.md", "", "a\0.md", "notes.py"])
def test_no_name_leads_out_of_the_directory(name: str, tmp_path: Path) -> None:
    """Absolute names, parent folders, odd separators and other kinds of files are refused."""
    (tmp_path / "content").mkdir()
    (tmp_path / "secret.md").write_text("secret")
    with pytest.raises(ContentError):
        ContentFiles(tmp_path / "content").text(name)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    """A symbolic link inside the directory cannot smuggle in what lies outside."""
    (tmp_path / "content").mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "content" / "lesson.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(ContentError, match="leads out"):
        ContentFiles(tmp_path / "content").text("lesson.md")


def test_large_and_foreign_bytes_are_refused(tmp_path: Path) -> None:
    """A flood and a file that is not UTF-8 get a sentence each."""
    (tmp_path / "big.md").write_text("x" * 600_000)
    (tmp_path / "latin.md").write_bytes("Übung".encode("latin-1"))
    files = ContentFiles(tmp_path)
    with pytest.raises(ContentError, match="at most 512 KiB"):
        files.text("big.md")
    with pytest.raises(ContentError, match="UTF-8"):
        files.text("latin.md")


def test_look_ups_answer_with_the_nearest_name() -> None:
    """An unknown lab, week or assessment is not found, with a did-you-mean."""
    course = load_course()
    with pytest.raises(NotFound, match="Did you mean 'playground'"):
        course.lab("playgrund")
    with pytest.raises(NotFound):
        course.week(15)
    with pytest.raises(NotFound, match="quiz-1"):
        course.assessment("quiz-11")
    assert course.window("quiz-1").opens < course.window("quiz-1").due
    assert [entry.slug for entry in course.entries(12)] == ["quiz-4", "project"]
    assert [entry.slug for entry in course.entries(13)] == ["project"]
