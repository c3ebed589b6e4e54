"""Kind ``choice``: one option is right."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from fallline.course.generators import Params
from fallline.course.items.graded import Graded, invalid
from fallline.course.items.item import Answer, ItemBase, Option, Trial, letter_list, letters
from fallline.course.items.presented import Presented


class Choice(ItemBase):
    """One of several.

    Attributes:
        options: exactly one is right in every variant.
    """

    kind: Literal["choice"] = "choice"
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]

    def show(self, params: Params, seed: int) -> Presented:
        """Returns the variant as shown, its options shuffled by the seed."""
        shown = letters(self.order(seed, len(self.options)))
        options = tuple((key, self.filled(self.options[index].text, params)) for key, index in shown.items())
        return Presented(self.id, self.kind, self.filled(self.prompt, params), options, instruction="Choose one.")

    def mark(self, params: Params, seed: int, answer: Answer) -> Graded:
        """Returns the verdict on a letter."""
        shown = letters(self.order(seed, len(self.options)))
        chosen = letter_list(answer, shown)
        if chosen is None or len(chosen) != 1:
            return invalid("Choose one of the options.")
        option = self.options[shown[chosen[0]]]
        if option.right(params):
            return Graded(Fraction(1), self.filled(self.solution, params))
        tag = option.tag(params)
        return self.wrong(params, tag, self.misconception(tag).score if tag else Fraction(0))

    def ambiguous(self, params: Params) -> bool:
        """Says whether not exactly one option is right, or two read the same."""
        texts = {self.filled(option.text, params) for option in self.options}
        return sum(option.right(params) for option in self.options) != 1 or len(texts) < len(self.options)

    def trials(self, params: Params, seed: int) -> list[Trial]:
        """Returns every option with its score, and what is no answer."""
        made = [Trial(answer, None) for answer in ("", None, "nan", "z", "a b", 1.0)]
        for key, index in letters(self.order(seed, len(self.options))).items():
            option = self.options[index]
            tag = None if option.right(params) else option.tag(params)
            score = Fraction(1) if option.right(params) else self.misconception(tag).score if tag else Fraction(0)
            made.append(Trial(key, score, tag or ""))
        return made

    def tags(self) -> set[str]:
        """Returns the misconceptions of its options."""
        return {rule.id for option in self.options for rule in option.wrong}
