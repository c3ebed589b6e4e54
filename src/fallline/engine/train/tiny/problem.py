"""A tiny problem: points of a plane, what is to be said of them, and how an answer is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CLASSES = ("log_loss", "cross_entropy")
"""Losses that compare probabilities, and so need classes."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Points for training and for the test.

    Attributes:
        points: shape (n, 2), all of them.
        labels: classes from 0 on, or numbers from −1 to 1; shape (n,).
        taught: which points teach, shape (n,); the others test.
        classes: how many; 0 for a regression.
    """

    points: Array
    labels: NDArray[np.float64] | NDArray[np.int64]
    taught: NDArray[np.bool_]
    classes: int

    @property
    def regression(self) -> bool:
        """Whether labels are numbers."""
        return self.classes == 0

    def loss(self, asked: str) -> str:
        """Returns the loss that is used: the one asked for, or where it needs classes and there are none, squares."""
        return "squared" if self.regression and asked in CLASSES else asked

    def outputs(self, loss: str) -> int:
        """Returns how many outputs a net needs: one for numbers and for two classes, else one for each class."""
        return 1 if self.regression or (self.classes == 2 and loss != "cross_entropy") else self.classes

    def targets(self, loss: str) -> NDArray[np.float64] | NDArray[np.int64]:
        """Returns what the loss compares outputs with: classes, or numbers of shape (n, outputs)."""
        if self.regression:
            return self.labels.astype(np.float64)[:, None]
        if loss == "cross_entropy":
            return self.labels.astype(np.int64)
        columns = self.labels[:, None] == (np.array([1]) if self.classes == 2 else np.arange(self.classes))
        return columns.astype(np.float64) if loss == "log_loss" else np.where(columns, 1.0, -1.0)

    def said(self, outputs: Array, loss: str) -> Array:
        """Returns what a net says at points, from −1 to 1: between two classes, or the number; of more, the class.

        Args:
            outputs: shape (n, outputs).
            loss: by which the net was taught.
        """
        with np.errstate(all="ignore"):  # a net that ran away says what is no number
            if self.classes > 2:
                lost = ~np.isfinite(outputs).all(axis=1)
                return np.where(lost, np.nan, np.where(np.isfinite(outputs), outputs, -np.inf).argmax(axis=1))
            if loss == "cross_entropy":
                return np.asarray(np.tanh((outputs[:, 1] - outputs[:, 0]) / 2.0))
            return np.asarray(np.tanh(outputs[:, 0] / 2.0) if loss == "log_loss" else np.clip(outputs[:, 0], -1.0, 1.0))

    def error(self, outputs: Array, loss: str, where: NDArray[np.bool_]) -> float:
        """Returns the share of wrong classes, or the root of the mean squared error, on some points."""
        if self.regression:
            with np.errstate(all="ignore"):
                return float(np.sqrt(np.mean((outputs[where, 0] - self.labels[where]) ** 2)))
        said = self.said(outputs[where], loss)
        told = said if self.classes > 2 else np.where(np.isfinite(said), said > 0.0, -1.0)
        return float(np.mean(told != self.labels[where]))


def mean_loss(outputs: Array, targets: NDArray[np.float64] | NDArray[np.int64], loss: str) -> float:
    """Returns the mean loss over points and outputs, in float64.

    >>> mean_loss(np.array([[0.0]]), np.array([[1.0]]), "log_loss")
    0.6931
    """
    z = np.asarray(outputs, dtype=np.float64)
    with np.errstate(all="ignore"):
        if loss == "cross_entropy":
            most = z.max(axis=1, keepdims=True)
            told = np.log(np.exp(z - most).sum(axis=1)) + most[:, 0] - z[np.arange(len(z)), targets.astype(np.int64)]
            return float(told.mean())
        if loss == "log_loss":
            return float(np.mean(np.maximum(z, 0.0) - z * targets + np.log1p(np.exp(-np.abs(z)))))
        error = np.abs(z - targets)
        if loss == "absolute":
            return float(error.mean())
        if loss == "huber":
            return float(np.where(error <= 1.0, 0.5 * error * error, error - 0.5).mean())
        return float(np.mean(error * error))
