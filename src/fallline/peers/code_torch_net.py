"""A named net as PyTorch source: its layers, and the first weights drawn as the run draws them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fallline.engine.nets import Architecture
from fallline.engine.nets.layer import (
    Activate,
    Block,
    Conv,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    Mean,
    Norm,
    Pool,
    Positions,
    Recurrence,
    Sequence,
)
from fallline.peers.code_start import law_name, start_functions

UNITS = {"tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "gelu": "GELU"}

STEPS = '''\
class Steps(torch.nn.Module):
    """Reads a sample as steps: number by number, place by place, row by row."""

    def forward(self, x):
        if x.dim() == 2:
            return x.unsqueeze(2)
        return x.transpose(1, 2) if x.dim() == 3 else x.transpose(1, 2).flatten(2)'''

PLACE = '''\
class Place(torch.nn.Module):
    """Adds a learned vector to each step."""

    def __init__(self, steps, width):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(steps, width))

    def forward(self, x):
        return x + self.weight'''

GATED = '''\
class Gated(torch.nn.GRU):
    """Gated units that give their state after each step, or after the last."""

    def __init__(self, inputs, units, each):
        super().__init__(inputs, units, batch_first=True)
        self.each = each

    def forward(self, x):
        states = super().forward(x)[0]
        return states if self.each else states[:, -1]'''

ATTENDING = '''\
class Attending(torch.nn.Module):
    """A transformer block, normalised before each part (Xiong and others, 2020)."""

    def __init__(self, width, heads, activation, causal, norm, dropout):
        super().__init__()
        self.causal = causal
        self.norm_attention = torch.nn.LayerNorm(width) if norm else torch.nn.Identity()
        self.norm_forward = torch.nn.LayerNorm(width) if norm else torch.nn.Identity()
        self.attention = torch.nn.MultiheadAttention(width, heads, batch_first=True)
        self.widen = torch.nn.Linear(width, 4 * width)
        self.activation = activation
        self.narrow = torch.nn.Linear(4 * width, width)
        self.dropout = torch.nn.Dropout(dropout)

    def forward(self, x):
        h, mask = self.norm_attention(x), None
        if self.causal:
            mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        h = self.attention(h, h, h, attn_mask=mask, need_weights=False)[0]
        x = x + self.dropout(h)
        h = self.activation(self.widen(self.norm_forward(x)))
        return x + self.dropout(self.narrow(h))'''

MEAN = '''\
class MeanOverSteps(torch.nn.Module):
    """The mean over the steps."""

    def forward(self, x):
        return x.mean(1)'''

CLASSES = {"Steps": STEPS, "Place": PLACE, "Gated": GATED, "Attending": ATTENDING, "MeanOverSteps": MEAN}
"""Name → a layer that torch does not have."""


def torch_net(plan: Architecture) -> tuple[list[list[str]], list[str]]:
    """Returns the classes and functions of a net, and the lines that make ``net``.

    The draws come from ``stream("weights")``.
    """
    made = [_layer(layer) for _, layer in plan.layers]
    text = "\n".join(made)
    carried = [CLASSES[name].splitlines() for name in CLASSES if re.search(rf"(?<![.\w]){name}\(", text)]
    recurrent = any(isinstance(layer, Recurrence) for _, layer in plan.layers)
    lines = ["net = torch.nn.Sequential(", *(f"    {line}," for line in made), ")"]
    return [*carried, *start_functions(plan.initialiser, recurrent=recurrent)], [*lines, *_start(plan)]


def _start(plan: Architecture) -> list[str]:
    """Draws every matrix in the order of the layers; what is stacked part by part, as it is multiplied."""
    head = ["with torch.no_grad():", "    for name, weight in net.named_parameters():"]
    zero = ['        if "bias" in name:', "            weight.zero_()"]
    if plan.initialiser.law == "zero":
        return [*head, '        if "bias" in name or weight.dim() > 1:', "            weight.zero_()"]
    law, kinds = law_name(plan.initialiser), {type(layer) for _, layer in plan.layers}
    lines = ['rng = stream("weights")', *head, *zero]
    places = [n for n, (_, layer) in enumerate(plan.layers) if isinstance(layer, Embedding | Positions)]
    if places:
        names = ", ".join(f'"{place}.weight"' for place in places)
        vectors = "rng.standard_normal(weight.shape) / weight.shape[1] ** 0.5"
        lines += [f"        elif name in {{{names}}}:", f"            vectors = {vectors}"]
        lines.append("            weight.copy_(torch.from_numpy(vectors))")
    lines.append("        elif weight.dim() > 1:")
    stacked = [f'"{name}" in name' for kind, name in ((Recurrence, "_l0"), (Block, "in_proj")) if kind in kinds]
    if not stacked:
        return [*lines, f"            weight.copy_(torch.from_numpy({law}(weight.shape, rng)))"]
    if Recurrence in kinds and law != "orthogonal":
        lines.append(f'            law = orthogonal if "weight_hh" in name else {law}')
        law = "law"
    return [
        *lines,
        f"            for part in weight.chunk(3 if {' or '.join(stacked)} else 1):",
        f"                part.copy_(torch.from_numpy({law}(part.shape, rng)))",
    ]


def _layer(layer: Layer) -> str:
    """A layer as the call that makes it."""
    return f"torch.nn.{own}" if (own := _torch_layer(layer)) else _carried(layer)


def _torch_layer(layer: Layer) -> str:
    """One that torch has; empty for another."""
    if isinstance(layer, Norm):
        if layer.kind == "layer":
            return f"GroupNorm(1, {layer.features})" if layer.axes else f"LayerNorm({layer.features})"
        return f"BatchNorm{max(layer.axes, 1)}d({layer.features})"
    if isinstance(layer, Conv):
        return f"Conv{layer.axes}d({layer.inputs}, {layer.outputs}, {layer.side}, padding={layer.side // 2})"
    if isinstance(layer, Pool):
        return f"MaxPool{layer.axes}d(2)"
    plain: dict[type, Callable[[Any], str]] = {
        Dense: lambda each: f"Linear({each.inputs}, {each.outputs})",
        Activate: lambda each: f"{UNITS[each.name]}()",
        Flatten: lambda _: "Flatten()",
        Dropout: lambda each: f"Dropout({each.share!r})",
        Embedding: lambda each: f"Embedding({each.vocabulary}, {each.width})",
    }
    return plain[type(layer)](layer) if type(layer) in plain else ""


def _carried(layer: Layer) -> str:
    """One of `CLASSES`."""
    if isinstance(layer, Sequence):
        return "Steps()"
    if isinstance(layer, Positions):
        return f"Place({layer.steps}, {layer.width})"
    if isinstance(layer, Recurrence):
        return f"Gated({layer.inputs}, {layer.units}, each={layer.each})"
    if isinstance(layer, Block):
        unit = f"torch.nn.{UNITS[layer.activation]}()"
        flags = f"causal={layer.causal}, norm={layer.norm}, dropout={layer.dropout!r}"
        return f"Attending({layer.width}, {layer.heads}, {unit}, {flags})"
    assert isinstance(layer, Mean)  # noqa: S101 - there is no other
    return "MeanOverSteps()"
