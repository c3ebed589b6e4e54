"""Losses by name: what a net's outputs cost; each is the mean over samples, steps and outputs."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.engine.data.sets import Task


@dataclass(frozen=True)
class Loss:
    """A loss by name; `fallline.engine.train.loop.criteria` computes it.

    Attributes:
        name: key in `LOSSES`.
        title: as a person reads it.
        formula: in TeX, with z an output, y what was to be said, e = z − y.
        tasks: what it suits.
    """

    name: str
    title: str
    formula: str
    tasks: tuple[Task, ...]


LOSSES: dict[str, Loss] = {
    each.name: each
    for each in (
        Loss("cross_entropy", "Cross-entropy", r"-\log \mathrm{softmax}(z)_y", ("classes", "tokens")),
        Loss("log_loss", "Log loss", r"\log(1 + e^{z}) - y z", ("binary",)),
        Loss("squared", "Mean squared error", r"e^2", ("regression", "binary")),
        Loss("absolute", "Mean absolute error", r"|e|", ("regression", "binary")),
        Loss("huber", "Huber loss", r"\min\left(\tfrac12 e^2,\ |e| - \tfrac12\right)", ("regression",)),
    )
}
"""Name → loss; the first that suits a task is its default."""


def default_loss(task: Task) -> str:
    """Returns the name of the loss that a task has where none is named.

    >>> default_loss("binary")
    'log_loss'
    """
    return next(name for name, loss in LOSSES.items() if task in loss.tasks)
