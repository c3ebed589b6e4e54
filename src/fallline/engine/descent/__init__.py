"""Descent: optimizers on surfaces, step by step, and why they ended."""

from __future__ import annotations

from fallline.engine.descent.added_noise import AlphaStable, Gaussian, HeavyTailed
from fallline.engine.descent.descend import descend, race
from fallline.engine.descent.floor import noise_floor
from fallline.engine.descent.noise import Noise
from fallline.engine.descent.noises import NOISES
from fallline.engine.descent.rates import rate_range, stable_rate
from fallline.engine.descent.row_noise import LabelNoise, MiniBatch
from fallline.engine.descent.sweep import Sweep, sweep
from fallline.engine.descent.trace import Runner, Trace
from fallline.engine.descent.warm import warm

__all__ = [
    "NOISES",
    "AlphaStable",
    "Gaussian",
    "HeavyTailed",
    "LabelNoise",
    "MiniBatch",
    "Noise",
    "Runner",
    "Sweep",
    "Trace",
    "descend",
    "noise_floor",
    "race",
    "rate_range",
    "stable_rate",
    "sweep",
    "warm",
]
