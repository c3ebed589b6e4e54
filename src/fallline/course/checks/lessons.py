"""Lessons: every lab that is placed exists, every number comes from a Record that really runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fallline.core.errors import FallLineError
from fallline.course.checks.links import bad_lab_links
from fallline.course.checks.problem import Problem
from fallline.course.content import Course
from fallline.course.lesson import SLUG, Placeholder, filled, labs_in, placeholders
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec

LINK = re.compile(r"\]\(([^)\s]*)\)")
GOOD_LINK = re.compile(r"https://[^\s\"'<>]+|/[a-z0-9/#?=&.-]*|#[a-z0-9-]+")


def check_lessons(course: Course) -> list[Problem]:
    """Checks every lesson and every instructor's notes of the course."""
    found: list[Problem] = []
    for week in course.weeks:
        specs = course.lesson_specs.get(week.number, {})
        results, broken = _run(specs)
        found += [Problem(f"{week.folder}/specs/{name}.toml", sentence) for name, sentence in broken.items()]
        texts = {week.lesson: course.lessons.get(week.number), week.instructor: course.instructor.get(week.number)}
        for name, text in texts.items():
            if name is not None and text is not None:
                found += [Problem(f"{week.folder}/{name}", sentence) for sentence in _text(course, text, results)]
        used = {asked.name for text in texts.values() if text for asked in _asked(text)}
        found += [
            Problem(f"{week.folder}/specs/{name}.toml", "no lesson takes a number from it.")
            for name in set(specs) - used
        ]
    return found


def _run(specs: Mapping[str, dict[str, object]]) -> tuple[dict[str, dict[str, object]], dict[str, str]]:
    results: dict[str, dict[str, object]] = {}
    broken: dict[str, str] = {}
    for name, tree in specs.items():
        try:
            results[name] = answer(load_spec(tree)).result
        except FallLineError as error:
            broken[name] = str(error)
    return results, broken


def _asked(text: str) -> tuple[Placeholder, ...]:
    try:
        return placeholders(text)
    except FallLineError:
        return ()


def _text(course: Course, text: str, results: Mapping[str, dict[str, object]]) -> Iterator[str]:
    for slug in labs_in(text):
        if not SLUG.fullmatch(slug) or slug not in course.labs:
            yield f"::lab{{{slug}}} names no lab; known: {', '.join(course.labs)}."
    try:
        filled(text, results)
    except FallLineError as error:
        yield str(error)
    for match in LINK.finditer(text):
        if not GOOD_LINK.fullmatch(match[1]):
            yield f"the link {match[1][:60]!r} is neither https, nor a page of the site, nor a place in the lesson."
    yield from bad_lab_links(course, text)
