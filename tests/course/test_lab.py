"""Labs as data: from a query string to a Spec on a grid, from a Record to sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.course.knob import Knob, in_query
from fallline.course.lab import Lab
from fallline.runs.record import Record
from fallline.runs.spec.base import build

TREE: dict[str, Any] = {
    "slug": "small",
    "week": 1,
    "title": "Small",
    "question": "Does it hold?",
    "spec": {
        "kind": "descent",
        "surface": "bowl",
        "start": [-2.4, 1.6],
        "steps": 20,
        "optimizers": {"gd": {"rate": 0.1, "on": True}, "adam": {"rate": 0.1, "on": False}},
    },
    "figures": ["descent-map"],
    "knobs": [
        {
            "id": "surface",
            "path": "surface",
            "name": "surface",
            "widget": "choice",
            "options": [
                {"value": "bowl", "label": "Bowl"},
                {
                    "value": "ravine",
                    "label": "Ravine",
                    "set": {"start": [-3.5, 1.2], "rate": 0.02},
                    "bounds": {"start": {"low": [-4, -2], "high": [4, 2]}},
                },
            ],
        },
        {
            "id": "start",
            "path": "start",
            "name": "start",
            "widget": "point",
            "low": [-3, -3],
            "high": [3, 3],
            "stops": 61,
        },
        {
            "id": "rate",
            "paths": ["optimizers.gd.rate", "optimizers.adam.rate"],
            "name": "learning rate",
            "widget": "slider",
            "low": 0.001,
            "high": 1.0,
            "scale": "log",
            "stops": 31,
            "limit": "descent.limits.gd",
            "limit_label": "2/λmax",
        },
        {
            "id": "steps",
            "path": "steps",
            "name": "steps",
            "widget": "slider",
            "low": 10,
            "high": 100,
            "stops": 10,
            "whole": True,
        },
        {"id": "adam", "path": "optimizers.adam.on", "name": "Adam", "widget": "toggle"},
    ],
    "captions": [
        {"when": ["descent.runs.gd.kind == diverged"], "text": "Diverged at step {descent.runs.gd.step}."},
        {"when": ["descent.runs.adam.loss < descent.runs.gd.loss"], "text": "Adam is lower."},
        {"text": "{descent.winner:Name} ends at {descent.runs[descent.winner].loss:.2g}."},
        {"text": "Nothing to say."},
    ],
    "names": {"gd": "gradient descent"},
    "prediction": {
        "prompt": "Will it hold?",
        "choices": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}],
        "answer": [{"when": ["descent.runs.gd.loss <= 0.01"], "choice": "yes"}, {"choice": "no"}],
        "reveal": "It ended at {descent.runs.gd.loss:.2g}.",
    },
    "puzzle": {
        "prompt": "Reach 0.01.",
        "goal": ["descent.runs.gd.loss <= 0.01", "spec.surface == bowl"],
        "success": "Done at {spec.steps}.",
        "solution": {"rate": 0.5},
    },
}


def lab(**changes: Any) -> Lab:
    """The lab above, changed."""
    made = build(Lab, TREE | changes)
    assert isinstance(made, Lab)
    return made


def record(result: dict[str, Any], spec: dict[str, Any] | None = None) -> Record:
    """A Record that says what the test wants."""
    ending = Ending(EndingKind.FINISHED, "Finished.")
    tree = TREE["spec"] | (spec or {})
    return Record("", "k", "descent", "", "", tree, 0, {}, {"descent": result}, {}, (), ending)


def test_an_empty_query_is_the_labs_own_spec() -> None:
    """Untouched knobs give the tree as it is written."""
    assert lab().spec_for(lab().values({})) == TREE["spec"]


def test_one_knob_sets_several_places() -> None:
    """The shared learning rate reaches every optimizer."""
    tree = lab().spec_for(lab().values({"rate": "0.25"}))
    assert (
        tree["optimizers"]["gd"]["rate"] == tree["optimizers"]["adam"]["rate"] == lab().values({"rate": "0.25"})["rate"]
    )


def test_an_option_moves_the_other_knobs() -> None:
    """Choosing a surface moves the start, the rate and their ranges, unless the query says otherwise."""
    values = lab().values({"surface": "ravine"})
    assert values["start"] == (-3.5, 1.2)
    assert values["rate"] == 0.02
    clamped = lab().read({"surface": "ravine", "start": "9,-3"})
    assert clamped.values["start"] == (4.0, -2.0)
    assert "out of range" in clamped.notes[0]


@pytest.mark.parametrize(
    ("query", "knob", "value", "note"),
    [
        ({"rate": "7"}, "rate", 1.0, "out of range"),
        ({"rate": "nan"}, "rate", 0.1, "not a number"),
        ({"rate": "1e999"}, "rate", 0.1, "not a number"),
        ({"rate": "-1"}, "rate", 0.001, "out of range"),
        ({"rate": "0.1,0.2"}, "rate", 0.1, "not a number"),
        ({"steps": "12.4"}, "steps", 10, ""),
        ({"surface": "../../etc"}, "surface", "bowl", "not one of its values"),
        ({"start": "1"}, "start", (-2.4, 1.6), "not a number"),
        ({"start": "9,9"}, "start", (3.0, 3.0), "out of range"),
        ({"start.x": "1", "start.y": "2"}, "start", (1.0, 2.0), ""),
        ({"adam": "on"}, "adam", True, ""),
        ({"adam": "maybe"}, "adam", False, "not one of its values"),
        ({"evil": "1"}, "adam", False, "no knob 'evil'"),
        ({"rate": "9" * 5000}, "rate", 0.1, "not a number"),
    ],
)
def test_bad_values_fall_back_with_a_note(query: dict[str, str], knob: str, value: object, note: str) -> None:
    """Whatever stands in the address, the lab shows a state of its own and says what it did not take."""
    reading = lab().read(query)
    assert reading.values[knob] == value
    assert (note in " ".join(reading.notes)) if note else not reading.notes


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["surface", "start", "rate", "steps", "adam", "start.x", "start.y", "x"]),
        st.text(max_size=12),
        max_size=6,
    )
)
def test_every_query_gives_a_state_that_reads_back_to_itself(query: dict[str, str]) -> None:
    """Reading is idempotent: the state's own query gives the state, without notes."""
    values = lab().values(query)
    again = lab().read(lab().query(values))
    assert again.values == values
    assert again.notes == ()


