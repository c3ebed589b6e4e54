"""The optimizers of ``torch.optim`` by name, over one flat tensor of parameters."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Make = Callable[[list[Tensor], float, float, float], torch.optim.Optimizer]

TORCH_OPTIMIZERS: dict[str, Make] = {
    "sgd": lambda w, rate, decay, _: torch.optim.SGD(w, lr=rate, weight_decay=decay, fused=True),
    "momentum": lambda w, rate, decay, momentum: torch.optim.SGD(
        w, lr=rate, weight_decay=decay, momentum=momentum, fused=True
    ),
    "nesterov": lambda w, rate, decay, momentum: torch.optim.SGD(
        w, lr=rate, weight_decay=decay, momentum=momentum, nesterov=True, fused=True
    ),
    "adagrad": lambda w, rate, decay, _: torch.optim.Adagrad(w, lr=rate, weight_decay=decay, fused=True),
    # no fused kernel on the CPU; over one tensor the plain loop is as fast as `foreach`
    "rmsprop": lambda w, rate, decay, _: torch.optim.RMSprop(w, lr=rate, weight_decay=decay, foreach=False),
    "adam": lambda w, rate, decay, _: torch.optim.Adam(w, lr=rate, weight_decay=decay, fused=True),
    "adamw": lambda w, rate, decay, _: torch.optim.AdamW(w, lr=rate, weight_decay=decay, fused=True),
}
"""Name → (parameters, rate, weight decay, momentum) → optimizer."""
