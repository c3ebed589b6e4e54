"""The knob ``curve``: several heights, one value in the address, part by part in a plain form."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from fallline.course.content import load_course
from fallline.course.knob import Knob

CURVE = {"id": "s", "path": "heights", "name": "heights", "widget": "curve", "low": 0.0, "high": 1.0}
LAB = load_course().lab("draw-a-schedule")


def test_a_curve_has_at_least_three_points_and_nothing_else_has_any() -> None:
    """Too few points, and points of a slider, are refused in a sentence."""
    with pytest.raises(ValidationError, match="at least three points"):
        Knob(**CURVE, points=2)
    with pytest.raises(ValidationError, match="with none if it is not"):
        Knob(**{**CURVE, "widget": "slider"}, points=5)
    assert Knob(**CURVE, points=5).parts == ("s.1", "s.2", "s.3", "s.4", "s.5")


def test_one_value_and_nine_fields_say_the_same() -> None:
    """The address of a script and the query of a plain form give the same state."""
    heights = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 0.4, 0.2, 0.0)
    whole = LAB.read({"heights": ",".join(map(str, heights))})
    parts = LAB.read({f"heights.{place + 1}": str(height) for place, height in enumerate(heights)})
    assert whole == parts
    assert whole.values["heights"] == heights
    assert whole.notes == ()
    assert LAB.read(LAB.query(whole.values)).values == whole.values
    assert LAB.spec_for(whole.values)["heights"] == list(heights)


def test_heights_are_kept_in_range_and_on_the_grid() -> None:
    """A height above the range is moved and told; a text that is no curve leaves it as it was."""
    moved = LAB.read({"heights": "2,0.333333,0,0,0,0,0,0,0"})
    assert moved.values["heights"][:2] == (1.0, 0.33)
    assert "out of range" in moved.notes[0]
    short = LAB.read({"heights": "1,1"})
    assert short.values["heights"] == LAB.values({})["heights"]
    assert "is not a number" in short.notes[0]


def test_another_shape_brings_its_heights() -> None:
    """Choosing an option moves the points, unless the address says where they are."""
    assert LAB.values({"shape": "constant"})["heights"] == (1.0,) * 9
    assert LAB.values({"shape": "constant", "heights": "0,0,0,0,0,0,0,0,0"})["heights"] == (0.0,) * 9
