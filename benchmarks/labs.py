"""Every lab of the course under a class: what one change of a knob costs, and 200 students across all labs at once.

It goes over the course's registry, so a new lab appears by itself. Positions are drawn from the knobs' own grids, their
choices and toggles included, and hardly any is found again: what is measured is the computing, not the site's memory.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from benchmarks.figure import Figure
from benchmarks.measure import median, percentile
from benchmarks.playground import QUICK_SECONDS, Load, cpu, fetched, served, until_it_answers, work
from fallline.course.content import load_course
from fallline.course.knob import Knob, Value
from fallline.course.lab import Lab

STUDENTS = 200
SECONDS = 60.0
ALONE, QUICK_ALONE = 60, 10
"""Changes that one student makes in each lab, before the class comes."""
PAUSE = 3.0
"""Seconds between the changes of one student: a look at the picture, a line of the caption, the next move."""
TURNS = 10
"""Changes that a student of the class makes in a lab, before going on to the next."""


def figures(quick: bool) -> list[Figure]:
    """Measures all labs."""
    with served() as port:
        return asyncio.run(measured(port, quick=quick))


async def measured(port: int, *, quick: bool) -> list[Figure]:
    """Lets one student go through the labs, then the class, on a site that runs."""
    await until_it_answers(port)
    labs = sorted(load_course().labs.values(), key=lambda lab: (lab.week, lab.order))
    draw = random.Random(1)  # noqa: S311 - a load, not a secret
    found = []
    for lab in labs:
        await changes(port, positions(lab, draw), 3)
        found += told(lab, await changes(port, positions(lab, draw), QUICK_ALONE if quick else ALONE))
    seconds = 3 * QUICK_SECONDS if quick else SECONDS
    load = await work(port, STUDENTS, seconds, wanderers(labs, draw), PAUSE)
    return [*found, *crowd(labs, load, seconds)]


async def changes(port: int, ask: Iterator[str], count: int) -> Load:
    """One student asks so many times, one answer after the other."""
    before = await cpu(port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = []
    for wanted in itertools.islice(ask, count):
        began = time.perf_counter()
        await fetched(reader, writer, wanted)
        asked.append((wanted, time.perf_counter() - began))
    writer.close()
    return Load(asked, await cpu(port) - before)


def told(lab: Lab, load: Load) -> list[Figure]:
    """Returns what one student saw in a lab."""
    against = f"one student, {len(load.asked)} new positions drawn from all its knobs"
    return [
        Figure(f"{lab.slug}, p95", percentile(load.latencies, 0.95) * 1000, "ms", "<= 100", against),
        Figure(f"{lab.slug}, server CPU", load.each, "ms/request", "<= 20", against),
    ]


def crowd(labs: list[Lab], load: Load, seconds: float) -> list[Figure]:
    """Returns what the class saw: all of it, and lab by lab."""
    against = (
        f"{STUDENTS} students, a change each {PAUSE:.0f} s, {len(labs)} labs, {seconds:.0f} s, one worker, loopback"
    )
    by_lab = {
        lab.slug: [took for address, took in load.asked if address.startswith(f"/labs/{lab.slug}/")] for lab in labs
    }
    return [
        Figure("class over all labs, p50", median(load.latencies) * 1000, "ms", "", against),
        Figure("class over all labs, p95", percentile(load.latencies, 0.95) * 1000, "ms", "<= 100", against),
        Figure("class over all labs, server CPU", load.each, "ms/request", "", against),
        Figure(
            "class over all labs, answered",
            len(load.asked) / seconds,
            "requests/s",
            f">= {0.9 * STUDENTS / PAUSE:.0f}",
            against,
        ),
        *(
            Figure(f"class in {slug}, p95", percentile(times, 0.95) * 1000, "ms", "<= 100", against)
            for slug, times in by_lab.items()
            if times
        ),
    ]


def wanderers(labs: list[Lab], draw: random.Random) -> Callable[[], str]:
    """Returns what the next student asks: each is in some lab for a few changes, then in the next one."""
    paths = itertools.cycle([wander(labs, draw) for _ in range(STUDENTS)])
    return lambda: next(next(paths))


def wander(labs: list[Lab], draw: random.Random) -> Iterator[str]:
    """Yields what one student asks for: from the start of a lab one knob after the other, in lab after lab."""
    first = draw.randrange(len(labs))
    for lab in itertools.cycle(labs[first:] + labs[:first]):
        values = lab.values({})
        for _ in range(TURNS):
            knob = draw.choice(lab.knobs)
            values = lab.values(lab.query(values | {knob.id: drawn(lab, knob, values, draw)}))
            yield address(lab, values)


def positions(lab: Lab, draw: random.Random) -> Iterator[str]:
    """Yields positions with every knob drawn, the choices first, since they decide how far the others go."""
    while True:
        values = lab.values({})
        for knob in sorted(lab.knobs, key=lambda knob: knob.widget != "choice"):
            values = lab.values(lab.query(values | {knob.id: drawn(lab, knob, values, draw)}))
        yield address(lab, values)


def drawn(lab: Lab, knob: Knob, values: dict[str, Value], draw: random.Random) -> Value:
    """Draws a place of one knob; what is typed stays as it is."""
    if knob.widget == "choice":
        return draw.choice(knob.options).value
    if knob.widget == "toggle":
        return draw.random() < 0.5
    if knob.widget not in {"slider", "number", "point"}:
        return values[knob.id]
    place = tuple(draw.choice(axis) for axis in lab.grid(knob.id, values))
    return place if knob.widget == "point" else place[0]


def address(lab: Lab, values: dict[str, Value]) -> str:
    """Writes the address of a lab's answer."""
    return f"/labs/{lab.slug}/answer?{urlencode(lab.query(values), safe=',')}"
