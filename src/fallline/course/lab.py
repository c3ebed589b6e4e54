"""A lab: a question, a Spec with knobs, and rules that say what happened. Data, not a page.

The state of a lab is its query string: knob id = value. From there it is knobs → Spec → Record → figures and sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from fallline.course.caption import CaptionRule, caption
from fallline.course.knob import Knob, KnobId, Value, in_query
from fallline.course.loader import ContentModel
from fallline.course.panel import Panel, Reading, written_out
from fallline.course.path import resolve
from fallline.course.prediction import Prediction
from fallline.course.puzzle import Puzzle, PuzzleState
from fallline.course.rule import all_hold, condition
from fallline.course.template import fill
from fallline.course.terms import Lines, Terms, lines_of
from fallline.runs.record import Record


class Preset(ContentModel):
    """A state worth seeing, one click away."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    set: Annotated[dict[KnobId, Value], Field(min_length=1)]
    note: Annotated[str, Field(max_length=400)] = ""


class Lab(ContentModel):
    """A lab.

    Attributes:
        slug: its name in addresses; that of its file.
        week: number of its week.
        order: among the labs of its week.
        title: short, for lists.
        question: the one question it answers.
        intro: what one sees, in a sentence or two.
        spec: the tree it starts from.
        figures: ids; the first is the large one; another that a state does not have is left out there.
        player: whether steps can be played.
        veil: whether the picture stays hidden until the prediction is made, though its steps can be played.
        knobs: controls.
        prediction: asked first; may be missing.
        captions: rules in order.
        presets: states worth seeing.
        puzzle: a goal; may be missing.
        puzzles: goals of different states; the first whose conditions hold is asked.
        terms: the formula beside the picture; may be missing.
        sources: what its facts rest on, each cited in full.
        names: key → display name, for templates.
        one_of: toggles of which at least one is on; when a query turns all off, the first is turned on again.
        at_most: how many of `one_of` may be on; the last of more are turned off.
    """

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    week: Annotated[int, Field(ge=1, le=52)]
    order: Annotated[int, Field(ge=1, le=50)] = 1
    title: Annotated[str, Field(min_length=1, max_length=80)]
    question: Annotated[str, Field(min_length=8, max_length=160, pattern=r"\?$")]
    intro: Annotated[str, Field(max_length=800)] = ""
    spec: dict[str, Any]
    figures: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)]
    player: bool = False
    veil: bool = False
    knobs: Annotated[tuple[Knob, ...], Field(min_length=1, max_length=64)]
    prediction: Prediction | None = None
    captions: Annotated[tuple[CaptionRule, ...], Field(min_length=1, max_length=60)]
    presets: Annotated[tuple[Preset, ...], Field(max_length=16)] = ()
    puzzle: Puzzle | None = None
    puzzles: Annotated[tuple[Puzzle, ...], Field(max_length=16)] = ()
    terms: Terms | None = None
    sources: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    names: dict[str, str] = Field(default_factory=dict)
    one_of: Annotated[tuple[KnobId, ...], Field(max_length=64)] = ()
    at_most: Annotated[int, Field(ge=1, le=64)] = 64

    @model_validator(mode="after")
    def _hangs_together(self) -> Lab:
        ids = [knob.id for knob in self.knobs]
        if len(set(ids)) < len(ids):
            msg = "knobs with different ids"
            raise ValueError(msg)
        if self.by is not None and all(knob.id != self.by or knob.widget != "choice" for knob in self.knobs):
            msg = f"a prediction by a choice; {self.by!r} is no choice of this lab"
            raise ValueError(msg)
        for place, named in self._knob_names():
            if named not in ids:
                msg = f"{place} names the knob {named!r}; known: {', '.join(ids)}"
                raise ValueError(msg)
        for knob in self.knobs:
            for target in knob.targets:
                if not written_out(target, self.spec):
                    msg = f"knob {knob.id!r} sets {target!r}, which the lab's spec writes out"
                    raise ValueError(msg)
        return self

    def _knob_names(self) -> list[tuple[str, str]]:
        named = [(f"preset {preset.name!r}", key) for preset in self.presets for key in preset.set]
        named += [("the puzzle's solution", key) for puzzle in self.goals for key in puzzle.solution]
        named += [("a term", term.knob) for term in (self.terms.terms if self.terms else ()) if term.knob]
        named += [("one_of", name) for name in self.one_of]
        named += [(f"knob {knob.id!r}", name) for knob in self.knobs for name in knob.only]
        named += [(f"knob {knob.id!r}", knob.sizes) for knob in self.knobs if knob.sizes]
        for knob in self.knobs:
            for option in knob.options:
                named += [(f"option {option.label!r}", key) for key in (*option.set, *option.bounds)]
        return named

    @property
    def goals(self) -> tuple[Puzzle, ...]:
        """Its puzzles, however many."""
        return (self.puzzle,) if self.puzzle else self.puzzles

    @property
    def by(self) -> KnobId | None:
        """The choice for each of whose options the prediction is asked anew; None where it is asked once."""
        return self.prediction.by if self.prediction else None

    def asked(self, values: Mapping[str, Value]) -> str:
        """Names the question that the prediction asks in a state: the option of `by`; empty where it is asked once."""
        return in_query(values[self.by]) if self.by else ""

    def asked_at(self, name: str) -> dict[str, Value]:
        """Returns the state that answers a question, by the name that `asked` gives; the start, where it is unknown."""
        return self.read({self.by: name} if self.by and name else {}).values

    def knob(self, name: str) -> Knob:
        """Returns a knob by id; raises KeyError."""
        for knob in self.knobs:
            if knob.id == name:
                return knob
        raise KeyError(name)

    @cached_property
    def panel(self) -> Panel:
        """The knobs together."""
        named = (*(preset.set for preset in self.presets), *(puzzle.solution for puzzle in self.goals))
        return Panel(self.knobs, self.spec, named, self.one_of, self.at_most)

    def read(self, query: Mapping[str, str]) -> Reading:
        """Reads a query string: clamped, moved onto the grid; what is unknown or bad falls back with a note."""
        return self.panel.read(query)

    def values(self, query: Mapping[str, str]) -> dict[str, Value]:
        """Returns knob → value for a query string; see `read`."""
        return self.read(query).values

    def start(self, knob: Knob, chosen: Mapping[str, Value]) -> Value:
        """Returns where a knob stands when nobody has touched it, given the options chosen so far."""
        return self.panel.start(knob, chosen)

    def grid(self, name: str, chosen: Mapping[str, Value] | None = None) -> tuple[tuple[float, ...], ...]:
        """Returns the values that a knob can take, one tuple per axis, given the options chosen."""
        return self.panel.grid(name, chosen or {})

    def query(self, values: Mapping[str, Value]) -> dict[str, str]:
        """Writes values as a query string's names and texts; `values` reads them back."""
        return {name: in_query(value) for name, value in values.items()}

    def spec_for(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Returns the Spec tree for a state of the knobs; knobs left out stand where they start."""
        return self.panel.tree(values)

    def data(self, record: Record) -> dict[str, Any]:
        """Returns what the rules look at: the Record's result, its Spec under ``spec``, its ending under ``ending``."""
        return {**record.result, "spec": record.spec, "ending": record.ending.to_dict()}

    def caption(self, record: Record) -> str:
        """Returns the caption of the first rule that matches; empty when none does."""
        return caption(self.captions, self.data(record), self.names)

    def limits(self, record: Record) -> dict[str, tuple[float, str]]:
        """Returns knob id → (value, label) of each limit that the Record gives."""
        data = self.data(record)
        found = {knob.id: (resolve(knob.limit, data), knob.limit_label) for knob in self.knobs if knob.limit}
        return {
            name: (float(value), label)
            for name, (value, label) in found.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }

    def lines(self, record: Record) -> tuple[Lines, ...]:
        """Returns the lines that the state gives, by whose they are; none where the lab has no such path."""
        return lines_of(self.terms, self.data(record), self.names) if self.terms else ()

    def prediction_answer(self, record: Record) -> str | None:
        """Returns the id of the choice that the Record bears out; None without a prediction or a rule that holds."""
        return self.prediction.right(self.data(record)) if self.prediction else None

    def reveal(self, record: Record) -> str:
        """Returns what is said once the prediction is made; empty without one."""
        return (fill(self.prediction.reveal, self.data(record), self.names) or "") if self.prediction else ""

    def puzzle_state(self, record: Record) -> PuzzleState | None:
        """Returns whether the puzzle of this state is solved; None when it has none."""
        data = self.data(record)
        puzzle = next((each for each in self.goals if all_hold(each.when, data)), None)
        if puzzle is None:
            return None
        met = sum(condition(text).holds(data) for text in puzzle.goal)
        solved = met == len(puzzle.goal)
        text = (fill(puzzle.success, data, self.names) or "") if solved else ""
        return PuzzleState(solved, met, len(puzzle.goal), text, puzzle.prompt, puzzle.hint)
