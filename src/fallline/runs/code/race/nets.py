"""The layers of a named net as source, in PyTorch and in Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.engine.nets import Architecture
from fallline.engine.nets.layer import Activate, Conv, Dense, Embedding, Flatten, Pool, Recurrence

TORCH_UNITS = {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid", "gelu": "GELU"}
TORCH: dict[type, Callable[[Any], str]] = {
    Flatten: lambda _: "nn.Flatten()",
    Dense: lambda layer: f"nn.Linear({layer.inputs}, {layer.outputs})",
    Activate: lambda layer: f"nn.{TORCH_UNITS[layer.name]}()",
    Conv: lambda layer: (
        f"nn.Conv{layer.axes}d({layer.inputs}, {layer.outputs}, {layer.side}, padding={layer.side // 2})"
    ),
    Pool: lambda layer: f"nn.MaxPool{layer.axes}d(2)",
    Embedding: lambda layer: f"nn.Embedding({layer.vocabulary}, {layer.width})",
    Recurrence: lambda layer: f"Gated({layer.inputs}, {layer.units}, batch_first=True)",
}
"""Layer → how torch's is made."""
KERAS: dict[type, Callable[[Any], str]] = {
    Flatten: lambda _: "layers.Flatten()",
    Dense: lambda layer: f"layers.Dense({layer.outputs})",
    Activate: lambda layer: f'layers.Activation("{layer.name}")',
    Conv: lambda layer: f'layers.Conv{layer.axes}D({layer.outputs}, {layer.side}, padding="same")',
    Pool: lambda layer: f"layers.MaxPooling{layer.axes}D(2)",
    Embedding: lambda layer: f"layers.Embedding({layer.vocabulary}, {layer.width})",
    Recurrence: lambda layer: f"layers.GRU({layer.units}, return_sequences=True)",
}
"""Layer → how Keras' is made."""
GATED = '''\
class Gated(nn.GRU):
    """Gated units that give the state after each step alone, as a layer in a row does."""

    def forward(self, x):
        return super().forward(x)[0]'''


def torch_lines(architecture: Architecture) -> list[str]:
    """Returns the net as a call of ``nn.Sequential``, and before it what it needs."""
    made = [TORCH[type(layer)](layer) for _, layer in architecture.layers]
    gated = [*GATED.splitlines(), "", ""] if any("Gated" in each for each in made) else []
    return [*gated, "net = nn.Sequential(", *(f"    {each}," for each in made), ")"]


def keras_lines(architecture: Architecture) -> list[str]:
    """Returns the net as a call of ``keras.Sequential``; Keras keeps channels last, torch's rows have them first."""
    shape = architecture.inputs.shape
    made = [f"keras.Input({shape!r}" + (', dtype="int64")' if architecture.inputs.vocabulary else ")")]
    convolved = any(isinstance(layer, Conv) for _, layer in architecture.layers)
    there, back = ("(2, 1)", "(2, 1)") if len(shape) == 2 else ("(2, 3, 1)", "(3, 1, 2)")
    made += [f"layers.Permute({there})"] if convolved else []
    for _, layer in architecture.layers:
        made += [f"layers.Permute({back})"] if convolved and isinstance(layer, Flatten) else []
        made.append(KERAS[type(layer)](layer))
    return ["net = keras.Sequential([", *(f"    {each}," for each in made), "])"]


def can_be_written(architecture: Architecture) -> bool:
    """Whether every layer has its source here."""
    return all(
        type(layer) in TORCH and not (isinstance(layer, Recurrence) and not layer.each)
        for _, layer in architecture.layers
    )
