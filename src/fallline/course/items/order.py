"""Kind ``order``: lines to put in order, some of which do not belong (a Parsons problem), answered by letters."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fallline.course.generators import Params
from fallline.course.items.graded import Graded, invalid
from fallline.course.items.item import Answer, ItemBase, TagId, Trial, letter_list, letters
from fallline.course.items.presented import Presented
from fallline.course.loader import ContentModel
from fallline.course.template import TemplateText


class Block(ContentModel):
    """A line that does not belong, and what using it points to."""

    text: Annotated[TemplateText, Field(min_length=1, max_length=300)]
    wrong: TagId


def pairs_in_order(given: list[int], count: int) -> Fraction:
    """Returns the share of all pairs of lines that stand in the right order; a line left out spoils its pairs.

    >>> pairs_in_order([0, 2, 1], 3), pairs_in_order([0, 1], 3)
    (Fraction(2, 3), Fraction(1, 3))
    """
    place = {line: position for position, line in enumerate(given)}
    pairs = list(combinations(range(count), 2))
    good = sum(first in place and second in place and place[first] < place[second] for first, second in pairs)
    return Fraction(good, len(pairs))


class Order(ItemBase):
    """Lines in order.

    Attributes:
        blocks: the lines, in the right order.
        distractors: lines that do not belong.
        partial: ``off``, or ``pairs``: the share of pairs in order, 0 when a line is used that does not belong.
        swapped: what a wrong order of the right lines points to; may be missing.
    """

    kind: Literal["order"] = "order"
    blocks: Annotated[tuple[Annotated[TemplateText, Field(min_length=1)], ...], Field(min_length=2, max_length=8)]
    distractors: Annotated[tuple[Block, ...], Field(max_length=4)] = ()
    partial: Literal["off", "pairs"] = "pairs"
    swapped: TagId | None = None

    @model_validator(mode="after")
    def _must_shuffle(self) -> Order:
        if not self.shuffle:
            msg = "an order item with shuffle = true: unshuffled, it shows its answer"
            raise ValueError(msg)
        return self

    def _texts(self, params: Params) -> list[str]:
        return [self.filled(text, params) for text in (*self.blocks, *(block.text for block in self.distractors))]

    def show(self, params: Params, seed: int) -> Presented:
        """Returns the variant as shown, its lines shuffled by the seed."""
        texts = self._texts(params)
        options = tuple((key, texts[index]) for key, index in letters(self.order(seed, len(texts))).items())
        how = (
            "Write the letters in order; not every line need be used."
            if self.distractors
            else "Write the letters in order."
        )
        return Presented(self.id, self.kind, self.filled(self.prompt, params), options, instruction=how)

    def mark(self, params: Params, seed: int, answer: Answer) -> Graded:
        """Returns the verdict on letters in order."""
        shown = letters(self.order(seed, len(self.blocks) + len(self.distractors)))
        chosen = letter_list(answer, shown)
        if chosen is None:
            return invalid("Write the letters of the lines in order, each at most once.")
        return self._verdict(params, [shown[letter] for letter in chosen])

    def _verdict(self, params: Params, given: list[int]) -> Graded:
        count = len(self.blocks)
        if given == list(range(count)):
            return Graded(Fraction(1), self.filled(self.solution, params))
        strange = [line for line in given if line >= count]
        if strange:
            return self.wrong(params, self.distractors[strange[0] - count].wrong)
        score = pairs_in_order(given, count) if self.partial == "pairs" else Fraction(0)
        return self.wrong(params, self.swapped if len(given) == count else None, score)

    def ambiguous(self, params: Params) -> bool:
        """Says whether two lines read the same."""
        texts = self._texts(params)
        return len(set(texts)) < len(texts)

    def trials(self, params: Params, seed: int) -> list[Trial]:
        """Returns the right order, the reverse, each line that does not belong, and what is no answer."""
        del params
        count = len(self.blocks)
        shown = {line: key for key, line in letters(self.order(seed, count + len(self.distractors))).items()}
        right = [shown[line] for line in range(count)]
        made = [Trial(answer, None) for answer in ("", None, [], "nan", [right[0], right[0]], 2.0)]
        made += [Trial(right, Fraction(1)), Trial(" ".join(right), Fraction(1))]
        made += [Trial(right[::-1], Fraction(0), self.swapped or "")]
        made += [
            Trial([*right, shown[count + n]], Fraction(0), block.wrong) for n, block in enumerate(self.distractors)
        ]
        return made

    def tags(self) -> set[str]:
        """Returns the misconceptions of lines that do not belong and of a wrong order."""
        return {block.wrong for block in self.distractors} | ({self.swapped} if self.swapped else set())
