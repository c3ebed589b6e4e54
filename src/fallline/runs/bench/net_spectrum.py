"""The curvatures of a small net on a real table, by Lanczos, at a point of its training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fallline.core.rng import generator
from fallline.engine.nets.lanczos import lanczos
from fallline.engine.nets.one_hidden import OneHidden

HIDDEN, RATE, BETA = 8, 0.05, 0.9
"""Of the net and its training."""
LANCZOS_STEPS = 40
FLAT = 1e-3
"""Curvatures below this share of the largest count as flat."""


@dataclass(frozen=True)
class NetSpectrum:
    """What Lanczos found.

    Attributes:
        curved: curvatures upwards, ascending.
        flat: how many others are nearly zero.
        down: how many point down.
        weights: of the net.
        loss: at that point of training.
    """

    curved: tuple[float, ...]
    flat: int
    down: int
    weights: int
    loss: float


@lru_cache(maxsize=16)
def net_spectrum(trained: int, seed: int) -> NetSpectrum:
    """Returns the spectrum after so many steps of training.

    Args:
        trained: steps.
        seed: of the net's start and of Lanczos' first vector.
    """
    net = diabetes_net()
    w = net.trained(net.start(generator(seed, "momentum", "start")), RATE, BETA, trained)
    rng = generator(seed, "momentum", "lanczos")
    found = lanczos(lambda v: net.hessian_vector(w, v), net.dimension, LANCZOS_STEPS, rng)
    edge = FLAT * float(found.max())
    curved = tuple(float(each) for each in found if each > edge)
    return NetSpectrum(
        curved, int((np.abs(found) <= edge).sum()), int((found < -edge).sum()), net.dimension, net.loss(w)
    )


@lru_cache(maxsize=1)
def diabetes_net() -> OneHidden:
    """Returns the net on the diabetes table of Efron and others (2004): 442 patients, ten columns, all standardised."""
    from sklearn.datasets import load_diabetes  # 1 s, and most pages need no table of it

    bunch = load_diabetes(scaled=False)
    x, y = np.asarray(bunch.data, dtype=np.float64), np.asarray(bunch.target, dtype=np.float64)
    return OneHidden((x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std(), HIDDEN)
