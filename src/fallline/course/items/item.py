"""An item: a question as data. What all kinds share; each kind is a file of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from fallline.core.rng import generator
from fallline.course.exact import Exact
from fallline.course.generators import Params
from fallline.course.items.graded import Graded
from fallline.course.items.presented import Presented
from fallline.course.loader import ContentModel
from fallline.course.rule import ConditionText, all_hold
from fallline.course.template import TemplateText, fill

LETTERS = "abcdefghijkl"
Answer = str | int | float | Sequence[str] | None
"""What comes from a form: text, a number, a letter, or letters."""

TagId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Generate(ContentModel):
    """Where an item's numbers come from.

    Attributes:
        builtin: name of a generator.
        settings: its ranges, where they differ from its defaults.
    """

    builtin: str
    settings: dict[str, tuple[float, float]] = Field(default_factory=dict)


class Misconception(ContentModel):
    """A way to be wrong that has a name.

    Attributes:
        id: its tag.
        feedback: template; breaks the misconception without giving the answer away.
        value: the parameter that someone who holds it answers (numeric items).
        score: what it is worth.
    """

    id: TagId
    feedback: Annotated[TemplateText, Field(min_length=20, max_length=800)]
    value: str | None = None
    score: Exact = Fraction(0)


class WrongRule(ContentModel):
    """Which misconception a wrong choice points to; the first rule that holds speaks."""

    when: tuple[ConditionText, ...] = ()
    id: TagId


class Option(ContentModel):
    """One option of a choice.

    Attributes:
        text: template.
        correct: conditions on the variant's parameters under which it is right; ``[]`` is always, None never.
        wrong: what choosing it points to where it is not right.
    """

    text: Annotated[TemplateText, Field(min_length=1, max_length=400)]
    correct: tuple[ConditionText, ...] | None = None
    wrong: tuple[WrongRule, ...] = ()

    def right(self, params: Params) -> bool:
        """Says whether it is right in this variant."""
        return self.correct is not None and all_hold(self.correct, params)

    def tag(self, params: Params) -> str | None:
        """Returns the misconception that choosing it wrongly points to."""
        return next((rule.id for rule in self.wrong if all_hold(rule.when, params)), None)


@dataclass(frozen=True)
class Trial:
    """An answer whose score is known beforehand, for the content check.

    Attributes:
        answer: as a student would give it.
        score: what it must get; None when it must be refused as invalid.
        misconception: the tag that it must get; empty for none.
    """

    answer: Answer
    score: Fraction | None
    misconception: str = ""


class ItemBase(ContentModel):
    """What every kind of item has.

    Attributes:
        id: that of its file.
        kind: the kind.
        week: whose subject it asks about.
        title: for instructors.
        topic: for statistics.
        minutes: that it should take.
        prompt: template, Markdown.
        solution: template; why the right answer is right.
        generate: where its numbers come from; None has none.
        misconceptions: ways to be wrong.
        shuffle: whether options are shown in an order of their own for each seed.
    """

    id: TagId
    kind: str
    week: Annotated[int, Field(ge=1, le=52)]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    topic: Annotated[str, Field(min_length=1, max_length=60)]
    minutes: Annotated[int, Field(ge=1, le=60)] = 2
    prompt: Annotated[TemplateText, Field(min_length=1, max_length=4_000)]
    solution: Annotated[TemplateText, Field(min_length=1, max_length=2_000)]
    generate: Generate | None = None
    misconceptions: Annotated[tuple[Misconception, ...], Field(max_length=12)] = ()
    shuffle: bool = True

    @abstractmethod
    def show(self, params: Params, seed: int) -> Presented:
        """Returns the variant as shown."""

    @abstractmethod
    def mark(self, params: Params, seed: int, answer: Answer) -> Graded:
        """Returns the verdict on an answer."""

    @abstractmethod
    def ambiguous(self, params: Params) -> bool:
        """Says whether two answers could be confused in this variant; the content check finds it."""

    def rejects(self, params: Params) -> bool:
        """Says whether another variant is to be drawn; only numbers may come too close by chance."""
        del params
        return False

    @abstractmethod
    def trials(self, params: Params, seed: int) -> list[Trial]:
        """Returns the right answer, each misconception's, and some that are none."""

    @abstractmethod
    def tags(self) -> set[str]:
        """Returns the misconceptions that answers can point to."""

    def order(self, seed: int, count: int) -> list[int]:
        """Returns in which order this seed shows so many options."""
        if not self.shuffle:
            return list(range(count))
        return [int(index) for index in generator(seed, "item", self.id, "order").permutation(count)]

    def misconception(self, tag: str) -> Misconception:
        """Returns a misconception by its tag; raises KeyError."""
        for known in self.misconceptions:
            if known.id == tag:
                return known
        raise KeyError(tag)

    def filled(self, text: str, params: Params) -> str:
        """Returns a template with the variant's numbers.

        Raises:
            KeyError: a parameter that the generator does not give.
        """
        written = fill(text, params)
        if written is None:
            raise KeyError(f"{self.id}: a parameter in {text[:60]!r} is not among {', '.join(params)}")
        return written

    def wrong(self, params: Params, tag: str | None, score: Fraction = Fraction(0)) -> Graded:
        """Returns the verdict on a wrong answer, with the feedback of its misconception where it has one."""
        if tag is None:
            return Graded(score, "Not this. Work it through with the numbers given, then compare with the options.")
        return Graded(score, self.filled(self.misconception(tag).feedback, params), (tag,))


def letters(order: Sequence[int]) -> dict[str, int]:
    """Returns letter as shown → position as written.

    >>> letters([2, 0, 1])
    {'a': 2, 'b': 0, 'c': 1}
    """
    return {LETTERS[place]: position for place, position in enumerate(order)}


def letter_list(answer: Answer, known: Mapping[str, Any]) -> list[str] | None:
    """Reads letters from a form: a list, or text such as ``b, a``; None when one is unknown or doubled."""
    if isinstance(answer, str):
        parts = [part for part in answer.replace(",", " ").split() if part]
    elif isinstance(answer, Sequence):
        parts = [part.strip() if isinstance(part, str) else "" for part in answer]
    else:
        return None
    plain = [part.lower() for part in parts]
    if not plain or len(set(plain)) < len(plain) or any(part not in known for part in plain):
        return None
    return plain