@settings(deadline=None)
@given(st.floats(0.001, 1.0))
def test_the_grid_is_never_far(value: float) -> None:
    """A slider's value lands on the nearest stop: within half a stop on the log scale."""
    landed = lab().values({"rate": repr(value)})["rate"]
    assert isinstance(landed, float)
    assert landed in lab().grid("rate")[0]
    assert abs(landed / value - 1) < 0.125 * 1.02  # 30 intervals over three decades: 26 % apart


def test_captions_take_the_first_rule_that_holds_and_fills() -> None:
    """Order decides; a rule whose numbers are missing is passed over."""
    ours = lab()
    assert ours.caption(record({"runs": {"gd": {"kind": "diverged", "step": 12}}})) == "Diverged at step 12."
    assert ours.caption(record({"runs": {"gd": {"loss": 2.0}, "adam": {"loss": 1.0}}})) == "Adam is lower."
    assert ours.caption(record({"runs": {"gd": {"loss": 0.25}}, "winner": "gd"})) == "Gradient descent ends at 0.25."
    assert ours.caption(record({"runs": {}, "winner": None})) == "Nothing to say."


def test_prediction_puzzle_and_limits_read_the_record() -> None:
    """The answer, the goal and the mark on the slider all come from the Record."""
    good = record({"runs": {"gd": {"loss": 0.001}}, "limits": {"gd": 1.0}})
    bad = record({"runs": {"gd": {"loss": 0.5}}, "limits": {"gd": None}}, {"surface": "ravine"})
    assert (lab().prediction_answer(good), lab().prediction_answer(bad)) == ("yes", "no")
    assert lab().reveal(good) == "It ended at 0.001."
    solved, open_ = lab().puzzle_state(good), lab().puzzle_state(bad)
    assert solved is not None
    assert open_ is not None
    assert (solved.solved, solved.text) == (True, "Done at 20.")
    assert (open_.solved, open_.met, open_.text) == (False, 0, "")
    assert lab().limits(good) == {"rate": (1.0, "2/λmax")}
    assert lab().limits(bad) == {}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": "No question mark"}, "question"),
        ({"knobs": [*TREE["knobs"], TREE["knobs"][0]]}, "different ids"),
        ({"knobs": [*TREE["knobs"], TREE["knobs"][4] | {"id": "x", "path": "nowhere.at"}]}, "nowhere.at"),
        ({"presets": [{"name": "P", "set": {"rat": 1}}]}, "'rat'"),
        ({"puzzle": TREE["puzzle"] | {"solution": {"x": 1}}}, "'x'"),
        ({"puzzle": TREE["puzzle"] | {"goal": ["loss is small"]}}, "condition"),
        ({"captions": [{"text": "{a.b()}"}]}, "path:format"),
        ({"prediction": TREE["prediction"] | {"answer": [{"choice": "perhaps"}]}}, "perhaps"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_lab_that_does_not_hang_together_is_refused(changes: dict[str, Any], message: str) -> None:
    """Names that lead nowhere, rules that are none and unknown keys are refused when the content is read."""
    with pytest.raises(SpecError, match=message):
        build(Lab, TREE | changes)


@pytest.mark.parametrize(
    "knob",
    [
        {"widget": "slider", "low": 1, "high": 0},
        {"widget": "slider", "low": 0, "high": 1, "scale": "log"},
        {"widget": "slider", "low": [0, 0], "high": [1, 1]},
        {"widget": "point", "low": 0, "high": 1},
        {"widget": "choice"},
        {"widget": "toggle", "options": [{"value": 1, "label": "a"}]},
        {"widget": "slider"},
        {"widget": "slider", "low": 0, "high": 1, "paths": ["b"]},
    ],
)
def test_a_knob_must_fit_its_widget(knob: dict[str, Any]) -> None:
    """A range where one is needed, options where they are, and exactly one way to name its places."""
    with pytest.raises(SpecError, match="knob 'k'"):
        build(Knob, {"id": "k", "path": "a", "name": "k"} | knob)


def test_query_texts_keep_the_value() -> None:
    """A float in the address reads back to the same float."""
    for value in (0.1, 1 / 3, 1e-9, 123456.789):
        assert float(in_query(value)) == value
