"""An attempt: one person's go at an assessment. Everything it depends on is frozen when it starts.

The drawn items are kept whole, so that a change of content touches no attempt that has begun. The changes of state
are pure functions that refuse what came too late; `storage` calls them inside the transaction that writes, so that the
guard and the write are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from fallline.core.errors import Conflict, FallLineError
from fallline.core.rng import generator
from fallline.course.activity import Activity, check_submission
from fallline.course.assessment import Assessment
from fallline.course.items import Answer, Item, Presented, grade, item_from, present
from fallline.course.variant import variant_seed
from fallline.runs.spec.base import build

State = Literal["open", "submitted", "graded"]
SPEC = "spec"
"""The one slot of an activity: the Spec that is handed in."""
MAX_ANSWER = 64 * 1024
"""Characters of one answer: a Spec fits, a flood does not."""


@dataclass(frozen=True)
class DrawnItem:
    """One item of an attempt.

    Attributes:
        slot: where it stands.
        item: its content as it was when the attempt started, as plain data.
        seed: of its variant.
        points: what it is worth, exact, as text.
    """

    slot: str
    item: dict[str, Any]
    seed: int
    points: str


@dataclass(frozen=True)
class Saved:
    """The answer to one slot.

    Attributes:
        sequence: number of the save; the highest wins, in whichever order they arrive.
        answer: as it came from the form.
        at: seconds since 1970.
        valid_sequence: of the last save that was an answer at all; 0 when none was.
        valid_answer: what it said; this is what gets marked.
    """

    sequence: int
    answer: Answer
    at: float
    valid_sequence: int = 0
    valid_answer: Answer = None


@dataclass(frozen=True)
class Attempt:
    """One go.

    Attributes:
        id: opaque; given by whoever starts it.
        person: id of its owner.
        assessment: slug.
        number: 1 is the first; unique with person and assessment.
        content: digest of the course's content at the start.
        seed: of the variant.
        started: seconds since 1970.
        deadline: seconds since 1970, the person's extra time included; after it, and the grace, nothing is saved.
        grace: seconds.
        items: as drawn at the start.
        activity: an activity's content at the start, as plain data; None for items.
        state: ``open``, ``submitted`` or ``graded``.
        submitted: seconds since 1970, or None.
        answers: slot → answer.
        grade: as `fallline.course.grading` wrote it, or None.
    """

    id: str
    person: str
    assessment: str
    number: int
    content: str
    seed: int
    started: float
    deadline: float
    grace: float
    items: tuple[DrawnItem, ...]
    activity: dict[str, Any] | None = None
    state: State = "open"
    submitted: float | None = None
    answers: Mapping[str, Saved] = field(default_factory=dict)
    grade: dict[str, Any] | None = None

    def drawn(self, slot: str) -> DrawnItem:
        """Returns what stands in a slot.

        Raises:
            FallLineError: no such slot.
        """
        for drawn in self.items:
            if drawn.slot == slot:
                return drawn
        raise FallLineError(f"This attempt has no question {slot[:40]!r}.")

    def item(self, slot: str) -> Item:
        """Returns the item in a slot, as it was when the attempt started."""
        return item_from(self.drawn(slot).item)

    def shown(self) -> dict[str, Presented]:
        """Returns slot → item as the student sees it."""
        return {drawn.slot: present(item_from(drawn.item), drawn.seed) for drawn in self.items}

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data; for storage, never for a page: the items' answers are in it."""
        return asdict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Attempt:
        """Reads what `to_dict` wrote."""
        plain = dict(data)
        plain["items"] = tuple(DrawnItem(**drawn) for drawn in data["items"])
        plain["answers"] = {slot: Saved(**saved) for slot, saved in data["answers"].items()}
        return Attempt(**plain)


@dataclass(frozen=True)
class Sitting:
    """Whose attempt it is, and under which conditions.

    Attributes:
        id: opaque, new.
        person: id.
        number: 1 is the first.
        now: seconds since 1970.
        deadline: when the assessment is due for this person, seconds since 1970.
        grace: seconds.
        multiplier: of the time limit, for who was granted more.
    """

    id: str
    person: str
    number: int
    now: float
    deadline: float
    grace: float = 60.0
    multiplier: float = 1.0


def activity_of(attempt: Attempt) -> Activity:
    """Returns the activity as it was when the attempt started.

    Raises:
        FallLineError: the attempt is at items.
    """
    if attempt.activity is None:
        raise FallLineError("This attempt is at questions, not at an activity.")
    made = build(Activity, attempt.activity)
    assert isinstance(made, Activity)  # noqa: S101 - build returns what it was asked for
    return made


