"""A pasted table: read whatever its commas, refused with row and column, never more than fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.runs.sources.pasted import MOST_ROWS, read_pasted

ROWS = "".join(f"{k},{k % 3},{'ab'[k % 2]}\n" for k in range(12))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_three_separators_and_a_row_of_names(mark: str) -> None:
    """The names become the axes; labels with few values are classes in their order."""
    found = read_pasted(("width,height,kind\n" + ROWS).replace(",", mark))
    assert found.names == ("width", "height", "kind")
    assert found.classes == ("a", "b")
    assert found.points[3].tolist() == [3.0, 0.0]
    assert found.labels[:3].tolist() == [0.0, 1.0, 0.0]


def test_a_label_of_many_values_is_a_number() -> None:
    """More than six values make a regression."""
    found = read_pasted("".join(f"{k},{k % 3},{k / 2}\n" for k in range(12)))
    assert found.classes == ()
    assert found.labels[3] == 1.5


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("", "three columns"),
        ("a,b,c\n", "10 to 300 rows"),
        (ROWS + "1,2\n", "row 13"),
        (ROWS.replace("3,0,b", "3,x,b"), "row 4, column 2"),
        ("u,v,w\n" + ROWS.replace("3,0,b", "nan,0,b"), "row 5, column 1 (u)"),
        (ROWS.replace("5,2", "1e400,2"), "row 6, column 1"),
        ("".join(f"1,{k},a\n" for k in range(12)), "more than one value"),
        ("".join(f"{k},{k % 3},a\n" for k in range(12)), "more than one value"),
        ("".join(f"{k},{k % 3},w{k}\n" for k in range(12)), "column 3"),
        (ROWS * (MOST_ROWS // 12 + 1), "Take a sample"),
    ],
)
def test_what_does_not_fit_is_named(text: str, mentioned: str) -> None:
    """Each refusal says which row and column, or how many rows there may be."""
    with pytest.raises(SpecError) as refusal:
        read_pasted(text)
    assert mentioned in str(refusal.value)
    assert str(refusal.value).startswith("table")


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in anything but a table or a refusal."""
    try:
        found = read_pasted(text)
    except SpecError as refusal:
        assert len(str(refusal)) < 600  # noqa: PT017 - both ways out are right
    else:
        assert len(found.points) == len(found.labels)
