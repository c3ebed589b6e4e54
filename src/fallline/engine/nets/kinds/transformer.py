"""A tiny transformer: attention over the steps of a sequence or a text."""

from __future__ import annotations

from typing import Any, ClassVar

from fallline.core.errors import SpecError
from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.kinds.gru import as_steps
from fallline.engine.nets.layer import Block, Dense, Mean, Norm, Positions
from fallline.engine.nets.net import Kind, Named, Options, ending


class Transformer(Kind):
    """Blocks of attention over learned positions; the mean over the steps decides, or each step for text."""

    name: ClassVar[str] = "transformer"
    title: ClassVar[str] = "Tiny transformer"
    source: ClassVar[tuple[str, int]] = ("Vaswani and others", 2017)
    options: ClassVar[dict[str, Any]] = {
        "widths": (32, 32), "activation": "gelu", "norm": "layer", "dropout": 0.0, "initialiser": "xavier", "heads": 2,
    }  # fmt: skip

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns a block per width, all of the same width, the last norm and the output."""
        width = options.widths[0]
        if len({*options.widths}) > 1 or width % options.heads:
            expected = f"one width, repeated for each block, that {options.heads} heads divide"
            raise SpecError("net.widths", options.widths, expected)
        if options.norm == "batch":
            raise SpecError("net.norm", "batch", "a normalisation of transformers", "Take 'layer' or 'none'.")
        found, steps, before = as_steps(inputs, width)
        if not inputs.vocabulary:
            found.append(("embedding", Dense(before, width)))
        found.append(("positions", Positions(steps, width)))
        normed = options.norm == "layer"
        for place in range(1, len(options.widths) + 1):
            block = Block(width, options.heads, options.activation, outputs.each, normed, options.dropout)
            found.append((f"block{place}", block))
        if normed:
            found.append(("norm", Norm("layer", width)))
        return (*found, *(() if outputs.each else (("mean", Mean()),)), ending(width, outputs))
