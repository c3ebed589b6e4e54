"""Items: questions as data, one kind a file. `present` shows a variant without answers, `grade` marks one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.course.generators import GENERATORS
from fallline.course.items.choice import Choice
from fallline.course.items.draw import draw
from fallline.course.items.graded import Graded
from fallline.course.items.item import Answer, ItemBase
from fallline.course.items.multiple import Multiple
from fallline.course.items.numeric import Numeric
from fallline.course.items.order import Order
from fallline.course.items.presented import Presented
from fallline.course.loader import ContentError, ContentFiles, with_hint
from fallline.runs.spec.base import build

Item = Choice | Multiple | Numeric | Order

KINDS: dict[str, type[Item]] = {"choice": Choice, "multiple": Multiple, "numeric": Numeric, "order": Order}
"""Kind → model. Files, the content check and the docs read this dict."""


def item_from(tree: dict[str, Any]) -> Item:
    """Builds an item from plain data.

    Raises:
        SpecError: an unknown kind, or something the kind refuses.
    """
    model = lookup(str(tree.get("kind")), KINDS, "kind")
    try:
        made = build(model, tree)
    except SpecError as error:
        raise with_hint(error, model) from None
    assert isinstance(made, Choice | Multiple | Numeric | Order)  # noqa: S101 - narrows for the type checker
    known = {misconception.id for misconception in made.misconceptions}
    for tag in sorted(made.tags() - known):
        raise SpecError("misconceptions", tag, "a misconception with feedback", f"Known: {', '.join(sorted(known))}.")
    if made.generate is not None:
        # an unknown generator or range is refused here, before anybody sits the item
        lookup(made.generate.builtin, GENERATORS, "generate.builtin").settings(made.generate.settings)
    return made


def load_item(files: ContentFiles, name: str) -> Item:
    """Reads an item from its file; its id is the file's name.

    Raises:
        ContentError: what is wrong, with the file.
    """
    tree = files.tree(name)
    if tree.get("id", Path(name).stem) != Path(name).stem:
        raise ContentError(name, "id", tree["id"], f"the name of its file, {Path(name).stem!r}")
    try:
        return item_from(tree | {"id": Path(name).stem})
    except SpecError as error:
        raise ContentError.of(name, error) from None


def present(item: Item, seed: int) -> Presented:
    """Returns the variant that a seed gives, as shown: no answer, no seed, no misconception is in it."""
    return item.show(draw(item, seed), seed)


def grade(item: Item, seed: int, answer: Answer) -> Graded:
    """Returns the verdict on an answer to the variant that a seed gives; what is no answer is invalid, not wrong."""
    return item.mark(draw(item, seed), seed, answer)


__all__ = ["KINDS", "Answer", "Graded", "Item", "ItemBase", "Presented", "grade", "item_from", "load_item", "present"]
