"""Answering: from a lab's query string to gzipped JSON, computed once per position of the knobs.

Every value stands on a grid, so a position that anyone has asked for is a look-up. Bytes are kept, not objects: a hit
costs a dictionary access and a write. Two who ask for the same new position wait for one computation.
"""

from __future__ import annotations

import gzip
import math
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import orjson

from fallline.core.errors import SpecError
from fallline.course.formula import as_mistake
from fallline.course.knob import Value, in_query
from fallline.course.lab import Lab
from fallline.course.panel import Reading
from fallline.figures import DataTable, Figure
from fallline.figures.registry import figures_of
from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.spec import load_spec
from fallline.web.maths import mathml
from fallline.web.pages.labs.shelf import Shelf

CAPACITY = 2_000
"""Positions kept; about 20 kB each."""
QUICK = 0.006
"""CPU seconds below which an answer is computed where it is asked for: the site is held up less than by a thread."""
LONGEST = 400
"""Characters of an address that is remembered; a lab's own are shorter."""
LEVEL = 1
"""Of gzip: three times the speed of the default for a tenth more bytes."""
EMPTY_TABLE = DataTable((), ())


@dataclass(frozen=True)
class Answer:
    """What a lab says for one position of its knobs.

    Attributes:
        content: gzipped JSON.
        record: the Record behind it; None when it comes from the shelf.
    """

    content: bytes
    record: Record | None = None


class Answers:
    """Computes answers and keeps the last of them; one per site.

    Args:
        shelf: finds the Records and bytes that labs look at.
        capacity: how many positions are kept.
    """

    def __init__(self, shelf: Shelf, capacity: int = CAPACITY) -> None:
        self.shelf, self.capacity = shelf, capacity
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.asked: OrderedDict[str, str] = OrderedDict()
        self.coming: dict[str, Future[bytes]] = {}
        self.cost: dict[str, float] = {}
        self.lock = Lock()

    def known(self, key: str) -> bytes | None:
        """Returns a kept answer."""
        with self.lock:
            content = self.kept.get(key)
            if content is not None:
                self.kept.move_to_end(key)
            return content

    def again(self, address: str) -> bytes | None:
        """Returns a kept answer to the very same address, without reading its knobs again."""
        with self.lock:
            key = self.asked.get(address)
        return None if key is None else self.known(key)

    def remember(self, address: str, key: str) -> None:
        """Remembers which position an address stands for."""
        if len(address) > LONGEST:
            return
        with self.lock:
            self.asked[address] = key
            if len(self.asked) > self.capacity:
                self.asked.popitem(last=False)

    def zipped(self, lab: Lab, reading: Reading) -> bytes:
        """Returns the gzipped JSON for a position, computing it if nobody has asked for it yet."""
        key = position(lab, reading)
        content = self.known(key)
        if content is not None:
            return content
        with self.lock:
            coming = self.coming.get(key)
            mine = coming is None
            if coming is None:
                coming = self.coming[key] = Future()
        return self._compute(key, lab, reading, coming) if mine else coming.result()

    def quick(self, lab: Lab, reading: Reading) -> bool:
        """Tells whether an answer takes so little that handing it to a thread would cost more.

        A formula that someone types is new each time, and may take longer than all that was seen before.
        """
        typed = any(knob.widget == "text" and lab.panel.counts(knob, reading.values) for knob in lab.knobs)
        return not typed and self.cost.get(lab.slug, math.inf) < QUICK

    def _compute(self, key: str, lab: Lab, reading: Reading, coming: Future[bytes]) -> bytes:
        began = time.thread_time()
        try:
            record = self.record(lab, reading.values)
            content = gzip.compress(orjson.dumps(plain(lab, reading, record)), LEVEL, mtime=0)
        except BaseException as error:
            coming.set_exception(error)
            coming.exception()
            with self.lock:
                self.coming.pop(key, None)
            raise
        took = time.thread_time() - began
        with self.lock:
            self.cost[lab.slug] = 0.8 * self.cost.get(lab.slug, took) + 0.2 * took
            self.kept[key] = content
            self.coming.pop(key, None)
            if len(self.kept) > self.capacity:
                self.kept.popitem(last=False)
        coming.set_result(content)
        return content

    def record(self, lab: Lab, values: Mapping[str, Value]) -> Record:
        """Runs a lab's Spec for a position of its knobs."""
        return answer(load_spec(lab.spec_for(values)), self.shelf.record, self.shelf.content)


