"""Logistic regression: one layer whose outputs are log odds."""

from __future__ import annotations

from typing import Any, ClassVar

from fallline.engine.nets.architecture import Inputs, Outputs
from fallline.engine.nets.kinds.linear import one_layer
from fallline.engine.nets.net import Kind, Named, Options


class Logistic(Kind):
    """Log odds = x W + b, for classes; the log loss is convex in W, so that every start leads to the same place."""

    name: ClassVar[str] = "logistic"
    title: ClassVar[str] = "Logistic regression"
    source: ClassVar[tuple[str, int]] = ("Cox", 1958)
    options: ClassVar[dict[str, Any]] = {"initialiser": "zero"}

    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns one layer."""
        del options
        return one_layer(self.name, inputs, outputs)
