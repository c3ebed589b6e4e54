"""A named net as Keras source: its layers, and the first weights drawn as the run draws them."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod
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

PLACE = '''\
class Place(keras.layers.Layer):
    """Adds a learned vector to each step."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=shape[1:])

    def call(self, x):
        return x + self.kernel'''

ATTENDING = '''\
class Attending(keras.layers.Layer):
    """A transformer block, normalised before each part (Xiong and others, 2020)."""

    def __init__(self, width, heads, activation, causal, norm, dropout, seed):
        super().__init__()
        norms = [keras.layers.LayerNormalization(epsilon=1e-5) for _ in range(2)]
        self.norms = norms if norm else [keras.layers.Identity() for _ in range(2)]
        self.causal = causal
        self.attention = keras.layers.MultiHeadAttention(heads, width // heads)
        self.widen = keras.layers.Dense(4 * width, activation)
        self.narrow = keras.layers.Dense(width)
        self.dropouts = [keras.layers.Dropout(dropout, seed=seed + n) for n in range(2)]

    def call(self, x, training=None):
        h = self.norms[0](x)
        h = self.attention(h, h, use_causal_mask=self.causal)
        x = x + self.dropouts[0](h, training=training)
        h = self.narrow(self.widen(self.norms[1](x)))
        return x + self.dropouts[1](h, training=training)'''

BATCH_NORM = '''\
class BatchNorm(keras.layers.BatchNormalization):
    """Counts n - 1 rows in the running variance, as torch does; Keras counts n."""

    def call(self, inputs, training=None, mask=None):
        kept = self.moving_variance * self.momentum
        outputs = super().call(inputs, training=training, mask=mask)
        if training:
            n = keras.ops.cast(keras.ops.size(inputs) / inputs.shape[-1], inputs.dtype)
            fresh = (self.moving_variance - kept) * n / (n - 1)
            self.moving_variance.assign(kept + fresh)
        return outputs'''

CLASSES = {"Place": PLACE, "Attending": ATTENDING, "BatchNorm": BATCH_NORM}
"""Name → a layer that Keras does not have, or means otherwise."""

EMBEDDED = """\
    {test}:
        shape = layer.{weights}.shape
        layer.{weights}.assign(rng.standard_normal(shape) / shape[1] ** 0.5)"""

GATED = """\
    {test}:
        # Its gates are update, reset and new; they are drawn reset first.
        inputs, units = layer.cell.kernel.shape[0], layer.units
        gates = [{law}((units, inputs), rng).T for _ in range(3)]
        layer.cell.kernel.assign(np.hstack([gates[1], gates[0], gates[2]]))
        gates = [orthogonal((units, units), rng).T for _ in range(3)]
        layer.cell.recurrent_kernel.assign(np.hstack([gates[1], gates[0], gates[2]]))"""

ATTENDED = """\
    {test}:
        attention = layer.attention
        parts = attention.query_dense, attention.key_dense, attention.value_dense
        for part in (*parts, attention.output_dense):
            shape = part.kernel.shape
            width = shape[0] if part is not attention.output_dense else shape[-1]
            part.kernel.assign({law}((width, width), rng).T.reshape(shape))
        for part in (layer.widen, layer.narrow):
            part.kernel.assign({law}(part.kernel.shape[::-1], rng).T)"""

KERNEL = """\
    {test}:
        *window, inputs, outputs = layer.kernel.shape
        weight = {law}((outputs, inputs, *window), rng)
        layer.kernel.assign(np.moveaxis(weight, [0, 1], [-1, -2]))"""


def keras_net(plan: Architecture, seed: int) -> tuple[list[list[str]], list[str]]:
    """Returns the classes and functions of a net, and the lines that make ``net``; images have channels last.

    Args:
        plan: its layers.
        seed: of dropout; each layer of it takes the next.
    """
    convolved = any(isinstance(layer, Conv) for _, layer in plan.layers)
    shape = plan.inputs.shape
    inputs = (*shape[1:], shape[0]) if convolved else shape
    tokens = ', dtype="int64"' if plan.inputs.vocabulary else ""
    lines = [f"        keras.Input({inputs!r}{tokens}),"]
    for _, layer in plan.layers:
        if isinstance(layer, Flatten) and convolved:
            lines.append(f"        keras.layers.Permute({(2, 1) if len(shape) == 2 else (3, 1, 2)!r}),")
        if isinstance(layer, Dropout):
            seed += 1
        lines += [line for each in _layers(layer, seed) for line in f"        {each},".splitlines()]
        seed += 2 * isinstance(layer, Block)
    text = "\n".join(lines)
    carried = [CLASSES[name].splitlines() for name in CLASSES if re.search(rf"(?<![.\w]){name}\(", text)]
    recurrent = any(isinstance(layer, Recurrence) for _, layer in plan.layers)
    made = ["net = keras.Sequential(", "    [", *lines, "    ]", ")", *_start(plan)]
    return [*carried, *start_functions(plan.initialiser, recurrent=recurrent)], made


def _start(plan: Architecture) -> list[str]:
    """Draws every matrix in the order of the layers."""
    if plan.initialiser.law == "zero":
        return ["for weight in net.trainable_variables:", '    if weight.name in {"kernel", "recurrent_kernel"}:',
                "        weight.assign(0 * weight)"]  # fmt: skip
    law, kinds = law_name(plan.initialiser), {type(layer) for _, layer in plan.layers}
    found: list[tuple[str, str]] = []
    if Embedding in kinds:
        found.append(('hasattr(layer, "embeddings")', EMBEDDED.replace("{weights}", "embeddings")))
    if Positions in kinds:
        found.append(("isinstance(layer, Place)", EMBEDDED.replace("{weights}", "kernel")))
    if Recurrence in kinds:
        found.append(("isinstance(layer, keras.layers.GRU)", GATED))
    if Block in kinds:
        found.append(("isinstance(layer, Attending)", ATTENDED))
    found.append(('hasattr(layer, "kernel")', KERNEL))
    parts = [
        text.replace("{law}", law).replace("{test}", f"{'elif' if place else 'if'} {test}")
        for place, (test, text) in enumerate(found)
    ]
    return ['rng = stream("weights")', "for layer in net.layers:", *"\n".join(parts).splitlines()]


def _layers(layer: Layer, seed: int) -> list[str]:
    """A layer as the calls that make it."""
    if isinstance(layer, Positions):
        return ["Place()"]
    if isinstance(layer, Block):
        flags = f"causal={layer.causal}, norm={layer.norm}, dropout={layer.dropout!r}, seed={seed + 1}"
        head = f'Attending({layer.width}, {layer.heads}, "{layer.activation}",'
        return [f"{head}\n            {flags})"]
    if isinstance(layer, Sequence):
        return [f"keras.layers.{each}" for each in _steps(layer)]
    if isinstance(layer, Norm):
        return [_norm(layer)]
    plain: dict[type, Callable[[Any], str]] = {
        Dense: lambda each: f"Dense({each.outputs})",
        Activate: lambda each: f'Activation("{each.name}")',
        Flatten: lambda _: "Flatten()",
        Dropout: lambda each: f"Dropout({each.share!r}, seed={seed})",
        Conv: lambda each: f'Conv{each.axes}D({each.outputs}, {each.side}, padding="same")',
        Pool: lambda each: f"MaxPooling{each.axes}D(2)",
        Embedding: lambda each: f"Embedding({each.vocabulary}, {each.width})",
        Recurrence: lambda each: f"GRU({each.units}, return_sequences={each.each})",
        Mean: lambda _: "GlobalAveragePooling1D()",
    }
    return [f"keras.layers.{plain[type(layer)](layer)}"]


def _norm(layer: Norm) -> str:
    if layer.kind == "batch":
        return "BatchNorm(momentum=0.9, epsilon=1e-5)"
    kind = "GroupNormalization(groups=1, " if layer.axes else "LayerNormalization("
    return f"keras.layers.{kind}epsilon=1e-5)"


def _steps(layer: Sequence) -> list[str]:
    """Number by number, place by place, row by row."""
    if len(layer.shape) == 1:
        return [f"Reshape(({layer.steps}, 1))"]
    if len(layer.shape) == 2:
        return ["Permute((2, 1))"]
    return ["Permute((2, 1, 3))", f"Reshape(({layer.steps}, {prod(layer.shape) // layer.steps}))"]
