"""Label noise: what is said of the training rows, made wrong on purpose, the same in every loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator


def noisy_labels(labels: NDArray[Any], level: float, seed: int, kinds: int) -> NDArray[Any]:
    """Returns labels with noise.

    Of classes and tokens a share is replaced by another one, each as likely; to the numbers of a regression, noise of
    that standard deviation is added. The draws are those of ``generator(seed, "train", "labels")``.

    Args:
        labels: of the training rows.
        level: the share, or the standard deviation; 0 changes nothing.
        seed: of the training.
        kinds: how many classes or tokens there are; 0 where the labels are numbers.

    >>> noisy_labels(np.zeros(8, dtype=np.int64), 0.5, seed=0, kinds=3).tolist()
    [0, 1, 0, 2, 0, 2, 0, 2]
    """
    if level == 0.0:
        return labels
    rng = generator(seed, "train", "labels")
    if not kinds:
        return np.asarray(labels + (level * rng.standard_normal(labels.shape)).astype(labels.dtype))
    wrong = rng.random(labels.shape) < level
    return np.where(wrong, (labels + rng.integers(1, kinds, size=labels.shape)) % kinds, labels)
