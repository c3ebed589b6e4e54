"""A formula typed into a lab: read by the engine's grammar, a mistake told with its column, hostile texts bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.course.formula import LONGEST, as_mistake, mistake_in, variables_in


@pytest.mark.parametrize(
    ("text", "shown", "column", "told"),
    [
        ("x^2 + 10*sine(y)", "x^2 + 10*sine(y)", 10, "Did you mean 'sin'?"),
        ("x^2 + (", "x^2 + (", 8, "stands the end"),
        ("x = 3", "x = 3", 3, "right-hand side alone"),
        ("", "", 1, "stands the end"),
        ("1 + 2", "1 + 2", 1, "names no variable"),
        ("x + \u202ey", "x + ·y", 5, "which no formula has"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, shown: str, column: int, told: str) -> None:
    """The column counts from 1 within what is shown, and the sentence says what to do."""
    mistake = mistake_in(text)
    assert mistake is not None
    assert (mistake.shown, mistake.column) == (shown, column)
    assert told in mistake.sentence
    assert mistake.sentence.endswith((".", "?"))


def test_far_into_a_long_formula_the_place_is_still_shown() -> None:
    """Only the part around the mistake is shown, and the column is one of that part."""
    mistake = mistake_in("+".join(["x"] * 60) + "+ % + y")
    assert mistake is not None
    assert mistake.shown[mistake.column - 1] == "%"
    assert mistake.shown.startswith("…")
    assert "column 122" in mistake.sentence


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "+".join(["w1"] * 90), "(" * 199, "x^" * 99 + "x", "w11 + w1"])
def test_what_is_too_much_is_a_mistake_and_no_burden(text: str) -> None:
    """Too long, too deep, too tall, too many variables: refused with a sentence, the text cut."""
    mistake = mistake_in(text)
    assert mistake is not None
    assert len(mistake.text) <= LONGEST + 1
    assert mistake.sentence


def test_a_formula_says_how_many_variables_it_has() -> None:
    """Letters count by their place in x, y, z; numbered weights by the largest number."""
    assert [variables_in(text) for text in ("x^2", "y", "x+z", "w4", "sin(x)*y")] == [1, 2, 3, 4, 2]


def test_an_error_without_a_place_has_none() -> None:
    """A formula without a value anywhere is wrong as a whole."""
    error = SpecError("expression", "sqrt(-1-x^2)", "a formula with a value somewhere on its domain", "Give a domain.")
    mistake = as_mistake("sqrt(-1-x^2)", error)
    assert (mistake.shown, mistake.column) == ("", 0)
    assert mistake.sentence == "This is not a formula with a value somewhere on its domain. Give a domain."


@given(st.text(max_size=LONGEST + 60))
@settings(max_examples=150)
def test_no_text_is_anything_but_a_formula_or_a_mistake(text: str) -> None:
    """Whatever is typed: no other exception, and the column lies within what is shown or right after it."""
    mistake = mistake_in(text)
    if mistake is not None:
        assert 0 <= mistake.column <= len(mistake.shown) + 1
        assert len(mistake.shown) <= 60
