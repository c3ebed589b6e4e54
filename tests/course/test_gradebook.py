"""The gradebook against an oracle that was written from the syllabus, not from the code."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.course.content import load_course
from fallline.course.gradebook import EntryState, GradeEntry, Standing, entry_state, gradebook, totals
from fallline.course.scheme import Scheme
from fallline.runs.spec.base import build

KINDS = [("activity", 5), ("quiz", 4), ("project", 1), ("exam", 1)]
scores = st.fractions(0, 1, max_denominator=97)
weights = st.sampled_from([(20, 20, 30, 30), ("33.3", "33.3", "33.3", "0.1"), (0, 0, 0, 100), ("12.5", "12.5", 25, 50)])


def scheme(four: tuple[int | str, ...]) -> Scheme:
    """A scheme with these four weights."""
    parts = [
        {"kind": kind, "label": kind, "name": kind, "count": count, "weight": weight}
        for (kind, count), weight in zip(KINDS, four, strict=True)
    ]
    made = build(Scheme, {"components": parts})
    assert isinstance(made, Scheme)
    return made


@st.composite
def books(draw: st.DrawFn) -> list[GradeEntry]:
    """One person's entries in any state."""
    entries = []
    for kind, count in KINDS:
        for number in range(count):
            state = draw(st.sampled_from(list(EntryState)))
            score = draw(scores) if state is EntryState.GRADED else None
            entries.append(GradeEntry(f"{kind}-{number}", kind, state, score))
    return entries


def oracle(four: tuple[int | str, ...], entries: list[GradeEntry], *, now: bool) -> Fraction | None:
    """Each entry's share of the whole, one by one: weight of its kind over how many of its kind count."""
    out = {EntryState.EXCUSED} if not now else set(EntryState) - {EntryState.GRADED, EntryState.MISSING}
    counting = [entry for entry in entries if entry.state not in out]
    weight = dict(zip([kind for kind, _ in KINDS], map(Fraction, map(str, four)), strict=True))
    got, of = Fraction(0), Fraction(0)
    for entry in counting:
        share = weight[entry.kind] / sum(other.kind == entry.kind for other in counting)
        of += share
        got += share * (entry.score if entry.score is not None else 0)
    return got / of * 100 if of else None


@settings(deadline=None)
@given(weights, books())
def test_totals_agree_with_the_oracle(four: tuple[int | str, ...], entries: list[GradeEntry]) -> None:
    """Whatever the weights and states, both totals are exactly the oracle's, and so are the rounded marks."""
    made = totals(scheme(four), entries)
    assert made.so_far == oracle(four, entries, now=True)
    assert made.if_nothing_more == oracle(four, entries, now=False)
    for exact, shown in zip((made.so_far, made.if_nothing_more), made.shown(1), strict=True):
        if exact is None:
            assert shown is None
        else:
            decimal = Decimal(exact.numerator * 10**20 // exact.denominator) / Decimal(10**20)
            if exact * 20 != int(exact * 20):  # exact halves are checked in test_exact
                assert shown == decimal.quantize(Decimal("0.1"), ROUND_HALF_UP)


@settings(deadline=None)
@given(books())
def test_nothing_graded_lowers_the_mark_if_nothing_more_comes(entries: list[GradeEntry]) -> None:
    """Turning what is open into any grade never lowers the mark that counts it as zero."""
    before = totals(scheme((20, 20, 30, 30)), entries).if_nothing_more
    better = [
        GradeEntry(entry.assessment, entry.kind, EntryState.GRADED, Fraction(1, 3))
        if entry.score is None and entry.state is not EntryState.EXCUSED
        else entry
        for entry in entries
    ]
    after = totals(scheme((20, 20, 30, 30)), better).if_nothing_more
    assert (before is None) == (after is None)
    assert before is None or after is None or after >= before


def test_zero_missing_and_excused_are_three_things() -> None:
    """Zero and missing count alike and say different things; excused leaves the rest of its component to count."""
    ours = scheme((20, 20, 30, 30))
    full = [GradeEntry(f"q{n}", "quiz", EntryState.GRADED, Fraction(1)) for n in range(3)]
    rest = [
        GradeEntry("a", "activity", EntryState.COMING),
        GradeEntry("p", "project", EntryState.COMING),
        GradeEntry("e", "exam", EntryState.COMING),
    ]
    for state, score, expected in (
        (EntryState.GRADED, Fraction(0), 75),
        (EntryState.MISSING, None, 75),
        (EntryState.EXCUSED, None, 100),
        (EntryState.PENDING, None, 100),
    ):
        made = totals(ours, [*full, GradeEntry("q4", "quiz", state, score), *rest])
        assert made.so_far == expected
        assert made.counted == 20


def test_states_follow_the_clock() -> None:
    """Coming, open, missing; handed in waits for its grade; excused wins over all."""
    plain = Standing(None, handed_in=False, excused=False, opens=10.0, due=20.0)
    assert [entry_state(plain, now) for now in (9, 10, 20, 20.5)] == ["coming", "open", "open", "missing"]
    assert entry_state(Standing(None, handed_in=True, excused=False, opens=10, due=20), 30) == "pending"
    assert entry_state(Standing(Fraction(0), handed_in=True, excused=False, opens=10, due=20), 30) == "graded"
    assert entry_state(Standing(Fraction(1), handed_in=True, excused=True, opens=10, due=20), 30) == "excused"


def test_the_courses_own_scheme() -> None:
    """20, 20, 30, 30: a person with full activities and half a quiz stands at 75 so far and 22.5 of the whole."""
    course = load_course()
    kinds = {entry.slug: entry.kind for entry in course.calendar}
    done = {slug: Fraction(1) for slug in kinds if slug.startswith("activity")} | {"quiz-1": Fraction(1, 2)}
    standings = {
        slug: Standing(done.get(slug), handed_in=slug in done, excused=False, opens=0, due=100) for slug in kinds
    }
    entries, made = gradebook(course.scheme, kinds, standings, now=50)
    assert len(entries) == 11
    assert made.so_far == 75
    assert made.if_nothing_more == Fraction(45, 2)
    assert [str(mark) for mark in made.shown(1)] == ["75.0", "22.5"]


@pytest.mark.parametrize("four", [(20, 20, 30, 31), ("33.3", "33.3", "33.3", "0"), (20, 20, 30, "29.999999999")])
def test_weights_must_add_up_exactly(four: tuple[int | str, ...]) -> None:
    """Not nearly: exactly."""
    with pytest.raises(SpecError, match="exactly 100"):
        scheme(four)
