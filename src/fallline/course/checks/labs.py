"""Labs: run for real. Every state that the file names answers, every path leads somewhere, the puzzle can be solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fallline.core.errors import FallLineError
from fallline.course.checks.problem import Problem
from fallline.course.content import Course
from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.course.path import MISSING, resolve
from fallline.course.rule import condition
from fallline.course.template import paths_of
from fallline.figures.registry import figures_of
from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_bytes, shipped_record
from fallline.runs.spec import load_spec


def check_labs(course: Course) -> list[Problem]:
    """Checks every lab of the course."""
    found: list[Problem] = []
    for week in course.weeks:
        for slug in week.labs:
            file = f"{week.folder}/labs/{slug}.toml"
            try:
                found += [Problem(file, sentence) for sentence in _lab(course.labs[slug])]
            except FallLineError as error:
                found.append(Problem(file, str(error)))
    return found


def run_lab(lab: Lab, values: Mapping[str, Value]) -> Record:
    """Runs a lab in a state of its knobs; a lab that looks at a Record finds those that come with the course."""
    spec = load_spec(lab.spec_for(values))
    return answer(spec, lambda name: shipped_record(name.removeprefix("shipped:")), shipped_bytes)


def states(lab: Lab) -> dict[str, dict[str, Value]]:
    """Returns name → values of every state that the lab's file names, and one with all toggles on."""
    made = {"its start": lab.values({})}
    made |= {f"preset {preset.name!r}": lab.values(lab.query(preset.set)) for preset in lab.presets}
    for knob in lab.knobs:
        for option in knob.options:
            made[f"option {option.label!r}"] = lab.values(lab.query({knob.id: option.value}))
    toggles: dict[str, Value] = {knob.id: True for knob in lab.knobs if knob.widget == "toggle"}
    if toggles:
        made["all toggles on"] = lab.values(lab.query(toggles))
    return made


def _lab(lab: Lab) -> Iterator[str]:
    records: dict[str, Record] = {}
    for name, values in states(lab).items():
        try:
            records[name] = run_lab(lab, values)
        except FallLineError as error:
            yield f"{name} cannot be run: {error}"
    if "its start" not in records:
        return
    yield from _paths(lab, records)
    yield from _figures(lab, records)
    yield from (f"{name} has no caption." for name, record in records.items() if not lab.caption(record))
    yield from _on_grid(lab)
    yield from _prediction(lab)
    yield from _puzzles(lab, records["its start"])


def _prediction(lab: Lab) -> Iterator[str]:
    """Each question must have an answer and a reveal where it is asked."""
    if lab.prediction is None:
        return
    by = lab.by
    options = [lab.asked({by: option.value}) for option in lab.knob(by).options] if by else [""]
    for name in options:
        record = run_lab(lab, lab.asked_at(name))
        place = f"{by} {name!r}" if by else "the lab's start"
        if lab.prediction_answer(record) is None:
            yield f"no rule of the prediction holds at {place}."
        if not lab.reveal(record):
            yield f"the prediction's reveal cannot be filled in at {place}."


def paths_read(lab: Lab) -> set[str]:
    """Returns every path that the lab's rules and templates read."""
    conditions = [text for rule in lab.captions for text in rule.when]
    texts = [rule.text for rule in lab.captions]
    if lab.prediction:
        conditions += [text for rule in lab.prediction.answer for text in rule.when]
        texts.append(lab.prediction.reveal)
    for puzzle in lab.goals:
        conditions += [*puzzle.when, *puzzle.goal]
        texts.append(puzzle.success)
    read = {path for text in conditions for path in condition(text).paths()}
    read |= {path for text in texts for path in paths_of(text)}
    return read | {knob.limit for knob in lab.knobs if knob.limit}


def _paths(lab: Lab, records: Mapping[str, Record]) -> Iterator[str]:
    seen = [lab.data(record) for record in records.values()]
    for path in sorted(paths_read(lab)):
        if all(resolve(path, data) is MISSING for data in seen):
            yield f"{path} leads nowhere in the Record of any state that the file names."


def _figures(lab: Lab, records: Mapping[str, Record]) -> Iterator[str]:
    everywhere: set[str] = set()
    for name, record in records.items():
        drawn = {figure.id for figure in figures_of(record)}
        everywhere |= drawn
        if lab.figures[0] not in drawn:
            yield f"{name} has no figure {lab.figures[0]!r}; it has {', '.join(sorted(drawn)) or 'none'}."
            return
    for figure in lab.figures:
        if figure not in everywhere:
            yield f"no state has a figure {figure!r}; there are {', '.join(sorted(everywhere))}."


def _on_grid(lab: Lab) -> Iterator[str]:
    """Presets and the solution must be states that the knobs can take."""
    named = {f"preset {preset.name!r}": preset.set for preset in lab.presets}
    named |= {f"the solution of puzzle {place}": puzzle.solution for place, puzzle in enumerate(lab.goals, 1)}
    for name, wanted in named.items():
        reading = lab.read(lab.query(wanted))
        if reading.notes:
            yield f"{name}: {reading.notes[0]}"
        for knob, value in wanted.items():
            got = reading.values[knob]
            if got != value and not (isinstance(got, int | float) and float(got) == value):
                yield f"{name} sets {knob} to {value}, which the knob cannot take; nearest is {got}."


def _puzzles(lab: Lab, start: Record) -> Iterator[str]:
    """Each must be asked in the state of its solution, be solved there, and not where its choices alone lead."""
    if lab.goals and (state := lab.puzzle_state(start)) and state.solved:
        yield "the puzzle is solved before anybody touches it."
    for place, puzzle in enumerate(lab.goals, 1):
        name = f"puzzle {place}" if lab.puzzles else "the puzzle"
        solved = lab.puzzle_state(run_lab(lab, lab.values(lab.query(puzzle.solution))))
        if not solved or solved.prompt != puzzle.prompt:
            yield f"{name} is not the one that is asked in the state of its solution."
        elif not solved.solved:
            yield f"{name}'s own solution meets {solved.met} of {len(puzzle.goal)} conditions."
        elif not solved.text:
            yield f"{name}'s success cannot be filled in."
        there = {key: value for key, value in puzzle.solution.items() if key == lab.by}
        before = lab.puzzle_state(run_lab(lab, lab.values(lab.query(there)))) if there else None
        if before and before.solved:
            yield f"{name} is solved where its case starts."
