"""Hyperparameters that several optimizers share, with torch's defaults."""

from __future__ import annotations

from dataclasses import replace

from fallline.engine.optim.parameter import Parameter

MOMENTUM = Parameter("momentum", "β", "Momentum", 0.9, 0.0, 0.99, "complement", below=1.0)
NESTEROV = Parameter("nesterov", "ν", "Look ahead, as Nesterov does", 0.0, 0.0, 1.0, "switch", below=2.0)
SMOOTHING = Parameter("smoothing", "α", "Decay of the mean square", 0.99, 0.5, 0.9999, "complement", below=1.0)
BETA1 = Parameter("beta1", "β₁", "Decay of the mean gradient", 0.9, 0.0, 0.99, "complement", below=1.0)
BETA2 = Parameter("beta2", "β₂", "Decay of the mean square", 0.999, 0.8, 0.9999, "complement", below=1.0)
EPSILON = Parameter("epsilon", "ε", "Floor under the divisor", 1e-8, 1e-10, 1e-1, "log")
DECAY = Parameter("decay", "λ", "Weight decay", 0.0, 0.0, 0.5)
DECOUPLED_DECAY = replace(DECAY, default=0.01, title="Weight decay, decoupled")
SEARCH = Parameter("search", "k", "Halvings of the step, at most", 20.0, 0.0, 40.0, "whole", below=101.0)
