"""The multilayer perceptron: layers that read all of the layer before."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar

from fallline.core.errors import SpecError
from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.layer import Dense, Flatten, Layer
from fallline.engine.nets.net import Kind, Named, Options, ending, finished


class Perceptron(Kind):
    """Hidden layers of h ← f(h W + b), then one without f."""

    name: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Multilayer perceptron"
    source: ClassVar[tuple[str, int]] = ("Rumelhart, Hinton and Williams", 1986)
    options: ClassVar[dict[str, Any]] = {
        "widths": (32,), "activation": "relu", "norm": "none", "dropout": 0.0, "initialiser": "auto",
    }  # fmt: skip

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns a dense layer per width, normalised before its activation, and the output."""
        if inputs.vocabulary or outputs.each:
            raise SpecError("net", self.name, "a net that reads text", "Take 'gru' or 'transformer'.")
        found: list[tuple[str, Layer]] = [] if len(inputs.shape) == 1 else [("flatten", Flatten())]
        before = prod(inputs.shape)
        for place, width in enumerate(options.widths, start=1):
            found.append((f"dense{place}", Dense(before, width)))
            found += finished(place, options, width)
            before = width
        return (*found, ending(before, outputs))
