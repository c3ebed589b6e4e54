"""Nets by name: the registry, and a net as a value that becomes an architecture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fallline.core.choice import lookup
from fallline.engine.nets.architecture import Architecture, Inputs, Outputs
from fallline.engine.nets.kinds.cnn import Convolutional
from fallline.engine.nets.kinds.gru import Recurrent
from fallline.engine.nets.kinds.linear import Linear
from fallline.engine.nets.kinds.logistic import Logistic
from fallline.engine.nets.kinds.mlp import Perceptron
from fallline.engine.nets.kinds.transformer import Transformer
from fallline.engine.nets.net import Kind, Options, architecture
from fallline.engine.nets.signal import ACTIVATIONS

NETS: dict[str, Kind] = {
    kind.name: kind for kind in (Linear(), Logistic(), Perceptron(), Convolutional(), Recurrent(), Transformer())
}
"""Name → kind of net."""


@dataclass(frozen=True)
class Net:
    """A named net and what was chosen of it.

    Attributes:
        name: key in `NETS`.
        options: name → value; those not given take the kind's defaults.

    Raises:
        SpecError: an unknown name or option, or a value out of range.

    >>> net = Net("mlp", {"widths": (16, 16), "activation": "tanh"})
    >>> net.complete.initialiser
    'xavier'
    >>> net.architecture(Inputs((8,)), Outputs(3)).parameters
    467
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.complete

    @cached_property
    def complete(self) -> Options:
        """Every option, those not given by their defaults."""
        return lookup(self.name, NETS, "net.name").complete(dict(self.options), ACTIVATIONS)

    def architecture(self, inputs: Inputs, outputs: Outputs) -> Architecture:
        """Returns its layers for what it is to read and give.

        Raises:
            SpecError: it cannot read or give that.
        """
        return architecture(NETS[self.name], self.complete, inputs, outputs)
