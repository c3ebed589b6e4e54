"""A run while it works: where it is, what it says, and how to stop it; live by server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from fallline.core.errors import NotFound
from fallline.runs.ledger import RunRow
from fallline.runs.spec import parse_spec
from fallline.runs.submit import submit
from fallline.web.errors import wants_json
from fallline.web.pages.records.rows import row_views, state_of
from fallline.web.pages.runs.progress import Progress, progress_of
from fallline.web.render import render
from fallline.web.services import Asker, At, Services, person_of, services_of

router = APIRouter()
POLL_SECONDS = 0.4
ENDED = frozenset({"finished", "failed", "cancelled", "interrupted"})


def row_of(request: Request, name: str) -> RunRow:
    """Returns a run that the person may see; raises NotFound."""
    row = services_of(request).ledger.row(name, person_of(request))
    if row is None:
        raise NotFound("There is no such run.")
    return row


@router.get("/runs/{name}")
def page(request: Request, services: At, person: Asker, name: str) -> Response:
    """The run's page; a finished one leads to its Record."""
    row = row_of(request, name)
    state = state_of(row)
    if state == "finished":
        return RedirectResponse(f"/records/{row.id}", 303)
    progress = progress_of(services.ledger.events(row.id, person))
    return render(request, "runs/page.html", row=row_views([row])[0], progress=progress, live=state not in ENDED)


@router.get("/runs/{name}/events")
async def events(request: Request, name: str, last_event_id: Annotated[int, Header(ge=0)] = 0) -> StreamingResponse:
    """The run's events as they are kept; a page that lost the connection gets what it missed."""
    row = await run_in_threadpool(row_of, request, name)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    stream = _stream(services_of(request), request, row.id, last_event_id)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _stream(services: Services, request: Request, run: str, after: int) -> AsyncIterator[bytes]:
    person = person_of(request)
    progress = Progress()
    for _, event in await run_in_threadpool(services.ledger.events, run, person):
        progress = progress.hear(event)
    yield _message("progress", progress.to_dict(), after)
    while not await request.is_disconnected():
        news = await run_in_threadpool(services.ledger.events, run, person, after)
        for number, event in news:
            after, progress = number, progress.hear(event)
        if news:
            yield _message("progress", progress.to_dict(), after)
        row = await run_in_threadpool(services.ledger.row, run, person)
        if row is None or state_of(row) in ENDED:
            state = "gone" if row is None else state_of(row)
            yield _message("ended", {"state": state, "sentence": row.sentence if row else ""}, after)
            return
        await asyncio.sleep(POLL_SECONDS)


def _message(kind: str, data: object, number: int) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, kind.encode(), orjson.dumps(data))


@router.post("/runs")
def start(request: Request, services: At, person: Asker, spec: Annotated[str, Form(max_length=200_000)]) -> Response:
    """Runs a Spec given as text; what is known is shown at once."""
    done = submit(parse_spec(spec), services.ledger, person, services.home / "uploads", services.clock())
    return _to(request, done.id, known=done.record is not None)


@router.post("/runs/{name}/again")
def again(request: Request, services: At, person: Asker, name: str) -> Response:
    """Queues an interrupted, cancelled or failed run's Spec again; a run that can go on from its checkpoints does."""
    row = row_of(request, name)
    if services.ledger.requeue(row.id, services.clock()):
        return _to(request, row.id, known=False)
    done = submit(parse_spec(row.spec), services.ledger, person, services.home / "uploads", services.clock())
    return _to(request, done.id, known=done.record is not None)


@router.post("/runs/{name}/cancel")
def cancel(request: Request, services: At, person: Asker, name: str) -> Response:
    """Asks a run to stop; what it has done so far is kept."""
    row = row_of(request, name)
    services.queue.cancel(row.id, person)
    if row.state == "queued":
        services.ledger.update_run(
            row.id, state="cancelled", process="", ended=services.clock(), sentence="Cancelled before it began."
        )
    return _to(request, row.id, known=False)


def _to(request: Request, name: str, *, known: bool) -> Response:
    place = f"/{'records' if known else 'runs'}/{name}"
    if wants_json(request):
        return Response(orjson.dumps({"href": place}), media_type="application/json")
    return RedirectResponse(place, 303)
