"""A lab: its page, its answers, the fields under its maps, the tables behind its figures, the prediction, the code."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from fallline.core.errors import NotFound
from fallline.course.lab import Lab
from fallline.course.panel import Reading
from fallline.web.assets import FOREVER
from fallline.web.errors import wants_json
from fallline.web.pages.labs.answering import Answers, checked, mistaken, position, shown_figures
from fallline.web.pages.labs.code import code_of
from fallline.web.pages.labs.controls import grids
from fallline.web.pages.labs.fields import field_bytes
from fallline.web.pages.labs.view import guess_of, note_name, view
from fallline.web.render import render
from fallline.web.services import Asker, At, services_of

router = APIRouter()
JSON = "application/json"
ANSWER_HEADERS = {"content-encoding": "gzip", "cache-control": "private, max-age=600"}


def answers_of(request: Request) -> Answers:
    """Returns the site's answers."""
    answers: Answers = request.app.state.answers
    return answers


def lab_of(request: Request, slug: str) -> Lab:
    """Returns a lab of the course; raises NotFound."""
    return services_of(request).course.lab(slug)


async def answer(request: Request) -> Response:
    """Answers ``/labs/SLUG/answer?…``: figures, caption, limits, puzzle.

    A plain route: it is asked at every move of a slider, and what the framework does around a function costs more than
    the look-up itself.
    """
    answers = answers_of(request)
    address = f"{request.url.path}?{request.url.query}"
    content = answers.again(address)
    if content is None:
        lab = lab_of(request, request.path_params["slug"])
        reading = lab.read(request.query_params)
        if not reading.mistakes:
            content = answers.known(position(lab, reading))
        if content is None:
            quick = answers.quick(lab, reading)
            content = told(answers, lab, reading) if quick else await run_in_threadpool(told, answers, lab, reading)
        if not reading.mistakes:
            answers.remember(address, position(lab, reading))
    return Response(content, media_type=JSON, headers=ANSWER_HEADERS)


def told(answers: Answers, lab: Lab, reading: Reading) -> bytes:
    """Returns the answer to a position, or what is wrong with the formula in it."""
    reading = checked(answers, lab, reading)
    return mistaken(lab, reading) if reading.mistakes else answers.zipped(lab, reading)


ANSWER = Route("/labs/{slug}/answer", answer)
"""Stands first among the routes of the site, before what the framework wraps around the others."""


@router.get("/labs/{slug}")
def page(request: Request, services: At, person: Asker, slug: str) -> HTMLResponse:
    """The lab's page; the query string is the state of its knobs."""
    lab = lab_of(request, slug)
    made = view(services, answers_of(request), person, lab, request.query_params)
    week = services.course.weeks[lab.week - 1]
    return render(request, "labs/page.html", made=made, week=week)


@router.get("/labs/{slug}/field/{key}")
def field(request: Request, slug: str, key: str) -> Response:
    """The values of a field, by the key that a figure names; they never change."""
    lab_of(request, slug)
    headers = {"content-encoding": "gzip", "cache-control": FOREVER}
    return Response(field_bytes(key), media_type=JSON, headers=headers)


@router.get("/labs/{slug}/knobs")
def knobs(request: Request, slug: str) -> Response:
    """The grids of the knobs for the options chosen."""
    lab = lab_of(request, slug)
    values = lab.values(request.query_params)
    return Response(orjson.dumps(grids(lab, values)), media_type=JSON)


@router.get("/labs/{slug}/tables")
def tables(request: Request, slug: str) -> Response:
    """The tables behind the figures, by figure."""
    lab = lab_of(request, slug)
    record = answers_of(request).record(lab, lab.values(request.query_params))
    return Response(orjson.dumps({each.id: each.table for each in shown_figures(lab, record)}), media_type=JSON)


@router.get("/labs/{slug}/code")
def code(request: Request, slug: str) -> Response:
    """The Spec and the script that give this picture, as JSON for the panel or as a page of its own."""
    lab = lab_of(request, slug)
    made = code_of(lab, lab.values(request.query_params))
    if wants_json(request):
        return Response(orjson.dumps(made), media_type=JSON)
    return render(request, "labs/code.html", lab=lab, made=made, query=str(request.url.query))


@router.post("/labs/{slug}/prediction")
def predict(
    request: Request,
    services: At,
    person: Asker,
    slug: str,
    choice: Annotated[str, Form(max_length=40)] = "",
    asked: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Keeps a prediction, the first one only, and tells what happens; `asked` names one of several questions."""
    lab = predicted(request, slug)
    assert lab.prediction is not None  # noqa: S101 - narrows; see above
    values = lab.asked_at(asked)
    name = lab.asked(values)
    known = {each.id for each in lab.prediction.choices}
    kept = services.notebook.note(person, note_name(lab, name))
    if kept is None:
        kept = choice if choice in known else ""
        services.notebook.keep_note(person, note_name(lab, name), kept)
    if not wants_json(request):
        return RedirectResponse(f"/labs/{slug}?{lab.by}={name}" if name else f"/labs/{slug}", 303)
    return Response(orjson.dumps(guess_of(lab, kept, answers_of(request).record(lab, values))), media_type=JSON)


@router.get("/labs/{slug}/prediction")
def predicted_before(request: Request, services: At, person: Asker, slug: str, asked: str = "") -> Response:
    """What a person predicted of a question and what happened, under ``guess``; null there while they have not."""
    lab = predicted(request, slug)
    values = lab.asked_at(asked[:40])
    kept = services.notebook.note(person, note_name(lab, lab.asked(values)))
    made = None if kept is None else guess_of(lab, kept, answers_of(request).record(lab, values))
    return Response(orjson.dumps({"guess": made}), media_type=JSON)


def predicted(request: Request, slug: str) -> Lab:
    """Returns a lab that asks for a prediction; raises NotFound."""
    lab = lab_of(request, slug)
    if lab.prediction is None:
        raise NotFound(f"The lab {slug!r} asks for no prediction.")
    return lab
