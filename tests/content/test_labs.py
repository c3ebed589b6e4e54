"""Every lab of the course, in every state that its file names and at both ends of every knob."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

import pytest

from fallline.course.content import Course, load_course
from fallline.course.knob import Knob, Value
from fallline.course.lab import Lab
from fallline.course.path import MISSING, resolve
from fallline.course.rule import condition
from fallline.course.template import paths_of
from fallline.figures.figure import Figure
from fallline.figures.registry import figures_of
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.spec import load_spec, parse_spec, to_toml

State = tuple[tuple[str, Value], ...]
TOPIC_WEEKS = range(1, 13)


@cache
def course() -> Course:
    """The course that comes with Fall Line."""
    return load_course()


SLUGS = tuple(course().labs)


def lab_of(slug: str) -> Lab:
    """One of its labs."""
    return course().lab(slug)


@cache
def record(slug: str, state: State = ()) -> Record:
    """The Record of a lab with these knobs set, by way of its query string, as the page asks for it."""
    lab = lab_of(slug)
    reading = lab.read(lab.query(dict(state)))
    assert reading.notes == (), reading.notes
    return answer(load_spec(lab.spec_for(reading.values)))


def shown(lab: Lab, found: Record) -> list[Figure]:
    """The figures that the page shows."""
    made = {figure.id: figure for figure in figures_of(found)}
    return [made[name] for name in lab.figures if name in made]


def ends(lab: Lab, knob: Knob, chosen: Mapping[str, Value]) -> Iterator[Value]:
    """Both ends of a knob, or each of its options."""
    if knob.widget == "toggle":
        yield from (True, False)
    elif knob.widget == "choice":
        yield from (option.value for option in knob.options)
    elif knob.widget not in {"text", "table"}:
        axes = lab.grid(knob.id, chosen)
        for place in (0, -1):
            value = tuple(axis[place] for axis in axes)
            yield value if knob.parts else value[0]


def extremes(lab: Lab) -> list[State]:
    """One knob at a time at its ends, the others where they start; with an option also the knobs that it bounds."""
    start = lab.values({})
    alone = [((knob.id, value),) for knob in lab.knobs for value in ends(lab, knob, start)]
    bound = [
        frozen({knob.id: option.value, name: value})
        for knob in lab.knobs
        for option in knob.options
        for name in option.bounds
        for value in ends(lab, lab.knob(name), {**start, knob.id: option.value})
    ]
    return [*alone, *bound]


def named(lab: Lab) -> list[State]:
    """The states that the lab's file names."""
    solutions = [puzzle.solution for puzzle in lab.goals]
    return [(), *(frozen(each) for each in (*(preset.set for preset in lab.presets), *solutions))]


def frozen(values: Mapping[str, Value]) -> State:
    """Settings as a key."""
    return tuple(sorted(values.items()))


@pytest.mark.parametrize("number", TOPIC_WEEKS)
def test_every_topic_week_has_a_lab_of_its_own(number: int) -> None:
    """Weeks 1 to 12 each show at least one lab, and its twin links lead to a lab or a page."""
    week = course().week(number)
    assert week.labs
    assert all(week.twin_href(link).startswith(("/labs/", "/capstone", "/records", "/race")) for link in week.links)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lab_is_whole(slug: str) -> None:
    """A question, a prediction, three presets or more, a puzzle with a hint, a formula, few controls in sight."""
    lab = lab_of(slug)
    assert lab.question.endswith("?")
    assert lab.intro
    assert lab.prediction is not None
    assert lab.terms is not None
    assert lab.goals
    assert all(puzzle.hint for puzzle in lab.goals)
    assert len(lab.presets) >= 3
    assert all(preset.note for preset in lab.presets)
    points = {knob.id for knob in lab.knobs if knob.widget == "point"}
    assert sum(not knob.more for knob in lab.knobs if knob.id not in points) <= 8


@pytest.mark.parametrize("slug", SLUGS)
def test_its_spec_loads_and_survives_toml(slug: str) -> None:
    """What the lab runs can be written out as a file and read back."""
    spec = load_spec(lab_of(slug).spec_for(lab_of(slug).values({})))
    assert parse_spec(to_toml(spec)) == spec


@pytest.mark.parametrize("slug", SLUGS)
def test_every_named_state_has_its_figures_and_a_caption(slug: str) -> None:
    """Start, presets and solution: each gives the large figure and a sentence, and together all that the lab shows."""
    lab = lab_of(slug)
    assert {each.id for state in named(lab) for each in shown(lab, record(slug, state))} == set(lab.figures)
    for state in named(lab):
        assert shown(lab, record(slug, state))[0].id == lab.figures[0], state
        assert lab.caption(record(slug, state)), state


