"""The rule language: what holds, what does not, and that nothing but comparisons gets in."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.course.path import MISSING, resolve
from fallline.course.rule import all_hold, condition

DATA = {
    "runs": {"gd": {"kind": "step limit", "loss": 0.5, "steps": 3, "none": None, "on": True}, "adam": {"loss": 0.1}},
    "winner": "adam",
    "list": [1.0, 2.0],
}


@pytest.mark.parametrize(
    "text",
    [
        "runs.gd.kind == step limit",
        'runs.gd.kind == "step limit"',
        "runs.gd.kind != diverged",
        "runs.gd.loss <= 0.5",
        "runs.gd.loss > runs.adam.loss",
        "runs.adam.loss <= 0.2 * runs.gd.loss",
        "runs[winner].loss == 0.1",
        "runs.gd.none == null",
        "runs.gd.steps != null",
        "runs.gd.on == true",
        "list.1 == 2",
        "winner == adam",
        "runs.gd.loss < 1e300",
    ],
)
def test_conditions_that_hold(text: str) -> None:
    """Each form of condition can hold."""
    assert condition(text).holds(DATA)


@pytest.mark.parametrize(
    "text",
    [
        "runs.nesterov.loss < 1",
        "runs.nesterov.loss == null",
        "runs.gd.none < 1",
        "runs.gd.kind < 3",
        "runs.gd.on == 1",
        "runs.gd.steps == true",
        "runs.gd.loss < runs.nesterov.loss",
        "runs.gd.loss != runs.nesterov.loss",
        "list.2 == 2",
        "list.x == 2",
        "runs[nobody].loss == 0.1",
    ],
)
def test_conditions_that_fail_quietly(text: str) -> None:
    """A path that leads nowhere, or a comparison without sense, makes a rule not match instead of raising."""
    assert not condition(text).holds(DATA)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "runs.gd.loss",
        "1 < 2",
        "runs.gd.loss <> 3",
        "__import__('os') == 1",
        "a.b() == 1",
        "runs..gd == 1",
        "a=1",
        "x" * 400,
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    """Only ``path op value`` gets in."""
    with pytest.raises(SpecError):
        condition(text)


@settings(deadline=None)
@given(
    left=st.floats(allow_nan=False, allow_infinity=False),
    right=st.floats(allow_nan=False, allow_infinity=False),
    op=st.sampled_from(
        [("<", operator.lt), ("<=", operator.le), (">", operator.gt), (">=", operator.ge), ("==", operator.eq)]
    ),
)
def test_numbers_compare_as_in_python(left: float, right: float, op: tuple[str, object]) -> None:
    """Whatever two finite numbers, a condition says what the operator says."""
    symbol, function = op
    assert condition(f"a.x {symbol} {right!r}").holds({"a": {"x": left}}) == function(left, right)  # type: ignore[operator]


def test_a_bare_word_names_a_value_where_there_is_one() -> None:
    """Items compare one parameter with another by its bare name; otherwise a bare word is text."""
    assert condition("rate > limit").holds({"rate": 3, "limit": 2})
    assert condition("kind == limit").holds({"kind": "limit"})
    assert all_hold([], {})


def test_paths_do_not_see_attributes() -> None:
    """A path reads mappings and lists, never the attributes of an object."""
    assert resolve("a.__class__", {"a": 1}) is MISSING
    assert resolve("a.real", {"a": 1}) is MISSING
    assert resolve("__class__", {}) is MISSING
