"""Laws of placing labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fallline.figures.clip import clip, inside
from fallline.figures.labels import Wish, overlap, place, stack, within
from fallline.figures.lettering import measure, wrap

places = st.floats(0, 400)


@given(wanted=st.lists(places, max_size=30), size=st.floats(5, 40))
def test_stacked_labels_stand_apart_in_order(wanted: list[float], size: float) -> None:
    """None overlaps, none leaves the line, order is kept, and as many are kept as fit."""
    middles = stack(wanted, [size] * len(wanted), 0, 400)
    kept = sorted((w, m) for w, m in zip(wanted, middles, strict=True) if m is not None)
    assert len(kept) == min(len(wanted), int(400 // size + 1e-9)) or abs(len(kept) * size - 400) < size + 1e-6
    rows = [m for _, m in kept]
    assert all(b - a >= size - 1e-6 for a, b in zip(sorted(rows), sorted(rows)[1:], strict=False))
    assert all(size / 2 - 1e-6 <= m <= 400 - size / 2 + 1e-6 for m in rows)


@given(wanted=st.lists(places, min_size=1, max_size=12, unique=True))
def test_a_label_alone_stands_where_it_wants(wanted: list[float]) -> None:
    """Labels with room around them are not moved."""
    spread = [50.0 * index + 30.0 for index in range(len(wanted))]
    assert stack(spread, [20.0] * len(spread), 0, 2000) == spread


@given(points=st.lists(st.tuples(places, st.floats(0, 300)), max_size=25))
def test_placed_labels_never_overlap(points: list[tuple[float, float]]) -> None:
    """Whatever is asked for, no two placed labels share room, and all lie within bounds."""
    bounds = (0.0, 0.0, 400.0, 300.0)
    placed = place([Wish(("Momentum",), "gd", x, y, 13.0) for x, y in points], [], [], [], bounds)
    boxes = [label.box for label in placed]
    assert all(within(box, bounds) for box in boxes)
    assert not any(overlap(a, b) for index, a in enumerate(boxes) for b in boxes[:index])


@given(text=st.text(max_size=80), width=st.floats(30, 300))
def test_wrapped_lines_fit(text: str, width: float) -> None:
    """No line is wider than its column, and there are no more than allowed."""
    lines = wrap(text, 12.0, width, 3)
    assert len(lines) <= 3
    assert all(measure(line, 12.0) <= width for line in lines)


coordinates = st.floats(-1e9, 1e9)


@given(points=st.lists(st.one_of(st.none(), st.tuples(coordinates, coordinates)), max_size=20))
def test_clipped_lines_stay_in_the_box(points: list[tuple[float, float] | None]) -> None:
    """Every kept point lies in the box, and every given point inside it is kept."""
    box = (-10.0, -10.0, 10.0, 10.0)
    kept = [point for piece in clip(points, box) for point in piece]
    assert all(inside(point, (-10.001, -10.001, 10.001, 10.001)) for point in kept)
    assert all(point in kept for point in points if point is not None and inside(point, box))