@pytest.mark.parametrize("slug", SLUGS)
def test_every_end_of_every_knob_has_its_figures_and_a_caption(slug: str) -> None:
    """However far a knob is turned, there is a picture that can be drawn and a sentence without a gap in it."""
    lab = lab_of(slug)
    for state in extremes(lab):
        found = record(slug, state)
        for figure in shown(lab, found):
            assert svg(figure, width=420.0).startswith("<svg"), (state, figure.id)
        caption = lab.caption(found)
        assert caption, state
        assert not any(word in caption for word in ("None", "nan", "inf ", "{", "}", "  ")), (state, caption)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_prediction_is_answered_by_the_first_record(slug: str) -> None:
    """The answer is one of the choices, and the reveal has all its numbers."""
    lab, found = lab_of(slug), record(slug)
    assert lab.prediction is not None
    assert lab.prediction_answer(found) in {choice.id for choice in lab.prediction.choices}
    assert lab.reveal(found)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_puzzle_is_open_at_the_start_and_can_be_solved(slug: str) -> None:
    """Nobody finds it solved, and the stored solution solves it and says so; where there are several, each does."""
    lab = lab_of(slug)
    start = lab.puzzle_state(record(slug))
    assert start is not None
    assert not start.solved
    for puzzle in lab.goals:
        solved = lab.puzzle_state(record(slug, frozen(puzzle.solution)))
        assert solved is not None
        assert solved.prompt == puzzle.prompt
        assert solved.solved, (puzzle.prompt, solved.met, solved.of)
        assert solved.text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_limit_is_marked_on_its_knob(slug: str) -> None:
    """A knob that names a limit has one at the start, above the knob's lowest value."""
    lab, limits = lab_of(slug), lab_of(slug).limits(record(slug))
    for knob in lab.knobs:
        if knob.limit:
            assert limits[knob.id][0] > lab.grid(knob.id, lab.values({}))[0][0], knob.id


@pytest.mark.parametrize("slug", SLUGS)
def test_every_path_of_every_rule_leads_somewhere(slug: str) -> None:
    """A path that no swept state has is a slip of the pen; so is a caption that no state can reach by its paths."""
    lab = lab_of(slug)
    seen = [lab.data(record(slug, state)) for state in chain(named(lab), extremes(lab))]
    assert lab.prediction is not None
    rules = [*lab.captions, *lab.prediction.answer]
    conditions = [
        *chain.from_iterable(rule.when for rule in rules),
        *chain.from_iterable((*each.when, *each.goal) for each in lab.goals),
    ]
    templates = [*(rule.text for rule in lab.captions), lab.prediction.reveal, *(each.success for each in lab.goals)]
    paths = {path for text in conditions for path in condition(text).paths()}
    paths |= {path for text in templates for path in paths_of(text)}
    lost = [path for path in sorted(paths) if all(resolve(path, data) is MISSING for data in seen)]
    assert lost == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_figure_can_be_read_aloud_and_as_a_table(slug: str) -> None:
    """Alternative text that ends as a sentence does, columns and rows of one length, axes with a name or categories."""
    lab = lab_of(slug)
    for figure in shown(lab, record(slug)):
        assert figure.alt.rstrip().endswith((".", ")")), figure.alt
        assert len(figure.alt) > 30
        assert figure.table.rows
        assert {len(row) for row in figure.table.rows} == {len(figure.table.columns)}
        bare = any(mark.kind == "graph" for mark in figure.marks)  # a net has no units
        assert bare or all(axis.label or axis.categories for axis in (figure.x, figure.y))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_handle_is_a_knob(slug: str) -> None:
    """What can be dragged on a figure sets a knob of the lab."""
    lab = lab_of(slug)
    handles = {
        mark.handle for figure in shown(lab, record(slug)) for mark in figure.marks if getattr(mark, "handle", "")
    }
    assert handles <= {name for knob in lab.knobs for name in (knob.id, *knob.parts)}


@pytest.mark.parametrize("slug", SLUGS)
def test_twice_is_the_same(slug: str) -> None:
    """The same Spec again gives the same result to the last digit."""
    lab = lab_of(slug)
    again = answer(load_spec(lab.spec_for(lab.values({}))))
    assert again.result_digest() == record(slug).result_digest()
    assert again.key == record(slug).key


@pytest.mark.parametrize("slug", SLUGS)
def test_several_captions_can_be_reached(slug: str) -> None:
    """The presets show that more than one thing can happen."""
    lab = lab_of(slug)
    captions = {lab.caption(record(slug, state)) for state in named(lab)}
    assert len(captions) >= 3
