"""The order in which a member meets its rows: a new one each epoch, found again from the epoch's number alone.

SplitMix64 (Steele, Lea and Flood, 2014) drives the shuffle of Fisher and Yates (1938; Durstenfeld, 1964). It is a
stream of our own because it runs inside the kernel: NumPy's generator would take longer over it than the training. A
member that is resumed at any step meets the same rows as one that was never stopped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.optim.compiled import compile_loop

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
HALF = np.uint64(32)


def shuffle(order: Any, key: Any, epoch: int) -> None:
    """Writes a permutation of 0, 1, … that belongs to a key and an epoch.

    A number below m is the upper half of 32 random bits times m: for a million rows some are 0.02 % likelier.
    """
    state = np.uint64(key) + np.uint64(epoch) * FIRST
    for i in range(order.size):
        order[i] = i
    for i in range(order.size - 1, 0, -1):
        state += GOLDEN
        bits = (state ^ (state >> np.uint64(30))) * FIRST
        bits = (bits ^ (bits >> np.uint64(27))) * SECOND
        bits ^= bits >> np.uint64(31)
        j = np.int64(((bits >> HALF) * np.uint64(i + 1)) >> HALF)
        order[i], order[j] = order[j], order[i]


register_jitable(shuffle)
compiled_shuffle = compile_loop(shuffle)


@lru_cache(maxsize=4096)
def order_key(seed: int) -> np.uint64:
    """Returns the key of the order that belongs to a seed."""
    return np.uint64(generator(seed, "population", "order").integers(2**63))


def epoch_order(key: np.uint64, epoch: int, n: int) -> NDArray[np.int64]:
    """Returns the order of one epoch.

    >>> order = epoch_order(order_key(0), 3, 10)
    >>> sorted(order.tolist()) == list(range(10)), order.tolist() == epoch_order(order_key(0), 3, 10).tolist()
    (True, True)
    """
    order = np.empty(n, dtype=np.int64)
    compiled_shuffle(order, key, epoch)
    return order
