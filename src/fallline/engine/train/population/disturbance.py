"""What disturbs members on purpose: noise on their slopes and on their labels, drawn as the training loop draws it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.train.loop.labels import noisy_labels
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.task import Task, targets

Array = NDArray[Any]


class Noise:
    """The noise of gradients, step after step; members of one seed share it.

    The draws are those of ``generator(seed, "train", "noise")``, a number for each weight and step.
    """

    def __init__(self, numbers: int, laid: Callable[[Array], Array], precision: str) -> None:
        """Takes how many numbers a step draws, and what lays them out as a member's row."""
        self._numbers, self._laid, self._precision = numbers, laid, precision
        self._walks: dict[int, tuple[int, np.random.Generator]] = {}

    def of(self, seed: int, began: int, steps: int) -> Array:
        """Returns what is drawn for steps from `began` on, shape (steps, moving)."""
        at, rng = self._walks.get(seed, (0, generator(seed, "train", "noise")))
        if at > began:
            at, rng = 0, generator(seed, "train", "noise")
        while at < began:  # in parts: a place late in a long run would not fit into memory at once
            part = min(began - at, 256)
            rng.standard_normal((part, self._numbers))
            at += part
        drawn = rng.standard_normal((steps, self._numbers))
        self._walks[seed] = (began + steps, rng)
        return self._laid(drawn.astype(self._precision))

    def tables(
        self, members: Sequence[Member], began: NDArray[np.int64], moving: Array, steps: int
    ) -> tuple[Array, Array, Array]:
        """Returns noise (some, steps, moving), which of them is a member's, −1 for none, and its standard deviation."""
        which = np.full(len(members), -1, dtype=np.int64)
        found: list[Array] = []
        known: dict[tuple[int, int], int] = {}
        for k in moving.tolist():
            if members[k].noise:
                key = (members[k].seed, int(began[k]))
                if key not in known:
                    known[key] = len(found)
                    found.append(self.of(*key, steps))
                which[k] = known[key]
        drawn = np.stack(found) if found else np.zeros((0, 0, 0), dtype=self._precision)
        return drawn, which, np.array([member.noise for member in members])


class Labels:
    """The targets of all members: those without noise share one set, others have their own."""

    def __init__(self, task: Task, laid: Callable[[Array], Array]) -> None:
        """Takes the task, and what lays targets out as they are computed with."""
        self._task, self._laid = task, laid
        self._places: dict[tuple[int, float], int] = {(0, 0.0): 0}
        self._all = laid(task.y)[None]

    def of(self, members: Sequence[Member]) -> tuple[Array, NDArray[np.int64]]:
        """Returns targets (some, n, …), and which of them are a member's."""
        keys = [(member.seed, member.label_noise) if member.label_noise else (0, 0.0) for member in members]
        new = [key for key in dict.fromkeys(keys) if key not in self._places]
        if new:
            self._places |= {key: len(self._all) + place for place, key in enumerate(new)}
            self._all = np.concatenate([self._all, np.stack([self._laid(self._noisy(*key)) for key in new])])
        return self._all, np.array([self._places[key] for key in keys], dtype=np.int64)

    def _noisy(self, seed: int, level: float) -> Array:
        task = self._task
        said = noisy_labels(task.said, level, seed, task.kinds)
        return targets(said, task.loss, task.precision, tokens=task.tokens)
