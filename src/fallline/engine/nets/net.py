"""A named net with its options; given what it reads and gives, it becomes an architecture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.engine.nets.activations import Activation
from fallline.engine.nets.architecture import Architecture, Inputs, Outputs
from fallline.engine.nets.initialisations import INITIALISERS
from fallline.engine.nets.layer import Activate, Dense, Dropout, Layer, Norm

Named = tuple[tuple[str, Layer], ...]


@dataclass(frozen=True)
class Options:
    """What may be chosen of a named net; a kind takes those that it lists.

    Attributes:
        widths: units or channels of each hidden layer; as many layers as there are widths.
        activation: name in `ACTIVATIONS`.
        norm: normalisation of each hidden layer.
        dropout: share of each hidden layer that is silenced in training.
        initialiser: name in `INITIALISERS`; ``auto`` takes He's under ReLU and GELU, Xavier's under all else.
        heads: of a transformer.
    """

    widths: tuple[int, ...] = ()
    activation: str = "relu"
    norm: Literal["none", "batch", "layer"] = "none"
    dropout: float = 0.0
    initialiser: str = "auto"
    heads: int = 2


class Kind(ABC):
    """A kind of net: which options it takes, and how it is built.

    Attributes:
        name: key in `NETS`.
        title: as a person reads it.
        source: author and year.
        options: name → default of each option that it takes.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    options: ClassVar[dict[str, Any]]

    @abstractmethod
    def layers(self, inputs: Inputs, outputs: Outputs, options: Options) -> Named:
        """Returns its layers by name, the last one called ``output``.

        Raises:
            SpecError: it cannot read or give that, or an option does not suit it.
        """

    def complete(self, given: dict[str, Any], activations: dict[str, Activation]) -> Options:
        """Returns all options, those not given by their defaults.

        Raises:
            SpecError: an option that it does not take, or a value out of range.
        """
        for name in given:
            if name not in self.options:
                close = nearest(name, self.options)
                known = ", ".join(self.options)
                hint = f"Did you mean {close!r}?" if close else f"{self.name} has: {known}."
                raise SpecError("net", name, f"an option of {self.name}", hint)
        options = replace(Options(), **{**self.options, **given})
        lookup(options.activation, activations, "net.activation")
        if options.initialiser == "auto":
            he = options.activation in {"relu", "gelu"}
            options = replace(options, initialiser="he" if he and options.widths else "xavier")
        lookup(options.initialiser, INITIALISERS, "net.initialiser")
        _check(options, self.options)
        return options


def _check(options: Options, taken: dict[str, Any]) -> None:
    most = 4096
    if "widths" in taken and not (
        1 <= len(options.widths) <= 100 and all(isinstance(each, int) and 1 <= each <= most for each in options.widths)
    ):
        raise SpecError("net.widths", options.widths, f"1 to 100 whole numbers from 1 to {most:,}")
    if not 0.0 <= options.dropout < 1.0:
        raise SpecError("net.dropout", options.dropout, "a share from 0 to below 1")
    if options.norm not in {"none", "batch", "layer"}:
        raise SpecError("net.norm", options.norm, "'none', 'batch' or 'layer'")
    if options.heads < 1:
        raise SpecError("net.heads", options.heads, "a whole number of at least 1")


def finished(  # one hidden layer's tail, the same in every kind
    place: int, options: Options, features: int, axes: int = 0, *, activate: bool = True
) -> list[tuple[str, Layer]]:
    """Returns what follows the product of a hidden layer: norm, activation, dropout, as the options say."""
    found: list[tuple[str, Layer]] = []
    if options.norm != "none":
        found.append((f"norm{place}", Norm(options.norm, features, axes)))
    if activate:
        found.append((f"{options.activation}{place}", Activate(options.activation)))
    if options.dropout:
        found.append((f"dropout{place}", Dropout(options.dropout)))
    return found


def ending(features: int, outputs: Outputs) -> tuple[str, Layer]:
    """Returns the last layer."""
    return "output", Dense(features, outputs.count)


def architecture(kind: Kind, options: Options, inputs: Inputs, outputs: Outputs) -> Architecture:
    """Builds a kind of net for what it is to read and give."""
    layers = kind.layers(inputs, outputs, options)
    return Architecture(kind.name, inputs, outputs, tuple(layers), INITIALISERS[options.initialiser])
