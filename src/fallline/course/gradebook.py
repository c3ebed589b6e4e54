"""The gradebook: marks of assessments to a final mark, exact, rounded once.

Missing, zero and excused are three things. Excused is left out, and the rest of its component counts for it. Missing
is past its deadline without anything handed in: it counts as zero and says so. What is not due yet counts for nothing
in the mark so far, and as zero in the mark if nothing more comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fallline.course.exact import half_up
from fallline.course.scheme import Scheme


class EntryState(StrEnum):
    """Where one assessment stands for one person."""

    GRADED = "graded"
    PENDING = "pending"  # handed in, not graded yet
    MISSING = "missing"  # past its deadline, nothing handed in
    EXCUSED = "excused"
    OPEN = "open"  # may be worked on
    COMING = "coming"  # opens later


@dataclass(frozen=True)
class GradeEntry:
    """One assessment in one person's gradebook.

    Attributes:
        assessment: slug.
        kind: of its component.
        state: where it stands.
        score: from 0 to 1, exact, when graded; None otherwise.
    """

    assessment: str
    kind: str
    state: EntryState
    score: Fraction | None = None


@dataclass(frozen=True)
class ComponentTotal:
    """One line of the scheme for one person.

    Attributes:
        kind: of the component.
        label: as the syllabus prints it.
        weight: percent of the final mark.
        so_far: mean of what counts so far, from 0 to 1; None when nothing does.
        if_nothing_more: the same with everything else as zero; None when all was excused.
    """

    kind: str
    label: str
    weight: Fraction
    so_far: Fraction | None
    if_nothing_more: Fraction | None


@dataclass(frozen=True)
class Totals:
    """A person's marks.

    Attributes:
        components: in the scheme's order.
        so_far: percent over what counts so far, exact; None when nothing does.
        if_nothing_more: percent of the whole, exact; None when everything was excused.
        counted: percent of the scheme that counts so far.
    """

    components: tuple[ComponentTotal, ...]
    so_far: Fraction | None
    if_nothing_more: Fraction | None
    counted: Fraction

    def shown(self, decimals: int) -> tuple[Decimal | None, Decimal | None]:
        """Returns both marks in percent, rounded half up; the one place where a mark is rounded."""
        return (
            None if self.so_far is None else half_up(self.so_far, decimals),
            None if self.if_nothing_more is None else half_up(self.if_nothing_more, decimals),
        )


COUNTS_NOW = frozenset({EntryState.GRADED, EntryState.MISSING})


def totals(scheme: Scheme, entries: Iterable[GradeEntry]) -> Totals:
    """Adds up one person's gradebook.

    Args:
        scheme: weights.
        entries: every assessment of the calendar.

    Within a component every assessment that is not excused counts the same. A component of which nothing counts lends
    its weight to the others in proportion.
    """
    by_kind: dict[str, list[GradeEntry]] = {component.kind: [] for component in scheme.components}
    for entry in entries:
        by_kind[entry.kind].append(entry)
    components = tuple(
        ComponentTotal(
            component.kind,
            component.label,
            component.weight,
            _mean([entry for entry in by_kind[component.kind] if entry.state in COUNTS_NOW]),
            _mean([entry for entry in by_kind[component.kind] if entry.state is not EntryState.EXCUSED]),
        )
        for component in scheme.components
    )
    counted, so_far = _weighted([(part.weight, part.so_far) for part in components])
    _, whole = _weighted([(part.weight, part.if_nothing_more) for part in components])
    return Totals(components, so_far, whole, counted)


def _mean(entries: list[GradeEntry]) -> Fraction | None:
    if not entries:
        return None
    return sum((entry.score or Fraction(0) for entry in entries), Fraction(0)) / len(entries)


def _weighted(parts: list[tuple[Fraction, Fraction | None]]) -> tuple[Fraction, Fraction | None]:
    known = [(weight, value) for weight, value in parts if value is not None]
    weight = sum((weight for weight, _ in known), Fraction(0))
    if not weight:
        return Fraction(0), None
    return weight, 100 * sum((weight * value for weight, value in known), Fraction(0)) / weight


@dataclass(frozen=True)
class Standing:
    """What is known of one person and one assessment, before it becomes an entry.

    Attributes:
        score: of its graded attempts together; None while none is graded.
        handed_in: something was handed in.
        excused: someone excused it.
        opens: seconds since 1970.
        due: seconds since 1970, the person's extension included.
    """

    score: Fraction | None
    handed_in: bool
    excused: bool
    opens: float
    due: float


def entry_state(standing: Standing, now: float) -> EntryState:
    """Returns where an assessment stands.

    >>> entry_state(Standing(None, handed_in=False, excused=False, opens=10, due=20), 25)
    <EntryState.MISSING: 'missing'>
    """
    if standing.excused:
        return EntryState.EXCUSED
    if standing.score is not None:
        return EntryState.GRADED
    if standing.handed_in:
        return EntryState.PENDING
    if now < standing.opens:
        return EntryState.COMING
    return EntryState.MISSING if now > standing.due else EntryState.OPEN


def gradebook(
    scheme: Scheme, kinds: Mapping[str, str], standings: Mapping[str, Standing], now: float
) -> tuple[tuple[GradeEntry, ...], Totals]:
    """Returns one person's entries and totals.

    Args:
        scheme: weights.
        kinds: assessment → kind, for the whole calendar.
        standings: assessment → what is known of it, for the whole calendar.
        now: seconds since 1970.
    """
    entries = []
    for slug, kind in kinds.items():
        state = entry_state(standings[slug], now)
        entries.append(GradeEntry(slug, kind, state, standings[slug].score if state is EntryState.GRADED else None))
    return tuple(entries), totals(scheme, entries)
