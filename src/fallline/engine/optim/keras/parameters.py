"""Hyperparameters of the Keras dialect: Keras' defaults, and Keras' rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON, MOMENTUM, SMOOTHING

KERAS_EPSILON = replace(EPSILON, default=1e-7)
KERAS_DECAY = replace(DECOUPLED_DECAY, default=0.0)
KERAS_SMOOTHING = replace(SMOOTHING, symbol="ρ", default=0.9)
KERAS_MOMENTUM = replace(MOMENTUM, default=0.9)
MOMENTS = (BETA1, BETA2, KERAS_EPSILON, KERAS_DECAY)


def rounded(value: float) -> float:
    """Returns a number as Keras takes it in wherever its code casts it: rounded to float32, whatever the weights are.

    ``tf.cast(0.999, "float64")`` makes a float32 of the plain number first. In Adam that is the 0.999 of 1 − 0.999ᵗ,
    which is wrong by one part in 10⁵ at the first step for it.

    >>> rounded(0.999) - 0.999
    1.28746032e-08
    """
    return float(np.float32(value))