def start(
    assessment: Assessment, items: Mapping[str, Item], sitting: Sitting, *, course: str, content: str, secret: bytes
) -> Attempt:
    """Draws an attempt: its variant, and from each slot one of its items.

    Args:
        assessment: what is sat.
        items: id → item, of the course.
        sitting: whose, when.
        course: slug of the course.
        content: digest of the course.
        secret: of this installation; without it nobody can compute anybody's variant.

    Raises:
        FallLineError: there is no such try.
        Conflict: the deadline and grace have passed.
    """
    if not 1 <= sitting.number <= len(assessment.tries):
        raise FallLineError(f"{assessment.title} has {len(assessment.tries)} tries; {sitting.number} is none of them.")
    if sitting.now > sitting.deadline + sitting.grace:
        raise Conflict(f"{assessment.title} is no longer open.")
    seed = variant_seed(secret, course, assessment.slug, sitting.person, sitting.number)
    limit = sitting.now + assessment.minutes * 60.0 * sitting.multiplier if assessment.minutes else sitting.deadline
    drawn = tuple(
        DrawnItem(slot.id, items[name].to_tree(), _slot_seed(seed, slot.id), str(slot.points))
        for slot in assessment.slots
        for name in [slot.items[int(generator(seed, "slot", slot.id).integers(len(slot.items)))]]
    )
    return Attempt(
        id=sitting.id,
        person=sitting.person,
        assessment=assessment.slug,
        number=sitting.number,
        content=content,
        seed=seed,
        started=sitting.now,
        deadline=min(limit, sitting.deadline),
        grace=sitting.grace,
        items=drawn,
        activity=assessment.activity.to_tree() if assessment.activity else None,
    )


def _slot_seed(seed: int, slot: str) -> int:
    return int(generator(seed, "slot", slot, "variant").integers(2**53))


def saved(attempt: Attempt, slot: str, sequence: int, answer: Answer, now: float) -> Attempt:
    """Returns the attempt with an answer saved; an older sequence number than the stored one changes nothing.

    What is no answer is kept as written, but the last save that was one is what gets marked.

    Raises:
        Conflict: the attempt is not open, or its deadline and grace have passed.
        FallLineError: no such slot, or an answer that is too long.
    """
    _guard(attempt, now)
    if sequence < 1 or len(str(answer)) > MAX_ANSWER:
        raise FallLineError("An answer has at most 64 KiB, and its saves are counted from 1.")
    if attempt.activity is not None and slot != SPEC:
        raise FallLineError(f"An activity has one thing to hand in, {SPEC!r}; {slot[:40]!r} is not it.")
    before = attempt.answers.get(slot, Saved(0, None, now))
    valid = _valid(attempt, slot, answer)
    newest = replace(before, sequence=sequence, answer=answer, at=now) if sequence > before.sequence else before
    if valid and sequence > before.valid_sequence:
        newest = replace(newest, valid_sequence=sequence, valid_answer=answer)
    return attempt if newest == before else replace(attempt, answers={**attempt.answers, slot: newest})


def _valid(attempt: Attempt, slot: str, answer: Answer) -> bool:
    if attempt.activity is not None:
        return isinstance(answer, str) and check_submission(answer, activity_of(attempt), attempt.seed).valid
    drawn = attempt.drawn(slot)
    return grade(item_from(drawn.item), drawn.seed, answer).valid


def submitted(attempt: Attempt, now: float) -> Attempt:
    """Returns the attempt handed in; handing in twice changes nothing.

    Raises:
        Conflict: its deadline and grace have passed; `closed` ends it then, with what was saved in time.
    """
    if attempt.state != "open":
        return attempt
    _guard(attempt, now)
    return replace(attempt, state="submitted", submitted=now)


def closed(attempt: Attempt, now: float) -> Attempt:
    """Returns the attempt ended at its deadline, with what was saved by then; one that is not over is left open.

    It counts as handed in when it was last saved: who forgot to press a button is not late.
    """
    if attempt.state != "open" or now <= attempt.deadline + attempt.grace:
        return attempt
    last = max((saved.at for saved in attempt.answers.values()), default=attempt.deadline)
    return replace(attempt, state="submitted", submitted=last)


def graded(attempt: Attempt, grade: Mapping[str, Any]) -> Attempt:
    """Returns the attempt with its grade, which is written once.

    Raises:
        Conflict: it is still open, or it has another grade already.
    """
    if attempt.state == "open":
        raise Conflict("An attempt is graded after it was handed in.")
    if attempt.grade is not None:
        if dict(attempt.grade) == dict(grade):
            return attempt
        raise Conflict("This attempt has a grade already; a regrade is a separate act.")
    return replace(attempt, state="graded", grade=dict(grade))


def _guard(attempt: Attempt, now: float) -> None:
    if attempt.state != "open":
        raise Conflict("This attempt was handed in; what was stored stays as it is.")
    if now > attempt.deadline + attempt.grace:
        raise Conflict("The time for this attempt is over; what was saved before stays as it is.")
