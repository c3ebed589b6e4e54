"""Records: the list, one Record with its evidence, two side by side, and what a Record made."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from fallline.core.errors import NotFound
from fallline.core.person import Person
from fallline.figures.registry import parts_of, stage_figures
from fallline.figures.report import TITLES, report_html
from fallline.runs.comparison import compare as differences
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_bytes, shipped_names, shipped_record
from fallline.runs.spec import load_spec, to_toml
from fallline.web.assets import FOREVER
from fallline.web.pages.records.pictures import pictures_of
from fallline.web.pages.records.rows import row_views
from fallline.web.render import render
from fallline.web.services import Asker, At, Services

router = APIRouter()
PAGE = 25
SELF_CONTAINED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The report carries its own style so that it can be sent on; it loads and runs nothing."""


@router.get("/records")
def records(
    request: Request,
    services: At,
    person: Asker,
    find: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """The list: newest first, found by title, id or anything in the Spec."""
    rows = services.ledger.rows(person, text=find, limit=PAGE + 1, offset=(page - 1) * PAGE)
    shipped = [shipped_record(name) for name in shipped_names()]
    return render(
        request,
        "records/page.html",
        rows=row_views(rows[:PAGE]),
        shipped=shipped,
        find=find,
        number=page,
        more=len(rows) > PAGE,
    )


@router.get("/records/compare")
def compare(
    request: Request,
    services: At,
    person: Asker,
    a: Annotated[str, Query(max_length=80)],
    b: Annotated[str, Query(max_length=80)],
    every: bool = False,
) -> HTMLResponse:
    """Two Records side by side; only what differs unless asked for all."""
    first, second = record_of(services, person, a), record_of(services, person, b)
    found = differences(first, second, only_differences=not every)
    return render(request, "records/compare.html", first=first, second=second, a=a, b=b, every=every, found=found)


@router.get("/records/{name}")
def record(request: Request, services: At, person: Asker, name: str) -> Response:
    """One Record: verdict first, then the numbers that support it, then the rest."""
    row = None if name.startswith("shipped:") else services.ledger.row(name, person)
    if row is not None and services.ledger.record(row.id, person) is None:
        return RedirectResponse(f"/runs/{row.id}", 303)
    found = record_of(services, person, name)
    stages = [(stage, TITLES.get(stage, stage), part, pictures_of(stage, part)) for stage, part in parts_of(found)]
    others = [each for each in services.ledger.rows(person, kind=found.kind, limit=8) if each.id != found.id]
    return render(
        request,
        "records/record.html",
        record=found,
        name=name,
        verdict=found.result.get("report", {}).get("verdict") or found.ending.sentence,
        stages=[each for each in stages if each[0] != "report"],
        card=found.result.get("report", {}).get("card"),
        when=datetime.fromtimestamp(found.observed["run"]["created"], UTC),
        others=row_views(others),
        toml=to_toml(load_spec(found.spec)),
    )


@router.get("/records/{name}/report.html")
def report(services: At, person: Asker, name: str) -> Response:
    """The report as one file that needs no network."""
    html = report_html(record_of(services, person, name))
    headers = {"content-security-policy": SELF_CONTAINED}
    return HTMLResponse(html, headers=headers)


@router.get("/records/{name}/record.json")
def as_json(services: At, person: Asker, name: str) -> Response:
    """The whole Record."""
    found = record_of(services, person, name)
    return Response(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2), media_type="application/json")


@router.get("/records/{name}/artifacts/{file}")
def artifact(services: At, person: Asker, name: str, file: str) -> Response:
    """A file that the run made."""
    found = record_of(services, person, name)
    kept = next((each for each in found.artifacts if each.name == file), None)
    if kept is None:
        raise NotFound(f"Record {found.id} has no file {file!r}.")
    read = shipped_bytes if name.startswith("shipped:") else services.ledger.artifact
    headers = {"cache-control": FOREVER, "content-disposition": f'attachment; filename="{kept.name}"'}
    return Response(read(kept.sha256), media_type=kept.media, headers=headers)


@router.get("/records/{name}/figures/{stage}/{figure}.{ending}")
def figure(services: At, person: Asker, name: str, stage: str, figure: str, ending: str) -> Response:
    """One figure: ``json`` for the page's renderer, ``csv`` for its table."""
    found = record_of(services, person, name)
    drawn = (
        {each.id: each for each in stage_figures(stage, found.result.get(stage, {}))} if stage in found.result else {}
    )
    if figure not in drawn or ending not in {"json", "csv"}:
        raise NotFound(f"Record {found.id} has no figure {figure!r}.")
    if ending == "json":
        return Response(orjson.dumps(drawn[figure]), media_type="application/json")
    table = drawn[figure].table
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


def record_of(services: Services, person: Person, name: str) -> Record:
    """Returns a Record that the person may see, or one that comes with the course; raises NotFound."""
    if name.startswith("shipped:"):
        return shipped_record(name.removeprefix("shipped:"))
    found = services.ledger.record(name, person)
    if found is None:
        raise NotFound("There is no such Record.")
    return found


def _inert(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is sent as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
