"""The syllabus: weeks, titles, topics, links and the marking scheme, printed from the course's own content."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fallline.web.render import render
from fallline.web.services import At

router = APIRouter()


@router.get("/syllabus")
def syllabus(request: Request, services: At) -> HTMLResponse:
    """The course on one page, made to be printed."""
    course = services.course
    dates = [(entry, course.window(entry.slug)) for entry in course.calendar]
    dates.sort(key=lambda pair: pair[1].opens)
    return render(request, "syllabus/page.html", course=course, dates=dates)
