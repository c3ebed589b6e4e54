"""A small convolutional net: for signals and images."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar, Literal

from fallline.core.errors import SpecError
from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.layer import Conv, Flatten, Layer, Pool
from fallline.engine.nets.net import Kind, Named, Options, ending, finished


class Convolutional(Kind):
    """Convolutions of side 3, each followed by its activation and a pooling by two; then one dense layer."""

    name: ClassVar[str] = "cnn"
    title: ClassVar[str] = "Small convolutional net"
    source: ClassVar[tuple[str, int]] = ("LeCun and others", 1989)
    options: ClassVar[dict[str, Any]] = {
        "widths": (8, 16), "activation": "relu", "norm": "none", "dropout": 0.0, "initialiser": "auto",
    }  # fmt: skip

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns convolution, norm, activation, dropout and pooling per width, and the output."""
        if inputs.vocabulary or outputs.each or len(inputs.shape) not in {2, 3}:
            expected = "a net that reads this data: it wants a signal (channels, length) or an image"
            raise SpecError("net", self.name, expected, "Take 'mlp' for vectors, 'gru' for text.")
        axes: Literal[1, 2] = 1 if len(inputs.shape) == 2 else 2
        channels, *sides = inputs.shape
        found: list[tuple[str, Layer]] = []
        for place, width in enumerate(options.widths, start=1):
            found.append((f"conv{place}", Conv(axes, channels, width)))
            found += [*finished(place, options, width, axes), (f"pool{place}", Pool(axes))]
            channels, sides = width, [side // 2 for side in sides]
        if min(sides) < 1:
            raise SpecError("net.widths", options.widths, f"few enough poolings for samples of {inputs.shape[1:]}")
        return (*found, ("flatten", Flatten()), ending(channels * prod(sides), outputs))
