"""Errors say who, which value, what was expected, what to do, and stay short."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import FallLineError, SpecError, shorten

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda tree: st.lists(tree) | st.dictionaries(st.text(), tree),
)


@settings(deadline=None)
@given(VALUES, st.integers(4, 200))
def test_a_value_is_shown_within_its_limit(value: Any, limit: int) -> None:
    """What fits is shown as it is; what does not, ends with an ellipsis."""
    shown = shorten(value, limit)
    assert len(shown) <= limit
    if not isinstance(value, str | bytes | list) or len(value) <= 2 * limit:
        assert shown == repr(value) or (shown.endswith("…") and repr(value).startswith(shown[:-1]))


def test_an_integer_that_python_refuses_to_write_is_told_by_its_size() -> None:
    """Python writes at most 4,300 digits; an error must not fail on its own value."""
    assert shorten(10**10_000) == "an integer of 33220 bits"


def test_a_spec_error_keeps_its_parts() -> None:
    """Forms put it beside the field, so the parts are there, too."""
    error = SpecError("tune.trials", 0, "an integer from 1 to 10,000", "Ask for more.")
    assert str(error) == "tune.trials: 0 is not an integer from 1 to 10,000. Ask for more."
    assert (error.path, error.value, error.expected, error.hint) == (
        "tune.trials",
        "0",
        "an integer from 1 to 10,000",
        "Ask for more.",
    )
    assert str(SpecError("", "x", "a Spec")) == "'x' is not a Spec."


OURS = [
    FallLineError,
    *(kind for kind in FallLineError.__subclasses__() if kind.__module__ == FallLineError.__module__),
]


@pytest.mark.parametrize("kind", OURS)
def test_every_error_travels_between_processes_as_it_is(kind: type[FallLineError]) -> None:
    """A worker raises it, the parent tells it: same class, same sentence, same parts."""
    made = SpecError("a.b", [1], "a number", "Try 1.") if kind is SpecError else kind("A sentence.")
    assert isinstance(made, FallLineError)
    back = copy.copy(made)  # by the same road as from one process to another
    assert type(back) is type(made)
    assert str(back) == str(made)
    assert vars(back) == vars(made)
