"""The course, once read: what every page and every mark starts from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from pydantic import Field

from fallline.core.choice import nearest
from fallline.core.errors import NotFound
from fallline.course.assessment import Assessment
from fallline.course.calendar import Entry, Term, Window, window
from fallline.course.items import Item
from fallline.course.lab import Lab
from fallline.course.loader import ContentModel
from fallline.course.policies import Policies
from fallline.course.scheme import Scheme
from fallline.course.week import Slug, Week

FOLDER = re.compile(r"(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)")
K = TypeVar("K")
T = TypeVar("T")


class CourseFile(ContentModel):
    """``course.toml``.

    Attributes:
        slug: short stable name; part of every variant's seed.
        title: of the course.
        summary: one paragraph for the syllabus.
        term: when it runs.
        weeks: folders under ``weeks/``, in order.
        scheme: how it is marked.
        calendar: assessments by week.
        policies: what holds for all of them.
    """

    slug: Slug
    title: Annotated[str, Field(min_length=1, max_length=120)]
    summary: Annotated[str, Field(max_length=1_000)] = ""
    term: Term
    weeks: Annotated[tuple[Annotated[str, Field(pattern=rf"^{FOLDER.pattern}$")], ...], Field(min_length=1)]
    scheme: Scheme
    calendar: Annotated[tuple[Entry, ...], Field(max_length=60)]
    policies: Policies = Policies()


@dataclass(frozen=True)
class Course:
    """The whole course.

    Attributes:
        file: what ``course.toml`` says.
        weeks: in order.
        labs: slug → lab.
        items: id → item.
        assessments: slug → assessment; the calendar may name more, which are not published yet.
        lessons: week → Markdown of its lesson.
        instructor: week → Markdown of the notes for whoever teaches it.
        lesson_specs: week → Spec name → tree, for the numbers in the lesson.
        digest: SHA-256 over all files; an attempt remembers the one it was started with.
    """

    file: CourseFile
    weeks: tuple[Week, ...]
    labs: Mapping[str, Lab]
    items: Mapping[str, Item]
    assessments: Mapping[str, Assessment]
    lessons: Mapping[int, str]
    instructor: Mapping[int, str]
    lesson_specs: Mapping[int, Mapping[str, dict[str, object]]]
    digest: str

    @property
    def slug(self) -> str:
        """The course's short stable name."""
        return self.file.slug

    @property
    def title(self) -> str:
        """The course's title."""
        return self.file.title

    @property
    def term(self) -> Term:
        """When it runs."""
        return self.file.term

    @property
    def scheme(self) -> Scheme:
        """How it is marked."""
        return self.file.scheme

    @property
    def calendar(self) -> tuple[Entry, ...]:
        """Its assessments by week."""
        return self.file.calendar

    @property
    def policies(self) -> Policies:
        """What holds for all assessments."""
        return self.file.policies

    def week(self, number: int) -> Week:
        """Returns a week; raises NotFound."""
        return _found({week.number: week for week in self.weeks}, number, "week")

    def lab(self, slug: str) -> Lab:
        """Returns a lab; raises NotFound."""
        return _found(self.labs, slug, "lab")

    def item(self, name: str) -> Item:
        """Returns an item; raises NotFound."""
        return _found(self.items, name, "item")

    def assessment(self, slug: str) -> Assessment:
        """Returns an assessment; raises NotFound."""
        return _found(self.assessments, slug, "assessment")

    def entry(self, slug: str) -> Entry:
        """Returns the calendar's entry of an assessment; raises NotFound."""
        return _found({entry.slug: entry for entry in self.calendar}, slug, "assessment in the calendar")

    def window(self, slug: str) -> Window:
        """Returns when an assessment opens and is due; raises NotFound."""
        return window(self.entry(slug), self.term)

    def at_own_pace(self) -> Course:
        """Returns the same course for one who learns alone: everything is open, nothing is late."""
        term = self.term.model_copy(update={"pace": "own"})
        return replace(self, file=self.file.model_copy(update={"term": term}))

    def entries(self, week: int) -> tuple[Entry, ...]:
        """Returns the assessments that open, run or are due in a week."""
        return tuple(entry for entry in self.calendar if entry.week <= week <= entry.last_week)

    def labs_of(self, week: int) -> tuple[Lab, ...]:
        """Returns the labs of a week, in order."""
        return tuple(self.labs[slug] for slug in self.week(week).labs)


def _found(known: Mapping[K, T], key: K, what: str) -> T:
    if key in known:
        return known[key]
    close = nearest(str(key), map(str, known))
    raise NotFound(f"There is no {what} {key!r}." + (f" Did you mean {close!r}?" if close else ""))
