"""A recurrent net of gated units: for sequences and text."""

from __future__ import annotations

from typing import Any, ClassVar

from fallline.core.errors import SpecError
from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.layer import Embedding, Layer, Recurrence, Sequence
from fallline.engine.nets.net import Kind, Named, Options, ending, finished


def as_steps(inputs: Inputs, width: int) -> tuple[list[tuple[str, Layer]], int, int]:
    """Returns the layer that makes steps of a sample, how many steps there are, and how wide each is."""
    if inputs.vocabulary:
        return [("embedding", Embedding(inputs.vocabulary, width))], inputs.shape[0], width
    steps = Sequence(inputs.shape)
    return [("sequence", steps)], steps.steps, steps.width


class Recurrent(Kind):
    """Layers of gated units, and an output after the last step, or after each for text."""

    name: ClassVar[str] = "gru"
    title: ClassVar[str] = "Gated recurrent net"
    source: ClassVar[tuple[str, int]] = ("Cho and others", 2014)
    options: ClassVar[dict[str, Any]] = {"widths": (32,), "norm": "none", "dropout": 0.0, "initialiser": "xavier"}

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns the units, one layer per width, and the output; the activations inside are fixed."""
        if options.norm == "batch":
            raise SpecError("net.norm", "batch", "a normalisation of recurrent nets", "Take 'layer' or 'none'.")
        found, _, before = as_steps(inputs, options.widths[0])
        for place, width in enumerate(options.widths, start=1):
            each = outputs.each or place < len(options.widths)
            found.append((f"gru{place}", Recurrence(before, width, each)))
            found += finished(place, options, width, activate=False)
            before = width
        return (*found, ending(before, outputs))
