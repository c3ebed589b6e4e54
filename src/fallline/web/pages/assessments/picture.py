"""The picture of an activity: the person's own Spec from their own start, which is theirs to see; no hidden run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import Markup

from fallline.core.errors import FallLineError
from fallline.course.activity import check_submission, own_tree
from fallline.course.attempt import SPEC, Attempt, activity_of
from fallline.course.content import Course
from fallline.course.knob import in_query
from fallline.course.path import MISSING, resolve
from fallline.figures import Field, Figure
from fallline.figures.registry import figures_of
from fallline.figures.svg import svg
from fallline.figures.wording import number
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec
from fallline.web.pages.assessments.questions import as_text, given_spec
from fallline.web.pages.labs.fields import whole_field
from fallline.web.pages.records.pictures import Picture, picture


@dataclass(frozen=True)
class OwnRun:
    """The person's own run.

    Attributes:
        value: of the activity's target, as text.
        reached: whether it is small enough.
        sentence: why it ended.
        pictures: of the run.
    """

    value: str
    reached: bool
    sentence: str
    pictures: tuple[Picture, ...]


def own_run(attempt: Attempt) -> OwnRun | None:
    """Runs what is stored from the person's own start; None while it cannot be run."""
    saved = attempt.answers.get(SPEC)
    activity = activity_of(attempt)
    text = as_text(saved.answer) if saved and as_text(saved.answer) else ""
    checked = check_submission(text or given_spec(attempt), activity, attempt.seed)
    if checked.tree is None:
        return None
    try:
        record = answer(load_spec(checked.tree))
    except FallLineError:
        return None
    found = resolve(activity.target.path, record.result)
    value = float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
    said = resolve("descent.runs[descent.winner].ending.sentence", record.result)
    return OwnRun(
        value=number(value) if value is not None else "none",
        reached=value is not None and value <= activity.target.at_most,
        sentence="" if said is MISSING else str(said),
        pictures=tuple(drawn(figure) for figure in figures_of(record)[:2]),
    )


def drawn(figure: Figure) -> Picture:
    """Draws a figure with the field under it; what the script gets names the field by its key, fetched once for all."""
    fields = {mark.key: whole_field(mark) for mark in figure.marks if isinstance(mark, Field) and mark.key}
    text = Markup(svg(figure, theme="page", fields=fields))  # noqa: S704 - the writer of SVG escapes its texts
    return replace(picture(figure), drawn=text)


def lab_for(course: Course, attempt: Attempt) -> str:
    """Returns the slug of a lab on the same kind of Spec, whose fields the pictures may use; empty without one."""
    kind = (attempt.activity or {}).get("spec", {}).get("kind")
    return next((lab.slug for lab in course.labs.values() if lab.spec.get("kind") == kind), "")


def playground(course: Course, attempt: Attempt) -> str:
    """Returns the address of that lab, at this attempt's surface and start; empty when there is none."""
    slug = lab_for(course, attempt)
    if not slug:
        return ""
    tree = own_tree(activity_of(attempt), attempt.seed)
    knobs = {knob.path: knob.id for knob in course.lab(slug).knobs if knob.path in {"surface", "start", "steps"}}
    values = {name: in_query(_value(tree[path])) for path, name in knobs.items() if path in tree}
    return f"/labs/{slug}?{urlencode(values, safe=',')}"


def _value(value: object) -> str | float | tuple[float, float]:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]
