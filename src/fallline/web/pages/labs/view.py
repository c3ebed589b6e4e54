"""View: everything that the template of a lab reads; a week's page shows its first lab by the same one."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from markupsafe import Markup

from fallline.core.person import Person
from fallline.course.knob import Value, flat_query
from fallline.course.lab import Lab
from fallline.figures import Field
from fallline.figures.svg import svg
from fallline.runs.record import Record
from fallline.web.pages.labs.answering import Answers, checked, shown_figures, shown_values
from fallline.web.pages.labs.controls import Group, controls, grids, grouped
from fallline.web.pages.labs.fields import whole_field
from fallline.web.services import Services


@dataclass(frozen=True)
class Guess:
    """What a person predicted, and what happened.

    Attributes:
        choice: id of what they chose; empty when they skipped it.
        expected: its text.
        right: id of what happened.
        happened: its text.
        reveal: what is said now.
    """

    choice: str
    expected: str
    right: str
    happened: str
    reveal: str


@dataclass(frozen=True)
class LabView:
    """A lab as the template reads it.

    Attributes:
        lab: the lab.
        answer: what the knobs give, as plain data.
        shown: groups of controls in sight.
        hidden: groups behind "more".
        guess: the prediction, once made.
        waiting: the prediction is still to be made.
        pictures: figure id → SVG, for who has no script.
        state: for the script, as JSON that is safe inside a page.
    """

    lab: Lab
    answer: Mapping[str, Any]
    shown: tuple[Group, ...]
    hidden: tuple[Group, ...]
    guess: Guess | None
    waiting: bool
    pictures: Mapping[str, Markup]
    state: Markup = field(repr=False)


def note_name(lab: Lab, asked: str = "") -> str:
    """Names the note that holds a person's prediction; of several questions, the one that `Lab.asked` names."""
    return f"prediction/{lab.slug}/{asked}" if asked else f"prediction/{lab.slug}"


def guess_of(lab: Lab, choice: str, record: Record) -> Guess:
    """Lays a choice beside what the lab's first Record bears out."""
    texts = {each.id: each.text for each in lab.prediction.choices} if lab.prediction else {}
    right = lab.prediction_answer(record) or ""
    return Guess(choice, texts.get(choice, ""), right, texts.get(right, ""), lab.reveal(record))


def view(services: Services, answers: Answers, person: Person, lab: Lab, query: Mapping[str, str]) -> LabView:
    """Builds the view of a lab for a person and a query string.

    A link that carries a state shows it at once; only the lab's own first state waits for a prediction.
    """
    reading = checked(answers, lab, lab.read(query))
    zipped = answers.zipped(lab, reading)
    answer = orjson.loads(gzip.decompress(zipped)) | {"values": shown_values(reading)}
    asked = lab.asked(reading.values)
    choice = services.notebook.note(person, note_name(lab, asked)) if lab.prediction else None
    guess = None if choice is None else guess_of(lab, choice, answers.record(lab, lab.asked_at(asked)))
    waiting = lab.prediction is not None and choice is None and not set(query) - {lab.by}
    made = controls(lab, reading.values, reading.mistakes)
    state = {
        "slug": lab.slug,
        "answer": answer,
        "grids": grids(lab, reading.values),
        "waiting": waiting,
        "by": lab.by,
        "touched": [knob.id for knob in lab.knobs if flat_query(query, knob) is not None],
    }
    return LabView(
        lab=lab,
        answer=answer,
        shown=grouped(made, more=False),
        hidden=grouped(made, more=True),
        guess=guess,
        waiting=waiting,
        pictures=pictures(answers, lab, reading.values),
        state=embedded(state),
    )


def pictures(answers: Answers, lab: Lab, values: Mapping[str, Value]) -> dict[str, Markup]:
    """Draws the lab's figures as SVG in the page's own colours; the first one large."""
    drawn = shown_figures(lab, answers.record(lab, values))
    fields = {
        mark.key: whole_field(mark) for each in drawn for mark in each.marks if isinstance(mark, Field) and mark.key
    }
    widths = {figure.id: 420.0 for figure in drawn} | {lab.figures[0]: 760.0}
    return {
        figure.id: Markup(svg(figure, theme="page", width=widths[figure.id], fields=fields))  # noqa: S704 - it escapes its texts
        for figure in drawn
    }


def embedded(data: object) -> Markup:
    """Writes JSON that can stand inside a page: no ``<`` can end the element early.

    >>> "<" in embedded({"a": "</script>"})
    False
    """
    return Markup(orjson.dumps(data).decode().replace("<", "\\u003c"))  # noqa: S704 - see above
