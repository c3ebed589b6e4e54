"""References: what one content file says of another holds: dates in order, counts as the scheme's, names that exist."""

from __future__ import annotations

from collections.abc import Iterable

from fallline.core.choice import nearest
from fallline.course.calendar import window
from fallline.course.course import Course
from fallline.course.loader import ContentError


def check_calendar(course: Course) -> None:
    """Checks slugs, weeks, times in the zone, and counts.

    Raises:
        ContentError: the first thing that does not hold.
    """
    seen: set[str] = set()
    for index, entry in enumerate(course.calendar):
        if entry.slug in seen:
            raise ContentError("course.toml", f"calendar.{index}.slug", entry.slug, "a slug that stands once")
        seen.add(entry.slug)
        if entry.last_week > course.term.weeks:
            raise ContentError("course.toml", f"calendar.{index}.week", entry.last_week, "a week of the term")
        try:
            window(entry, course.term)
        except ValueError as error:
            raise ContentError(
                "course.toml", f"calendar.{index}", entry.slug, "at times in order", f"{error}."
            ) from None
    if len(course.weeks) != course.term.weeks:
        raise ContentError("course.toml", "weeks", len(course.weeks), f"as many folders as weeks: {course.term.weeks}")
    for component in course.scheme.components:
        count = sum(entry.kind == component.kind for entry in course.calendar)
        if count != component.count:
            expected = f"as many as the scheme counts of kind {component.kind}: {component.count}"
            raise ContentError("course.toml", "calendar", count, expected)
    strange = next((entry for entry in course.calendar if entry.kind not in _kinds(course)), None)
    if strange is not None:
        raise ContentError("course.toml", "calendar", strange.kind, "a kind that the scheme weighs")


def _kinds(course: Course) -> set[str]:
    return {component.kind for component in course.scheme.components}


def check_references(course: Course) -> None:
    """Checks that assessments stand in the calendar, and that items and labs which are named exist.

    Raises:
        ContentError: the first thing that does not hold.
    """
    entries = {entry.slug: entry for entry in course.calendar}
    for slug, assessment in course.assessments.items():
        file = f"assessments/{slug}.toml"
        if slug not in entries:
            raise ContentError(file, "", slug, "the slug of an entry in the calendar", _hint(slug, entries))
        if entries[slug].kind != assessment.kind:
            raise ContentError(file, "kind", assessment.kind, f"the calendar's kind, {entries[slug].kind!r}")
        for index, slot in enumerate(assessment.slots):
            for name in slot.items:
                if name not in course.items:
                    raise ContentError(
                        file, f"slots.{index}.items", name, "the id of an item", _hint(name, course.items)
                    )
    for week in course.weeks:
        for index, link in enumerate(week.links):
            lab = link.twin.lab
            if lab is not None and lab not in course.labs:
                path, file = f"links.{index}.twin.lab", f"{week.folder}/week.toml"
                raise ContentError(file, path, lab, "the slug of a lab", _hint(lab, course.labs))


def _hint(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f"Did you mean {close!r}?" if close else ""
