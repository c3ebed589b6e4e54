"""Frames: what fields, areas and graphs show at a step of the player."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from fallline.figures.figure import Field, Figure, Graph, Mark, Regions
from fallline.runs.bench.shades import unshaded

Frame = TypeVar("Frame")


def at_step(figure: Figure, step: int | None) -> Figure:
    """Returns the figure as it stands at a step; None is the end.

    >>> from fallline.figures import Axis, DataTable
    >>> field = Field((0.0, 1.0), (0.0, 1.0), 2, 1, (), palette="diverging", frames=("##", "#~"))
    >>> figure = Figure("f", "", Axis("x"), Axis("y"), (field,), "", DataTable((), ()))
    >>> at_step(figure, 0).marks[0].values, at_step(figure, None).marks[0].values
    ((-1.0, -1.0), (-1.0, 1.0))
    """
    if figure.frames:
        figure = replace(figure, marks=(*figure.marks, *_one(figure.frames, step)), frames=())
    if not any(moves(mark) for mark in figure.marks):
        return figure
    return replace(figure, marks=tuple(_at(mark, step) for mark in figure.marks))


def moves(mark: Mark) -> bool:
    """Tells whether a mark has frames."""
    return isinstance(mark, Field | Regions | Graph) and bool(mark.frames)


def _at(mark: Mark, step: int | None) -> Mark:
    if isinstance(mark, Field) and mark.frames:
        values = unshaded(_one(mark.frames, step)).tolist()
        return replace(mark, values=tuple(None if np.isnan(value) else value for value in values))
    if isinstance(mark, Regions) and mark.frames:
        return replace(mark, cells=_one(mark.frames, step))
    if isinstance(mark, Graph) and mark.frames:
        return replace(mark, weights=_one(mark.frames, step))
    return mark


def _one(frames: Sequence[Frame], step: int | None) -> Frame:
    return frames[-1 if step is None else min(step, len(frames) - 1)]
