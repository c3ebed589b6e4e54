"""Handwritten digits of 8 × 8 pixels, bundled with scikit-learn."""

from __future__ import annotations

from functools import cache

import numpy as np

from fallline.engine.data.sets.data import Data, set_apart


@cache
def _images() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits  # 1 s, and most sets need nothing of it

    bunch = load_digits()
    return (bunch.images[:, None] / 16.0).astype(np.float32), bunch.target.astype(np.int64)


def digits(rows: int, noise: float, rng: np.random.Generator) -> Data:
    """Returns images (1, 8, 8) of ten classes (Alpaydin and Kaynak, 1998), values from 0 to 1.

    Args:
        rows: how many, drawn at random; all 1,797 where it is no fewer.
        noise: standard deviation of what is added to each pixel.
        rng: where rows, noise and split come from.
    """
    images, labels = _images()
    chosen = np.sort(rng.permutation(len(labels))[:rows])
    x, y = images[chosen], labels[chosen]
    if noise:
        x += rng.normal(0.0, noise, x.shape).astype(np.float32)
    return Data("digits", "classes", x, y, *set_apart(y, "classes", 0.2, 0.2, rng), classes=10)