def checked(answers: Answers, lab: Lab, reading: Reading) -> Reading:
    """Returns a reading whose formula was also run: one that has no value anywhere counts as a mistake.

    What a mistake is about falls back to where it starts, so that there is always a picture.
    """
    if reading.mistakes:
        return reading
    try:
        answers.zipped(lab, reading)
    except SpecError as error:
        to_blame = [knob for knob in lab.knobs if knob.widget == "text" and error.path in knob.targets]
        if not to_blame:
            raise
        found = {knob.id: as_mistake(str(reading.values[knob.id]), error) for knob in to_blame}
        values = reading.values | {name: lab.start(lab.knob(name), reading.values) for name in found}
        return replace(lab.read(lab.query(values)), mistakes=found)
    return reading


def mistaken(lab: Lab, reading: Reading) -> bytes:
    """Returns the answer to a formula with a mistake: what is wrong, and no picture; the page keeps the last one."""
    plain = {"values": shown_values(reading), "grid": grid_name(lab, reading.values), "mistakes": reading.mistakes}
    return gzip.compress(orjson.dumps(plain), LEVEL, mtime=0)


def shown_values(reading: Reading) -> dict[str, str]:
    """Returns knob → text, a mistaken one as it was typed."""
    values = {name: in_query(value) for name, value in reading.values.items()}
    return values | {name: mistake.text for name, mistake in reading.mistakes.items()}


def position(lab: Lab, reading: Reading) -> str:
    """Writes a position of the knobs as one string; notes belong to it, since they are part of the answer."""
    values = "&".join(in_query(value) for value in reading.values.values())
    return f"{lab.slug}?{values}" + "".join(f"\n{note}" for note in reading.notes)


def plain(lab: Lab, reading: Reading, record: Record) -> dict[str, Any]:
    """Returns an answer as plain data."""
    puzzle = lab.puzzle_state(record)
    return {
        "values": {name: in_query(value) for name, value in reading.values.items()},
        "grid": grid_name(lab, reading.values),
        "idle": [knob.id for knob in lab.knobs if not lab.panel.counts(knob, reading.values)],
        "mistakes": {},
        "figures": [without_table(figure) for figure in shown_figures(lab, record)],
        "caption": lab.caption(record),
        "limits": {name: {"at": at, "label": label} for name, (at, label) in lab.limits(record).items()},
        "lines": [
            {"title": each.title, "lines": [{"html": mathml(tex), "marked": marked} for tex, marked in each.lines]}
            for each in lab.lines(record)
        ],
        "notes": [*reading.notes, *record.warnings],
        "puzzle": puzzle,
    }


def shown_figures(lab: Lab, record: Record) -> list[Figure]:
    """Returns the figures that the lab shows, in its order, as far as this state has them."""
    made = {figure.id: figure for figure in figures_of(record)}
    return [made[name] for name in lab.figures if name in made]


def without_table(figure: Figure) -> Figure:
    """Leaves out the table behind a figure, which the page asks for when someone opens it."""
    return replace(figure, table=EMPTY_TABLE)


def grid_name(lab: Lab, values: Mapping[str, Value]) -> str:
    """Names the grids of a lab's knobs: they depend on the options chosen, and on how many coordinates points have."""
    options = [in_query(values[knob.id]) for knob in lab.knobs if knob.widget == "choice"]
    sizes = [str(len(value)) for value in values.values() if isinstance(value, tuple)]
    return "&".join([*options, *sizes])
