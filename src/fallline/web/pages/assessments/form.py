"""The form of an attempt: what a browser sent, with or without a script, as saves; and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData, UploadFile

from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.person import Person
from fallline.course.attempt import MAX_ANSWER, SPEC, Attempt
from fallline.course.roster import Roster
from fallline.web.pages.assessments.questions import as_text

Letter = Annotated[str, Field(max_length=4)]


class Save(BaseModel):
    """One answer as the page's script sends it.

    Attributes:
        slot: of which question.
        sequence: number of the save; grows with every change, on whichever page it is made.
        answer: as written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    slot: Annotated[str, Field(max_length=60)]
    sequence: Annotated[int, Field(ge=1, lt=2**53)]
    answer: Annotated[str, Field(max_length=MAX_ANSWER)] | Annotated[list[Letter], Field(max_length=12)] | None


class Saves(BaseModel):
    """What the page's script sends in one request; nothing at all asks how much time is left."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    saves: Annotated[list[Save], Field(max_length=60)]


@dataclass(frozen=True)
class Kept:
    """What became of some saves.

    Attributes:
        attempt: as it is stored now.
        lost: slots where something newer was stored already, so that what was sent did not replace it.
        refusal: why nothing is taken any more; empty when it is.
    """

    attempt: Attempt
    lost: tuple[str, ...]
    refusal: str = ""


def keep(roster: Roster, attempt: Attempt, person: Person, saves: list[Save], now: float) -> Kept:
    """Stores saves one by one; each is durable before the next.

    Raises:
        FallLineError: a slot that the attempt does not have, or an answer that is too long.
    """
    lost: list[str] = []
    for save in saves:
        try:
            attempt = roster.save(attempt.id, person, save.slot, save.sequence, save.answer, now)
        except Conflict as refusal:
            return Kept(roster.attempt(attempt.id, person) or attempt, tuple(lost), str(refusal))
        stored = attempt.answers[save.slot]
        if as_text(stored.answer) != as_text(save.answer):
            lost.append(save.slot)
    return Kept(attempt, tuple(lost))


def saves_of(form: FormData, attempt: Attempt) -> list[Save]:
    """Reads the changed answers of a plain form; what stands as it was rendered is no save.

    Raises:
        FallLineError: a file that is too long, or not UTF-8.
    """
    slots = [SPEC] if attempt.activity is not None else [drawn.slot for drawn in attempt.items]
    made = []
    for slot in slots:
        if f"sequence-{slot}" not in form:
            continue
        answer = _answer(form, slot)
        if as_text(answer) != str(form.get(f"given-{slot}", "")).replace("\r\n", "\n"):
            made.append(Save(slot=slot, sequence=_sequence(form, slot), answer=answer))
    return made


def _answer(form: FormData, slot: str) -> str | list[str]:
    file = form.get(f"file-{slot}")
    if isinstance(file, UploadFile) and file.filename:
        return _text(file.file.read(MAX_ANSWER + 1))
    given = [str(each)[: MAX_ANSWER + 1].replace("\r\n", "\n") for each in form.getlist(f"answer-{slot}")]
    if any(len(each) > MAX_ANSWER for each in given):
        raise FallLineError(f"An answer has at most {MAX_ANSWER // 1024} KiB. Nothing of it was kept.")
    return [each[:4] for each in given[:12]] if form.get(f"kind-{slot}") == "multiple" else (given or [""])[0]


def _text(content: bytes) -> str:
    if len(content) > MAX_ANSWER:
        raise FallLineError(
            f"A Spec has at most {MAX_ANSWER // 1024} KiB; that file is longer. Nothing of it was kept."
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FallLineError(
            f"That file is not UTF-8 text (byte {error.start}). Save it as UTF-8, then send it."
        ) from None


def _sequence(form: FormData, slot: str) -> int:
    text = str(form[f"sequence-{slot}"])
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:17]) < 2**53:
        raise NotFound("That form is not of this page.")
    return int(text)
