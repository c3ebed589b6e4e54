"""Kind ``multiple``: any number of options may be right; credit in part, by a named rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from fallline.course.generators import Params
from fallline.course.items.graded import Graded, invalid
from fallline.course.items.item import Answer, ItemBase, Option, TagId, Trial, letter_list, letters
from fallline.course.items.presented import Presented

Partial = Literal["off", "each-answer", "net-correct", "coverage"]


def partial_score(rule: Partial, ticked: set[int], right: set[int], count: int) -> Fraction:
    """Returns the credit for what was ticked.

    Args:
        rule: ``off``: all or nothing; ``each-answer``: share of options rightly ticked or left; ``net-correct``: right
            ticks less wrong ones, over what is right, not below 0; ``coverage``: share of what is right that was
            ticked, times share of ticks that are right.
        ticked: positions ticked; not empty.
        right: positions that are right; not empty.
        count: how many options there are.

    >>> partial_score("net-correct", {0, 1, 2}, {0, 1}, 4), partial_score("coverage", {0, 1, 2}, {0, 1}, 4)
    (Fraction(1, 2), Fraction(2, 3))
    """
    hits, misses = len(ticked & right), len(ticked - right)
    if rule == "off":
        return Fraction(ticked == right)
    if rule == "each-answer":
        return Fraction(count - misses - len(right - ticked), count)
    if rule == "net-correct":
        return max(Fraction(0), Fraction(hits - misses, len(right)))
    return Fraction(hits, len(right)) * Fraction(hits, len(ticked))


class Multiple(ItemBase):
    """Any number of several, at least one.

    Attributes:
        options: at least one is right in every variant.
        partial: how credit is given in part.
        missed: what leaving out a right option points to; may be missing.
    """

    kind: Literal["multiple"] = "multiple"
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=10)]
    partial: Partial = "net-correct"
    missed: TagId | None = None

    def show(self, params: Params, seed: int) -> Presented:
        """Returns the variant as shown, its options shuffled by the seed."""
        shown = letters(self.order(seed, len(self.options)))
        options = tuple((key, self.filled(self.options[index].text, params)) for key, index in shown.items())
        prompt = self.filled(self.prompt, params)
        return Presented(self.id, self.kind, prompt, options, instruction="Tick every one that applies.")

    def mark(self, params: Params, seed: int, answer: Answer) -> Graded:
        """Returns the verdict on letters."""
        shown = letters(self.order(seed, len(self.options)))
        chosen = letter_list(answer, shown)
        if chosen is None:
            return invalid("Tick at least one of the options.")
        return self._verdict(params, {shown[letter] for letter in chosen})

    def _right(self, params: Params) -> set[int]:
        return {index for index, option in enumerate(self.options) if option.right(params)}

    def _verdict(self, params: Params, ticked: set[int]) -> Graded:
        right = self._right(params)
        score = partial_score(self.partial, ticked, right, len(self.options))
        if ticked == right:
            return Graded(score, self.filled(self.solution, params))
        tags = [tag for index in sorted(ticked - right) if (tag := self.options[index].tag(params))]
        tags += [self.missed] if self.missed and right - ticked else []
        tags = list(dict.fromkeys(tags))
        said = [self.filled(self.misconception(tag).feedback, params) for tag in tags]
        return Graded(score, " ".join(said) or "Not all of these, or not these alone.", tuple(tags))

    def ambiguous(self, params: Params) -> bool:
        """Says whether no option is right, or two read the same."""
        texts = {self.filled(option.text, params) for option in self.options}
        return not self._right(params) or len(texts) < len(self.options)

    def trials(self, params: Params, seed: int) -> list[Trial]:
        """Returns the right ticks, the right ones with each wrong one, and what is no answer."""
        shown = {index: key for key, index in letters(self.order(seed, len(self.options))).items()}
        right, count = self._right(params), len(self.options)
        made = [Trial(answer, None) for answer in ("", [], None, "nan", ["a", "a"], 3.0)]
        made.append(Trial([shown[index] for index in right], Fraction(1)))
        for index in set(range(count)) - right:
            ticked = right | {index}
            score = partial_score(self.partial, ticked, right, count)
            made.append(Trial([shown[place] for place in ticked], score, self.options[index].tag(params) or ""))
        return made

    def tags(self) -> set[str]:
        """Returns the misconceptions of its options, and that of leaving one out."""
        return {rule.id for option in self.options for rule in option.wrong} | ({self.missed} if self.missed else set())
