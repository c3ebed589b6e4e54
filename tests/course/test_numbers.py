"""A list of numbers typed into a lab: read, or pointed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.course.numbers import MOST, mistake_in_numbers, numbers_in


@pytest.mark.parametrize(
    ("text", "column"),
    [("1, ten", 4), ("1, -2", 4), ("1 nan", 3), ("1, 1e9", 4), ("5", 0), ("", 0), ("1," * 41, 0), ("9" * 300, 0)],
)
def test_a_mistake_is_pointed_at(text: str, column: int) -> None:
    """With its column where one word is to blame, without where the list is."""
    mistake = mistake_in_numbers(text)
    assert mistake is not None
    assert mistake.column == column


@given(st.lists(st.floats(1e-5, 1e5), min_size=2, max_size=9), st.sampled_from([", ", " ", ";", ",  "]))
def test_a_list_is_read_as_it_is_written(values: list[float], between: str) -> None:
    """Commas, semicolons or spaces between positive numbers."""
    text = between.join(f"{value:.6g}" for value in values)
    assert mistake_in_numbers(text) is None
    assert numbers_in(text) == tuple(float(f"{value:.6g}") for value in values)


@given(st.text(max_size=300))
def test_no_text_is_anything_but_a_list_or_a_mistake(text: str) -> None:
    """What passes is at most so many numbers, all above zero."""
    if mistake_in_numbers(text) is None:
        assert 2 <= len(numbers_in(text)) <= MOST
        assert all(value > 0 for value in numbers_in(text))
