"""Nets: named architectures as data, how their weights start, and how signal and gradient travel through depth."""

from __future__ import annotations

from fallline.engine.nets.activations import Activation
from fallline.engine.nets.architecture import Architecture, Inputs, Outputs, Weights
from fallline.engine.nets.initialisations import INITIALISERS, Initialisation
from fallline.engine.nets.named import NETS, Net
from fallline.engine.nets.net import Options
from fallline.engine.nets.signal import ACTIVATIONS, INITIALISATIONS, Signal, signal_through_depth

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "INITIALISERS",
    "NETS",
    "Activation",
    "Architecture",
    "Initialisation",
    "Inputs",
    "Net",
    "Options",
    "Outputs",
    "Signal",
    "Weights",
    "signal_through_depth",
]
