"""Family: a kind of model, its hyperparameters, and the one way to fit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.ending import Ending
from fallline.core.errors import DataError, SpecError
from fallline.core.event import Listener, ignore
from fallline.engine.data.encode import Style
from fallline.engine.train.hyperparameter import Hyperparameter, Value, complete
from fallline.engine.train.model import Matrix, Model


@dataclass(frozen=True)
class Lesson:
    """Everything that one fit is given, checked.

    Attributes:
        matrix: encoded training rows, float32 (n, p), finite.
        labels: 0 or 1, float32 (n,), both there.
        params: every hyperparameter of the family.
        rng: where every random draw comes from.
        validation: rows that watch and never teach; None when there are none.
        report: hears a ``point`` per epoch or round.
        threads: how many the fit may use; part of what makes it reproducible.
        monotone: +1, −1 or 0 per matrix column: the prediction may only rise, only fall, or do either.
    """

    matrix: Matrix
    labels: NDArray[np.float32]
    params: Mapping[str, Value]
    rng: np.random.Generator
    validation: tuple[Matrix, NDArray[np.float32]] | None
    report: Listener
    threads: int
    monotone: tuple[int, ...]

    def number(self, name: str) -> float:
        """Returns a numeric hyperparameter."""
        return float(self.params[name])

    def whole(self, name: str) -> int:
        """Returns a whole hyperparameter."""
        return int(self.params[name])


class Learner(Protocol):
    """Fits one family."""

    def __call__(self, lesson: Lesson) -> tuple[Model, Ending]:
        """Returns the model and why the fit stopped."""
        ...


@dataclass(frozen=True)
class Family:
    """A kind of model.

    Attributes:
        name: as in a Spec.
        title: for a person.
        style: the encoding it reads.
        hyperparameters: all of them.
        learner: fits it.
        constrainable: whether it can be held monotone.
    """

    name: str
    title: str
    style: Style
    hyperparameters: tuple[Hyperparameter, ...]
    learner: Learner
    constrainable: bool = False

    @property
    def space(self) -> list[dict[str, Any]]:
        """The hyperparameters as plain data: name, title, type, low, high, log, choices, default, when, searched."""
        return [each.to_dict() for each in self.hyperparameters]

    def complete(self, params: Mapping[str, object], path: str = "params") -> dict[str, Value]:
        """Returns all hyperparameters, those not named at their defaults.

        Raises:
            SpecError: an unknown name, or a value that is not allowed.
        """
        return complete(self.hyperparameters, params, path)

    def fit(
        self,
        matrix: ArrayLike,
        labels: ArrayLike,
        params: Mapping[str, object],
        rng: np.random.Generator,
        *,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        report: Listener | None = None,
        threads: int = 1,
        monotone: Sequence[int] = (),
    ) -> tuple[Model, Ending]:
        """Fits a model to the training rows it is given.

        Args:
            matrix: encoded training rows, shape (n, p).
            labels: 0 or 1, shape (n,).
            params: hyperparameters by name; those not named take their defaults.
            rng: where every random draw comes from; the same stream gives the same model, bit by bit.
            validation: matrix and labels that watch the fit, epoch by epoch; nothing learns from them or stops by them.
            report: hears one ``point`` per epoch or round.
            threads: how many the fit may use.
            monotone: +1, −1 or 0 per matrix column; nothing is constrained when empty.

        Returns:
            The model as plain data, and why the fit stopped.

        Raises:
            SpecError: a hyperparameter or constraint that is not allowed.
            DataError: a matrix or labels that cannot be learnt from.
            Unavailable: the library that this family needs is not installed.
        """
        rows = checked(matrix, labels, "training")
        if not 0.0 < rows[1].mean() < 1.0:
            raise DataError("All training rows are of one class: a classifier needs rows of both.")
        watched = None if validation is None else checked(*validation, "validation", rows[0].shape[1])
        lesson = Lesson(
            matrix=rows[0],
            labels=rows[1],
            params=self.complete(params),
            rng=rng,
            validation=watched,
            report=report or ignore,
            threads=max(1, threads),
            monotone=self._directions(monotone, rows[0].shape[1]),
        )
        return self.learner(lesson)

    def _directions(self, monotone: Sequence[int], width: int) -> tuple[int, ...]:
        """Returns the constraints, checked."""
        directions = tuple(int(each) for each in monotone)
        if not any(directions):
            return ()
        if not self.constrainable:
            raise SpecError("monotone", list(directions), f"possible for family {self.name!r}", "Use 'boosting'.")
        if len(directions) != width or set(directions) - {-1, 0, 1}:
            raise SpecError("monotone", list(directions), f"-1, 0 or 1 for each of {width} matrix columns")
        return directions


def checked(
    matrix: ArrayLike, labels: ArrayLike, what: str, width: int | None = None
) -> tuple[Matrix, NDArray[np.float32]]:
    """Returns a matrix and its labels as float32.

    Raises:
        DataError: shapes do not fit, a number is not finite, or a label is neither 0 nor 1.
    """
    plain, marks = np.asarray(matrix, dtype=np.float32), np.asarray(labels, dtype=np.float32)
    if plain.ndim != 2 or not plain.size or (width is not None and plain.shape[1] != width):
        expected = "rows and columns" if width is None else f"{width} columns and at least one row"
        raise DataError(f"The {what} matrix must have {expected}; it has shape {plain.shape}.")
    if marks.shape != (len(plain),):
        raise DataError(f"The {what} matrix has {len(plain):,} rows and its labels have shape {marks.shape}.")
    if not np.isfinite(plain).all():
        place = int(np.flatnonzero(~np.isfinite(plain).all(axis=0))[0])
        raise DataError(
            f"Column {place} of the {what} matrix holds a value that is not finite: encode the table first."
        )
    if not np.isin(marks, (0.0, 1.0)).all():
        raise DataError(f"The {what} labels must be 0 and 1.")
    return plain, marks
