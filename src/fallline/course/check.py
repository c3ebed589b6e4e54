"""The content check: what an author runs before a cohort sees the course.

`load_course` has refused what is malformed; here everything is run: every generator over many seeds, every lab in every
state that its file names, every number of every lesson.
"""

from __future__ import annotations

from collections import Counter

from fallline.course.checks.assessments import check_assessments
from fallline.course.checks.items import check_items
from fallline.course.checks.labs import check_labs
from fallline.course.checks.lessons import check_lessons
from fallline.course.checks.problem import Problem
from fallline.course.content import Course


def check_content(course: Course, seeds: int = 200) -> list[Problem]:
    """Returns everything that must be mended; nothing when the content is sound.

    Args:
        course: as `load_course` returned it.
        seeds: variants per generator.
    """
    return [
        *_titles(course),
        *check_items(course, seeds),
        *check_assessments(course),
        *check_labs(course),
        *check_lessons(course),
    ]


def _titles(course: Course) -> list[Problem]:
    """Finds two weeks, or two labs, that a reader could not tell apart."""
    titles = [week.title for week in course.weeks] + [lab.title for lab in course.labs.values()]
    return [
        Problem("course.toml", f"{title!r} is the title of two things.")
        for title, n in Counter(titles).items()
        if n > 1
    ]


__all__ = ["Problem", "check_content"]
