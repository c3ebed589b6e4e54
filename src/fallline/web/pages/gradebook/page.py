"""The gradebook: what each assessment brought, what is missing, and what the mark is if nothing more comes."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from fallline.course.calendar import NO_DEADLINE, until
from fallline.course.exact import half_up
from fallline.web.pages.assessments.result import percent
from fallline.web.pages.gradebook.book import book_of
from fallline.web.pages.gradebook.sheet import sheet
from fallline.web.pages.gradebook.strip import HEIGHT, strip
from fallline.web.render import render
from fallline.web.services import Asker, At

router = APIRouter()


def short(moment: dt.datetime) -> str:
    """Writes a date for a table; the page names the zone.

    >>> short(dt.datetime(2027, 2, 14, 23, 59, tzinfo=dt.UTC))
    'Sun 14 Feb 2027, 23:59'
    """
    return "no deadline" if moment >= NO_DEADLINE else f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"


@router.get("/gradebook")
def page(request: Request, services: At, person: Asker) -> HTMLResponse:
    """The person's own gradebook."""
    book = book_of(services, person)
    decimals = services.course.policies.decimals
    so_far, nothing_more = book.totals.shown(decimals)
    cells, spans = strip(book)
    return render(
        request,
        "gradebook/page.html",
        book=book,
        so_far=so_far,
        nothing_more=nothing_more,
        cells=cells,
        spans=spans,
        height=HEIGHT,
        dated=services.course.term.pace == "calendar",
        percent=percent,
        short=short,
        until=until,
        points=lambda value: half_up(value, 2).normalize() + 0,
        zone=services.course.term.zone,
        policies=services.course.policies,
    )


@router.get("/gradebook/marks.csv")
def marks(services: At, person: Asker) -> Response:
    """The same for a spreadsheet."""
    text = sheet(book_of(services, person), services.course.policies.decimals)
    headers = {"content-disposition": 'attachment; filename="gradebook.csv"', "cache-control": "no-store"}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
