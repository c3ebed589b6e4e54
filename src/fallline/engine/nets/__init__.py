"""Nets: how signal and gradient travel through depth before a single step is taken."""

from __future__ import annotations

from fallline.engine.nets.activations import Activation
from fallline.engine.nets.initialisations import Initialisation
from fallline.engine.nets.signal import ACTIVATIONS, INITIALISATIONS, Signal, signal_through_depth

__all__ = ["ACTIVATIONS", "INITIALISATIONS", "Activation", "Initialisation", "Signal", "signal_through_depth"]
