"""The layers a named net is made of, as data: what each reads and gives, and which weights it has."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

Law = Literal["drawn", "orthogonal", "embedding", "zero", "one"]
"""How a weight starts: by the net's initialiser, by a fixed law of its own, or at a constant."""


@dataclass(frozen=True)
class Weight:
    """One array of trainable numbers, in torch's layout.

    Attributes:
        name: torch's name within its layer, such as ``weight``.
        shape: torch's shape; the first axis counts outputs.
        law: how it starts.
        blocks: arrays of the same law stacked along the first axis, such as the three gates of a GRU.
    """

    name: str
    shape: tuple[int, ...]
    law: Law = "drawn"
    blocks: int = 1

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    @property
    def fans(self) -> tuple[int, int]:
        """How many numbers one output reads, and how many outputs one input feeds, within a block."""
        window = prod(self.shape[2:])
        return self.shape[1] * window, self.shape[0] // self.blocks * window


@dataclass(frozen=True)
class Flatten:
    """Makes one vector of each sample."""

    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Dense:
    """x W + b, over the last axis."""

    inputs: int
    outputs: int

    @property
    def weights(self) -> tuple[Weight, ...]:
        """A matrix and a bias."""
        return Weight("weight", (self.outputs, self.inputs)), Weight("bias", (self.outputs,), "zero")


@dataclass(frozen=True)
class Activate:
    """An activation, elementwise, by its name in `fallline.engine.nets.ACTIVATIONS`."""

    name: str
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Norm:
    """Normalisation: ``batch`` (Ioffe and Szegedy, 2015) over the samples, ``layer`` (Ba and others, 2016) within one.

    Attributes:
        kind: which of the two.
        features: units or channels.
        axes: axes of place behind the channels: 0 for vectors, 1 for signals, 2 for images.
    """

    kind: Literal["batch", "layer"]
    features: int
    axes: int = 0

    @property
    def weights(self) -> tuple[Weight, ...]:
        """A scale and a shift per feature."""
        return Weight("weight", (self.features,), "one"), Weight("bias", (self.features,), "zero")


@dataclass(frozen=True)
class Dropout:
    """Silences this share of the units in training, and scales up the rest (Srivastava and others, 2014)."""

    share: float
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Conv:
    """A convolution that keeps the size, over a signal (1 axis) or an image (2); the window has an odd side."""

    axes: Literal[1, 2]
    inputs: int
    outputs: int
    side: int = 3

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The windows, one per pair of channels, and a bias per channel."""
        window = (self.side,) * self.axes
        return Weight("weight", (self.outputs, self.inputs, *window)), Weight("bias", (self.outputs,), "zero")


@dataclass(frozen=True)
class Pool:
    """The largest of every two, or two by two; a last odd one is left out."""

    axes: Literal[1, 2]
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Embedding:
    """A vector for each word of a vocabulary."""

    vocabulary: int
    width: int

    @property
    def weights(self) -> tuple[Weight, ...]:
        """One row a word."""
        return (Weight("weight", (self.vocabulary, self.width), "embedding"),)


@dataclass(frozen=True)
class Sequence:
    """Reads a sample as steps: a vector number by number, a signal place by place, an image row by row."""

    shape: tuple[int, ...]
    weights: tuple[Weight, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.shape[0] if len(self.shape) == 1 else self.shape[1]

    @property
    def width(self) -> int:
        """How many numbers each step has."""
        return prod(self.shape) // self.steps


@dataclass(frozen=True)
class Positions:
    """Adds a learned vector to each step, since attention does not see order."""

    steps: int
    width: int

    @property
    def weights(self) -> tuple[Weight, ...]:
        """One row a step."""
        return (Weight("weight", (self.steps, self.width), "embedding"),)


@dataclass(frozen=True)
class Recurrence:
    """Gated recurrent units (Cho and others, 2014), the reset gate after the product, as cuDNN has it.

    Attributes:
        inputs: numbers per step.
        units: of the state.
        each: gives the state after each step; otherwise after the last.
    """

    inputs: int
    units: int
    each: bool

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Input and recurrent matrices and two biases, each for the gates reset, update, new."""
        rows = 3 * self.units
        return (
            Weight("weight_ih_l0", (rows, self.inputs), blocks=3),
            Weight("weight_hh_l0", (rows, self.units), "orthogonal", blocks=3),
            Weight("bias_ih_l0", (rows,), "zero"),
            Weight("bias_hh_l0", (rows,), "zero"),
        )


@dataclass(frozen=True)
class Block:
    """A transformer block (Vaswani and others, 2017), normalised before each part (Xiong and others, 2020).

    Attributes:
        width: numbers per step.
        heads: of the attention; they divide the width.
        activation: of the part that works on each step alone, four times as wide.
        causal: whether a step sees only those before it.
        norm: whether it normalises.
        dropout: share silenced of what each part adds.
    """

    width: int
    heads: int
    activation: str
    causal: bool
    norm: bool = True
    dropout: float = 0.0

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Attention in and out, the two layers of the feed-forward part, and the norms."""
        wide, width = 4 * self.width, self.width
        norms = tuple(
            weight
            for name in ("norm_attention", "norm_forward")
            for weight in (Weight(f"{name}.weight", (width,), "one"), Weight(f"{name}.bias", (width,), "zero"))
        )
        return (
            *(norms if self.norm else ()),
            Weight("attention.in_proj_weight", (3 * width, width), blocks=3),
            Weight("attention.in_proj_bias", (3 * width,), "zero"),
            Weight("attention.out_proj.weight", (width, width)),
            Weight("attention.out_proj.bias", (width,), "zero"),
            Weight("widen.weight", (wide, width)),
            Weight("widen.bias", (wide,), "zero"),
            Weight("narrow.weight", (width, wide)),
            Weight("narrow.bias", (width,), "zero"),
        )


@dataclass(frozen=True)
class Mean:
    """The mean over the steps."""

    weights: tuple[Weight, ...] = ()


Layer = (
    Flatten
    | Dense
    | Activate
    | Norm
    | Dropout
    | Conv
    | Pool
    | Embedding
    | Sequence
    | Positions
    | Recurrence
    | Block
    | Mean
)
"""Any layer."""
