"""An architecture as a PyTorch module, of torch's own layers wherever torch has one.

Building draws nothing: the layers are laid out without memory, and take the weights that they are given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from fallline.engine.nets.architecture import Architecture
from fallline.engine.nets.layer import (
    Activate,
    Block,
    Conv,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Mean,
    Norm,
    Pool,
    Positions,
    Recurrence,
    Sequence,
)

UNITS: dict[str, Callable[[], nn.Module]] = {
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
}
"""Name of an activation → torch's layer."""


class Steps(nn.Module):
    """Reads a sample as steps: (n, p) → (n, p, 1), (n, c, l) → (n, l, c), (n, c, h, w) → (n, h, c·w)."""

    def forward(self, x: Tensor) -> Tensor:
        """Returns (n, steps, width)."""
        if x.dim() == 2:
            return x.unsqueeze(2)
        return x.transpose(1, 2) if x.dim() == 3 else x.transpose(1, 2).flatten(2)


class Place(nn.Module):
    """Adds a learned vector to each step."""

    def __init__(self, steps: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(steps, width))

    def forward(self, x: Tensor) -> Tensor:
        """Returns x with the vectors added."""
        return x + self.weight


class Gated(nn.GRU):
    """Torch's gated units, which give the state after each step or after the last."""

    def __init__(self, inputs: int, units: int, *, each: bool) -> None:
        super().__init__(inputs, units, batch_first=True)
        self.each = each

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]  # one tensor in, one out, as Sequential wants
        """Returns (n, steps, units), or (n, units)."""
        states: Tensor = super().forward(x)[0]
        return states if self.each else states[:, -1]


class Attending(nn.Module):
    """A transformer block, normalised before each part."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        width = block.width
        self.causal = block.causal
        self.norm_attention = nn.LayerNorm(width) if block.norm else nn.Identity()
        self.norm_forward = nn.LayerNorm(width) if block.norm else nn.Identity()
        self.attention = nn.MultiheadAttention(width, block.heads, batch_first=True)
        self.widen = nn.Linear(width, 4 * width)
        self.activation = UNITS[block.activation]()
        self.narrow = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(block.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Returns x with what attention and the feed-forward part add."""
        h, mask = self.norm_attention(x), None
        if self.causal:
            mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        x = x + self.dropout(self.attention(h, h, h, attn_mask=mask, need_weights=False)[0])
        added: Tensor = self.dropout(self.narrow(self.activation(self.widen(self.norm_forward(x)))))
        return x + added


class MeanOverSteps(nn.Module):
    """The mean over the steps."""

    def forward(self, x: Tensor) -> Tensor:
        """Returns (n, width)."""
        return x.mean(1)


def _norm(layer: Norm) -> nn.Module:
    """Layer normalisation over channels and places is torch's GroupNorm of one group."""
    if layer.kind == "layer":
        return nn.GroupNorm(1, layer.features) if layer.axes else nn.LayerNorm(layer.features)
    return (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d)[layer.axes](layer.features)


MODULES: dict[type, Callable[[Any], nn.Module]] = {
    Flatten: lambda _: nn.Flatten(),
    Dense: lambda layer: nn.Linear(layer.inputs, layer.outputs),
    Activate: lambda layer: UNITS[layer.name](),
    Norm: _norm,
    Dropout: lambda layer: nn.Dropout(layer.share),
    Conv: lambda layer: (nn.Conv1d, nn.Conv2d)[layer.axes - 1](
        layer.inputs, layer.outputs, layer.side, padding=layer.side // 2
    ),
    Pool: lambda layer: (nn.MaxPool1d, nn.MaxPool2d)[layer.axes - 1](2),
    Embedding: lambda layer: nn.Embedding(layer.vocabulary, layer.width),
    Sequence: lambda _: Steps(),
    Positions: lambda layer: Place(layer.steps, layer.width),
    Recurrence: lambda layer: Gated(layer.inputs, layer.units, each=layer.each),
    Block: Attending,
    Mean: lambda _: MeanOverSteps(),
}
"""Layer → torch's module."""


def as_module(
    architecture: Architecture, weights: Mapping[str, ArrayLike], dtype: torch.dtype = torch.float32
) -> nn.Sequential:
    """Builds a module that starts from these weights; torch's random state is not touched.

    Args:
        architecture: its layers.
        weights: what `Architecture.draw` gave.
        dtype: of the weights.

    >>> from fallline.engine.nets import Inputs, Net, Outputs
    >>> plan = Net("mlp", {"widths": (4,)}).architecture(Inputs((2,)), Outputs(1))
    >>> module = as_module(plan, plan.draw(np.random.default_rng(0)))
    >>> module(torch.zeros(3, 2)).shape
    torch.Size([3, 1])
    """
    with torch.device("meta"):
        module = nn.Sequential(OrderedDict((name, MODULES[type(layer)](layer)) for name, layer in architecture.layers))
    state = {name: torch.from_numpy(np.array(array)).to(dtype) for name, array in weights.items()}
    for name, buffer in module.named_buffers():  # those of batch normalisation: mean 0, variance 1, no batch seen
        kind = dtype if buffer.is_floating_point() else buffer.dtype
        state[name] = torch.full(buffer.shape, float(name.endswith("running_var")), dtype=kind)
    module.load_state_dict(state, assign=True)
    return module


def as_weights(module: nn.Module) -> dict[str, Any]:
    """Returns a module's parameters as NumPy arrays by name."""
    return {name: each.detach().cpu().numpy().copy() for name, each in module.named_parameters()}
