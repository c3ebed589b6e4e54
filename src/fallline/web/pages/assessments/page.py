"""An assessment: what it is and when, a try at it, its answers as they are saved, handing in, and the result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from fallline.core.errors import Conflict
from fallline.core.person import Person
from fallline.course.attempt import Attempt
from fallline.web.pages.assessments import views
from fallline.web.pages.assessments.desk import Desk, begin, clock_time, desk_of, own_attempt
from fallline.web.pages.assessments.form import Saves, keep, saves_of
from fallline.web.pages.assessments.questions import as_text, problems_of
from fallline.web.pages.assessments.receipt import receipt_of
from fallline.web.render import render
from fallline.web.services import Asker, At, Services

router = APIRouter()
JSON = "application/json"
FIELDS = 400


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Reads a form; its one file, where there is one, is closed afterwards."""
    async with request.form(max_files=1, max_fields=FIELDS) as form:
        yield form


Sent = Annotated[FormData, Depends(form_of)]


def address(attempt: Attempt, part: str = "") -> str:
    """Returns where an attempt, or a part of it, stands.

    >>> from types import SimpleNamespace
    >>> address(SimpleNamespace(assessment="quiz-1", id="a1"), "review")
    '/assessments/quiz-1/attempts/a1/review'
    """
    return f"/assessments/{attempt.assessment}/attempts/{attempt.id}" + (f"/{part}" if part else "")


@router.get("/assessments")
def all_of_them() -> RedirectResponse:
    """The assessments stand in the gradebook, by component."""
    return RedirectResponse("/gradebook", 303)


@router.get("/assessments/{slug}")
def overview(request: Request, services: At, person: Asker, slug: str) -> Response:
    """What the assessment is, when it is open for the person, and their tries."""
    at = desk_of(services, person, slug)
    return render(request, "assessments/page.html", **views.overview(services, at))


@router.post("/assessments/{slug}/start")
def begin_try(services: At, person: Asker, slug: str, number: Annotated[int, Form(ge=1, le=20)]) -> RedirectResponse:
    """Starts the try with this number; twice is once."""
    return RedirectResponse(address(begin(services, person, slug, number)), 303)


@router.get("/assessments/{slug}/attempts/{name}")
def attempt(request: Request, services: At, person: Asker, slug: str, name: str) -> Response:
    """The questions while it is open, the result afterwards."""
    at = desk_of(services, person, slug)
    mine = own_attempt(at, name)
    if mine.state == "open":
        return _questions(request, services, at, mine)
    return render(request, "assessments/result.html", **views.result(services, at, mine))


@router.post("/assessments/{slug}/attempts/{name}/answers")
def answers(services: At, person: Asker, slug: str, name: str, sent: Saves) -> Response:
    """Saves answers for the page's script, and tells what is stored and since when."""
    at = desk_of(services, person, slug)
    mine = own_attempt(at, name)
    kept = keep(services.roster, mine, person, sent.saves, services.clock())
    body: dict[str, Any] = {
        "state": kept.attempt.state,
        "left": views.seconds_left(kept.attempt, services.clock()),
        "slots": {save.slot: _stored(services, kept.attempt, save.slot) for save in sent.saves},
        "lost": kept.lost,
    }
    if kept.refusal:
        todo = "Open the attempt to see what was handed in."
        body |= {"error": "Not stored", "why": kept.refusal, "todo": todo}
    return Response(orjson.dumps(body), 409 if kept.refusal else 200, media_type=JSON)


def _stored(services: Services, mine: Attempt, slot: str) -> dict[str, Any]:
    saved = mine.answers.get(slot)
    if saved is None:
        return {"sequence": 0, "text": "", "saved": "", "problems": []}
    return {
        "sequence": saved.sequence,
        "text": as_text(saved.answer),
        "saved": clock_time(services, saved.at),
        "problems": problems_of(mine, slot),
    }


@router.post("/assessments/{slug}/attempts/{name}/save")
def save(request: Request, services: At, person: Asker, slug: str, name: str, form: Sent) -> Response:
    """Saves a plain form, then goes where its button leads: back to the questions, or on to handing in."""
    at = desk_of(services, person, slug)
    mine = own_attempt(at, name)
    saves = saves_of(form, mine)
    kept = keep(services.roster, mine, person, saves, services.clock())
    if kept.refusal:
        return render(request, "assessments/late.html", status=409, **views.late(at, mine, saves, kept.refusal))
    if kept.lost:
        mine_again = {each.slot: as_text(each.answer) for each in saves if each.slot in kept.lost}
        return _questions(request, services, at, kept.attempt, mine_again, status=409)
    if form.get("then") == "review":
        return RedirectResponse(address(mine, "review"), 303)
    return RedirectResponse(address(mine) + ("#own-run" if mine.activity is not None else ""), 303)


@router.get("/assessments/{slug}/attempts/{name}/review")
def review(request: Request, services: At, person: Asker, slug: str, name: str) -> Response:
    """What is stored, question by question, before it is handed in for good."""
    at = desk_of(services, person, slug)
    mine = own_attempt(at, name)
    if mine.state != "open":
        return RedirectResponse(address(mine), 303)
    return render(request, "assessments/review.html", **views.review(services, at, mine))


@router.post("/assessments/{slug}/attempts/{name}/submit")
def submit(
    request: Request, services: At, person: Asker, slug: str, name: str, pledge: Annotated[str, Form()] = ""
) -> Response:
    """Hands in what is stored; twice is once."""
    at = desk_of(services, person, slug)
    mine = own_attempt(at, name)
    if mine.state == "open":
        problem = views.not_yet(services, mine, pledged=bool(pledge))
        if problem:
            return render(request, "assessments/review.html", status=400, **views.review(services, at, mine, problem))
        _hand_in(services, person, mine)
        desk_of(services, person, slug)  # grades it at once; if that fails, the sweep does
    return RedirectResponse(address(mine), 303)


def _hand_in(services: Services, person: Person, mine: Attempt) -> None:
    try:
        services.roster.submit(mine.id, person, services.clock())
    except Conflict:
        services.roster.close(services.clock())  # its time ran out in between: it ends with what was saved


@router.get("/assessments/{slug}/attempts/{name}/receipt.json")
def receipt(services: At, person: Asker, slug: str, name: str) -> Response:
    """The receipt, with what it was computed from."""
    made = receipt_of(own_attempt(desk_of(services, person, slug), name))
    headers = {"content-disposition": f'attachment; filename="receipt-{name}.json"'}
    return Response(orjson.dumps(made.to_dict(), option=orjson.OPT_INDENT_2), media_type=JSON, headers=headers)


def _questions(
    request: Request,
    services: Services,
    at: Desk,
    mine: Attempt,
    again: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    template = "assessments/attempt.html" if mine.activity is None else "assessments/activity.html"
    return render(request, template, status=status, **views.questions(services, at, mine, again or {}))
