"""The optimizer race: a workload and a tool to choose, who wins on it and whether that is beyond luck."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from fallline.core.errors import NotFound
from fallline.core.person import Person
from fallline.figures.race import formulas_figures, profile_figure, workload_figures
from fallline.runs.code.race.script import TITLES, Tool, race_script
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_names, shipped_record
from fallline.runs.spec import load_spec
from fallline.runs.spec.race import RaceSpec
from fallline.web.pages.race.table import entry_rows, overview, pair_rows
from fallline.web.pages.records.page import record_of
from fallline.web.pages.records.pictures import picture
from fallline.web.render import render
from fallline.web.services import Asker, At, Services

router = APIRouter()
TOOLS: tuple[Tool, ...] = ("torch", "keras")


@router.get("/race")
def race(
    request: Request,
    services: At,
    person: Asker,
    record: Annotated[str, Query(max_length=80)] = "",
    workload: Annotated[str, Query(max_length=80)] = "",
    lane: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """One race: the profile over all workloads, and one of them with everything that is known of it."""
    races = _races(services, person)
    if not record and not races:
        return render(request, "race/none.html")
    record = record or races[0][0]
    found = record_of(services, person, record)
    part = found.result.get("race")
    if part is None:
        raise NotFound(f"Record {record} is no race.")
    lane = _chosen(lane, [name for name in part["order"]["lanes"] if part["profiles"][name]], "lane")
    raced = [key for key in part["order"]["workloads"] if lane in part["workloads"][key]["entries"]]
    workload = _chosen(workload, raced, "workload")
    return render(
        request,
        "race/page.html",
        record=found,
        name=record,
        races=races,
        part=part,
        lane=lane,
        lanes=[name for name in part["order"]["lanes"] if part["profiles"][name]],
        raced=raced,
        workload=workload,
        one=part["workloads"][workload],
        profile=picture(profile_figure(part, lane)),
        overview=overview(part, lane),
        pictures=[picture(figure) for figure in workload_figures(part, workload, lane)],
        formulas=[picture(figure) for figure in formulas_figures(part, workload)],
        entries=entry_rows(part, workload, lane, found.observed.get("race", {})),
        pairs=pair_rows(part, workload, lane),
        scripts=_scripts(found, workload),
    )


def _chosen(name: str, known: list[str], what: str) -> str:
    """Returns the name, or the first where none was given.

    Raises:
        NotFound: the race has no such workload or lane.
    """
    if not known:
        raise NotFound(f"This race has no {what} to show.")
    if name and name not in known:
        raise NotFound(f"This race has no {what} {name!r}. There are: {', '.join(known)}.")
    return name or known[0]


def _scripts(record: Record, workload: str) -> list[tuple[str, str]]:
    """Returns (tool, script) of the winner of a workload in each tool that raced it."""
    spec = load_spec(record.spec)
    assert isinstance(spec, RaceSpec)  # noqa: S101 - its result has the part of a race
    part = record.part("race")
    tools = [tool for tool in TOOLS if tool in part["workloads"][workload]["entries"]]
    return [(TITLES[tool], race_script(spec, part, workload, tool)) for tool in tools]


def _races(services: Services, person: Person) -> list[tuple[str, str]]:
    """Returns (name, title) of the races that can be shown: those that come with the course, and one's own."""
    shipped = [(f"shipped:{name}", shipped_record(name)) for name in shipped_names()]
    ours = [(name, _title(record)) for name, record in shipped if record.kind == "race"]
    rows = services.ledger.rows(person, kind="race", limit=20)
    return [*ours, *((row.id, row.title) for row in rows if row.state == "finished")]


def _title(record: Record) -> str:
    date = record.observed.get("shipped", {}).get("date")
    return f"{record.title}, run on {date}" if date else record.title
