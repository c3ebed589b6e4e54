"""Descent: optimizers on surfaces, step by step, and why they ended."""

from __future__ import annotations

from fallline.engine.descent.descend import descend, race
from fallline.engine.descent.rates import rate_range, stable_rate
from fallline.engine.descent.sweep import Sweep, sweep
from fallline.engine.descent.trace import Runner, Trace
from fallline.engine.descent.warm import warm

__all__ = ["Runner", "Sweep", "Trace", "descend", "race", "rate_range", "stable_rate", "sweep", "warm"]
