"""Where every random draw comes from: a Generator seeded by a seed and a path of names.

Two stages of one run never share a stream, and adding a draw to one does not shift another. SHA-256 rather than
`hash()`: the stream is the same on every platform and Python.
"""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, *path: str | int) -> np.random.Generator:
    """Returns the stream that belongs to `path` under `seed`.

    Args:
        seed: the Spec's seed, ≥ 0.
        *path: names and numbers, such as ``("tune", "trial", 12)``.

    >>> bool(generator(0, "tune").integers(1000) == generator(0, "tune").integers(1000))
    True
    >>> float(generator(0, "a").random()) == float(generator(0, "b").random())
    False
    """
    text = "\x1f".join([str(seed), *(f"{type(part).__name__}:{part}" for part in path)])
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([int(word) for word in words])))
