"""Templates: numbers as a person writes them, and no way to anything but the data."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.course.template import fill, formatted, paths_of, template


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("{a:.3g}", {"a": 0.00066123}, "0.000661"),
        ("{a:.2g}", {"a": -1.5e-9}, "−1.5e−9"),
        ("{a:.2g}", {"a": 1e20}, "1e20"),
        ("{a:.0%}", {"a": 0.25}, "25%"),
        ("{a:+.1f}", {"a": 2.0}, "+2.0"),
        ("{a:,}", {"a": 12345}, "12,345"),
        ("{a:d}", {"a": 3.0}, "3"),
        ("{a:d}", {"a": 3.5}, "3.5"),
        ("{a:# step|steps}", {"a": 1}, "1 step"),
        ("{a:# step|steps}", {"a": 0}, "0 steps"),
        ("{a:# step|steps}", {"a": 1200}, "1,200 steps"),
        ("{a:Name}", {"a": "gd"}, "Gradient descent"),
        ("{a:name} {a}", {"a": "x"}, "x x"),
        ("{{{a}}}", {"a": 1}, "{1}"),
        ("{runs[winner].loss:.1f}", {"runs": {"gd": {"loss": 2.0}}, "winner": "gd"}, "2.0"),
        ("no holes", {}, "no holes"),
    ],
)
def test_what_is_written(text: str, data: dict[str, object], expected: str) -> None:
    """Each format gives the text that a person would write."""
    assert fill(text, data, {"gd": "gradient descent"}) == expected


@pytest.mark.parametrize("data", [{}, {"a": None}, {"a": {"b": 1}}, {"a": [1]}])
def test_a_hole_that_cannot_be_filled_gives_none(data: dict[str, object]) -> None:
    """A missing path, a null, a table or a list makes the whole template not apply."""
    assert fill("x {a} y", data) is None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        "{}",
        "{a",
        "a}",
        "{a!r}",
        "{a.b()}",
        "{a:{b}}",
        "{a:>1000000}",
        "{a:.999f}",
        "{a:s}",
        "{a b}",
        "{a:%}x{",
        "{0.__class__!s}",
    ],
)
def test_what_is_no_template_is_refused(text: str) -> None:
    """No conversions, calls, nested or padded formats: each is refused when the content is read."""
    if text == "{a:%}x{":
        assert template("{a:%}")
    with pytest.raises(SpecError):
        template(text)


def test_dunder_paths_find_nothing() -> None:
    """A path may look like an attribute; it is looked up in the data and found missing."""
    assert fill("{a.__class__}", {"a": 1}) is None
    assert paths_of("{a.b} {c[d.e].f:.2f}") == ("a.b", "c[d.e].f")


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".1f", ".3g", ".6g", ".2e", ".4f"]))
def test_numbers_read_back(value: float, form: str) -> None:
    """What is written reads back to what Python's own format gives."""
    assert float(formatted(value, form).replace("−", "-")) == float(format(value, form))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_either_parses_or_is_refused(text: str) -> None:
    """No text makes the parser fail in another way, and filling it never raises."""
    try:
        template(text)
    except SpecError:
        return
    fill(text, {"a": 1})
