"""Help: keys, marks, where data lives, what leaves the machine, and the words."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fallline.course.exact import half_up
from fallline.web.pages.help.words import KEYS, WORDS
from fallline.web.render import render
from fallline.web.services import At

router = APIRouter()


@router.get("/help")
def page(request: Request, services: At) -> HTMLResponse:
    """The help page."""
    course = services.course
    each = {
        component.kind: f"{half_up(component.weight / component.count, 2):f}".rstrip("0").rstrip(".")
        for component in course.scheme.components
    }
    late = [(step.days, half_up(step.credit * 100)) for step in course.policies.late]
    return render(
        request, "help/page.html", course=course, each=each, late=late, keys=KEYS, words=WORDS, home=services.home
    )
