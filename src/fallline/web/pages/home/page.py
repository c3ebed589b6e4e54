"""Home: the course as one descent, where one is on it, and the next thing to do for each who comes."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fallline.core.person import Person
from fallline.course.calendar import shown, until
from fallline.web.pages.home.slope import TALL, WIDE, slope
from fallline.web.place import here
from fallline.web.render import render
from fallline.web.services import Asker, At, Services
from fallline.web.task import WORDS, Task, tasks

router = APIRouter()


@dataclass(frozen=True)
class Way:
    """A way in.

    Attributes:
        who: for whom.
        what: one line on what they find.
        act: the next thing to do, as the text of its link.
        href: where that is done.
    """

    who: str
    what: str
    act: str
    href: str


@router.get("/")
def home(request: Request, services: At, person: Asker) -> HTMLResponse:
    """The first page."""
    week = here(services, person)
    titles = [each.title for each in services.course.weeks]
    descents = {"wide": slope(titles, week, WIDE), "tall": slope(titles, week, TALL)}
    known = tasks(services, person)
    ways = (student(services, week, known), instructor(services, person, known), practitioner(services, person))
    return render(request, "home/page.html", course=services.course, week=week, descents=descents, ways=ways)


def student(services: Services, week: int, known: list[Task]) -> Way:
    """What a student does next: hand in what is open, else play with the week's lab."""
    open_now = [each for each in known if each.state == "open" and each.done in ("", WORDS["open"])]
    if open_now:
        first = min(open_now, key=lambda each: each.dates.due)
        act, href = f"{first.entry.title} is open {until(first.dates.due)}", f"/assessments/{first.entry.slug}"
    else:
        act, href = f"Open week {week}: {services.course.weeks[week - 1].title}", f"/weeks/{week}"
    return Way("Student", "Predict, then run it on a real engine; hand in what you found.", act, href)


def instructor(services: Services, person: Person, known: list[Task]) -> Way:
    """What an instructor does next: mark what waits, else see what opens next."""
    waiting = sum(attempt.state == "submitted" for attempt in services.roster.all_attempts(person))
    coming = [each for each in known if each.state == "coming"]
    if waiting:
        act = f"{waiting} hand-in{'' if waiting == 1 else 's'} to be marked"
    elif coming:
        first = min(coming, key=lambda each: each.dates.opens)
        act = f"{first.entry.title} opens {shown(first.dates.opens)}"
    else:
        act = "See the gradebook"
    return Way(
        "Instructor", "Dates, variants and marks, each mark one that anyone can compute again.", act, "/gradebook"
    )


def practitioner(services: Services, person: Person) -> Way:
    """What a practitioner does next: look at the last run, or make the first one."""
    what = "Take a table from framing to a served model, with the evidence beside it."
    capstones = services.ledger.rows(person, kind="capstone", limit=1)
    if not capstones:
        return Way("Practitioner", what, "Run the capstone on your own table", "/capstone")
    row = capstones[0]
    running = row.state == "running"
    act = f"{row.title or 'The capstone'} is running: watch it" if running else f"Read what {row.title or row.id} found"
    return Way("Practitioner", what, act, f"/runs/{row.id}" if running else f"/records/{row.id}")
