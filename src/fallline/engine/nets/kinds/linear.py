"""The linear model: one layer, no bend."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar

from fallline.core.errors import SpecError
from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.layer import Flatten
from fallline.engine.nets.net import Kind, Named, Options, ending


def one_layer(name: str, inputs: Inputs, outputs: Outputs) -> Named:
    """Returns the flattened sample times a matrix.

    Raises:
        SpecError: the sample is text.
    """
    if inputs.vocabulary or outputs.each:
        raise SpecError("net", name, "a net that reads text", "Take 'gru' or 'transformer'.")
    flat = () if len(inputs.shape) == 1 else (("flatten", Flatten()),)
    return (*flat, ending(prod(inputs.shape), outputs))


class Linear(Kind):
    """y = x W + b, for numbers."""

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear model"
    source: ClassVar[tuple[str, int]] = ("Legendre", 1805)
    options: ClassVar[dict[str, Any]] = {"initialiser": "zero"}

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns one layer."""
        del options
        return one_layer(self.name, inputs, outputs)
