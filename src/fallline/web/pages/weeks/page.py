"""A week: its aims and topics, the course's own links beside what stands here, its lab live, its lesson, its dates."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fallline.course.course import Course
from fallline.course.week import Link, Week
from fallline.web.pages.home.slope import STRIP, slope
from fallline.web.pages.labs.view import view
from fallline.web.pages.practice.page import practised
from fallline.web.pages.weeks.lesson import Lesson, Lessons
from fallline.web.place import NOTE, here
from fallline.web.render import render
from fallline.web.services import Asker, At
from fallline.web.task import task

router = APIRouter()


@dataclass(frozen=True)
class Beside:
    """One of the outline's links and its twin here.

    Attributes:
        link: the outline's.
        href: where the twin is.
        twin: its name.
    """

    link: Link
    href: str
    twin: str


@router.get("/weeks/{number}")
def page(request: Request, services: At, person: Asker, number: int) -> HTMLResponse:
    """The page of one week."""
    course = services.course
    week = course.week(number)
    place = here(services, person)
    if services.notebook.note(person, NOTE) != str(number):
        services.notebook.keep_note(person, NOTE, str(number))
    lessons: Lessons = request.app.state.lessons
    lesson = lessons.lesson(number)
    slugs = dict.fromkeys((*week.labs[:1], *(lesson.labs if lesson else ())))
    answers = request.app.state.answers
    return render(
        request,
        "weeks/page.html",
        course=course,
        week=week,
        place=place,
        strip=slope([each.title for each in course.weeks], number, STRIP),
        beside=[beside(course, week, link) for link in week.links],
        lesson=lesson,
        first=first_lab(week, lesson),
        labs={slug: view(services, answers, person, course.lab(slug), {}) for slug in slugs},
        others=[lab for lab in course.labs_of(number) if lab.slug not in slugs],
        practice=len(practised(course, number)),
        tasks=[task(services, person, entry) for entry in course.entries(number)],
    )


def first_lab(week: Week, lesson: Lesson | None) -> str:
    """Returns the lab that stands above the lesson: the week's first, unless the lesson has its own place for it."""
    first = week.labs[0] if week.labs else ""
    return "" if lesson is not None and first in lesson.labs else first


def beside(course: Course, week: Week, link: Link) -> Beside:
    """Puts what stands here beside one of the outline's links."""
    slug = link.twin.lab or (week.labs[0] if week.labs else "")
    name = link.twin.page.strip("/").capitalize() if link.twin.page else course.lab(slug).title if slug else week.title
    return Beside(link, week.twin_href(link), name)
