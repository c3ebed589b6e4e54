"""An architecture as a Keras model that starts from the same weights as its PyTorch module.

Images and signals have their channels last here, matrices are transposed, and the gates of a GRU stand in another
order; each weight knows its way into Keras and back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fallline.engine.nets import Architecture
from fallline.engine.nets.layer import (
    Activate,
    Block,
    Conv,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    Mean,
    Norm,
    Pool,
    Positions,
    Recurrence,
)
from fallline.engine.nets.layer import Sequence as Steps
from fallline.peers.keras_layers import BatchNorm, Place

Array = NDArray[Any]
Turn = Callable[[Sequence[Array]], Sequence[Array]]


@dataclass(frozen=True, eq=False)
class Bond:
    """Weights that belong together.

    Attributes:
        names: torch's.
        variables: Keras'.
        into: torch's arrays → Keras'.
        back: Keras' arrays → torch's.
    """

    names: tuple[str, ...]
    variables: tuple[Any, ...]
    into: Turn
    back: Turn


@dataclass(frozen=True, eq=False)
class KerasNet:
    """A Keras model, and which of its variables is which of torch's weights.

    Attributes:
        model: the model; x of the data in, outputs out.
        bonds: one for each group of weights.
    """

    model: Any
    bonds: tuple[Bond, ...]

    def put(self, weights: Mapping[str, Array]) -> None:
        """Sets the weights from arrays in torch's layout; those not given stay as they are."""
        for bond in self.bonds:
            if all(name in weights for name in bond.names):
                turned = bond.into([np.asarray(weights[name]) for name in bond.names])
                for variable, array in zip(bond.variables, turned, strict=True):
                    variable.assign(array)

    def turned(self, arrays: Mapping[str, Array]) -> dict[int, Array]:
        """Returns arrays in torch's layout as Keras lays them out: by the id of each variable they belong to."""
        found: dict[int, Array] = {}
        for bond in self.bonds:
            if all(name in arrays for name in bond.names):
                laid = bond.into([arrays[name] for name in bond.names])
                found |= {id(variable): array for variable, array in zip(bond.variables, laid, strict=True)}
        return found

    def weights(self) -> dict[str, Array]:
        """Returns the weights, running statistics among them, as arrays in torch's layout."""
        found: dict[str, Array] = {}
        for bond in self.bonds:
            arrays = bond.back([variable.numpy() for variable in bond.variables])
            found |= {name: np.array(array) for name, array in zip(bond.names, arrays, strict=True)}
        return found


def keras_net(architecture: Architecture, weights: Mapping[str, Array], dtype: str, seed: int) -> KerasNet:
    """Builds a Keras model that starts from these weights.

    Args:
        architecture: its layers.
        weights: what `Architecture.draw` gave.
        dtype: ``float32`` or ``float64``.
        seed: of dropout, whose masks are Keras' own.
    """
    building = _Building(dtype, seed, architecture)
    inputs = keras.Input(architecture.inputs.shape, dtype="int64" if architecture.inputs.vocabulary else dtype)
    x = building.channels_last(inputs)
    for name, layer in architecture.layers:
        x = _BUILDERS[type(layer)](building, name, layer, x)
    net = KerasNet(keras.Model(inputs, x), tuple(building.bonds))
    net.put(weights)
    return net


class _Building:
    """A model being built: what its layers are made with, and the bonds so far."""

    def __init__(self, dtype: str, seed: int, architecture: Architecture) -> None:
        self.dtype, self.seed, self.bonds = dtype, seed, list[Bond]()
        self.sides = len(architecture.inputs.shape) - 1
        self.convolved = any(isinstance(layer, Conv) for _, layer in architecture.layers)

    def layer(self, kind: str, *args: Any, **options: Any) -> Any:
        """Makes one of Keras' layers."""
        return getattr(keras.layers, kind)(*args, dtype=self.dtype, **options)

    def channels_last(self, x: Any) -> Any:
        """Turns (c, …) into (…, c) where a convolution follows: TensorFlow computes no other on a processor."""
        if not self.convolved:
            return x
        return self.layer("Permute", (2, 1) if self.sides == 1 else (2, 3, 1))(x)

    def bond(self, names: Sequence[str], variables: Sequence[Any], into: Turn, back: Turn) -> None:
        """Notes which variables are which weights."""
        self.bonds.append(Bond(tuple(names), tuple(variables), into, back))

    def same(self, name: str, variable: Any) -> None:
        """Notes a weight that is laid out alike."""
        self.bond([name], [variable], list, list)

    def turned(self, name: str, variable: Any) -> None:
        """Notes a matrix, or windows, whose axes stand the other way: torch's (out, in, …), Keras' (…, in, out)."""
        axes = len(variable.shape)
        into, back = [*range(2, axes), 1, 0], [axes - 1, axes - 2, *range(axes - 2)]
        self.bond([name], [variable], lambda a: [a[0].transpose(into)], lambda a: [a[0].transpose(back)])


def _flatten(building: _Building, _name: str, _layer: Flatten, x: Any) -> Any:
    """Flattens channel by channel, as torch does."""
    if building.convolved:
        x = building.layer("Permute", (2, 1) if building.sides == 1 else (3, 1, 2))(x)
    return building.layer("Flatten")(x)


def _dense(building: _Building, name: str, layer: Dense, x: Any) -> Any:
    made = building.layer("Dense", layer.outputs, name=name)
    x = made(x)
    building.turned(f"{name}.weight", made.kernel)
    building.same(f"{name}.bias", made.bias)
    return x


def _conv(building: _Building, name: str, layer: Conv, x: Any) -> Any:
    made = building.layer(f"Conv{layer.axes}D", layer.outputs, layer.side, padding="same", name=name)
    x = made(x)
    building.turned(f"{name}.weight", made.kernel)
    building.same(f"{name}.bias", made.bias)
    return x


def _norm(building: _Building, name: str, layer: Norm, x: Any) -> Any:
    if layer.kind == "batch":
        made = BatchNorm(momentum=0.9, epsilon=1e-5, name=name, dtype=building.dtype)
        x = made(x)
        building.same(f"{name}.running_mean", made.moving_mean)
        building.same(f"{name}.running_var", made.moving_variance)
    elif layer.axes:
        made = building.layer("GroupNormalization", groups=1, epsilon=1e-5, name=name)
        x = made(x)
    else:
        made = building.layer("LayerNormalization", epsilon=1e-5, name=name)
        x = made(x)
    building.same(f"{name}.weight", made.gamma)
    building.same(f"{name}.bias", made.beta)
    return x


def _sequence(building: _Building, _name: str, layer: Steps, x: Any) -> Any:
    if len(layer.shape) == 1:
        return building.layer("Reshape", (layer.steps, 1))(x)
    if len(layer.shape) == 2:
        return building.layer("Permute", (2, 1))(x)
    x = building.layer("Permute", (2, 1, 3))(x)
    return building.layer("Reshape", (layer.steps, prod(layer.shape) // layer.steps))(x)


def _embedding(building: _Building, name: str, layer: Embedding, x: Any) -> Any:
    made = building.layer("Embedding", layer.vocabulary, layer.width, name=name)
    x = made(x)
    building.same(f"{name}.weight", made.embeddings)
    return x


def _positions(building: _Building, name: str, _layer: Positions, x: Any) -> Any:
    made = Place(name=name, dtype=building.dtype)
    x = made(x)
    building.same(f"{name}.weight", made.kernel)
    return x


def _gates(array: Array) -> Array:
    """Swaps the first two of three gates, and back: torch has reset, update, new; Keras has update, reset, new."""
    reset, update, new = np.split(array, 3)
    return np.concatenate([update, reset, new])


def _recurrence(building: _Building, name: str, layer: Recurrence, x: Any) -> Any:
    made = building.layer("GRU", layer.units, return_sequences=layer.each, reset_after=True, name=name)
    x = made(x)
    for theirs, ours in (("weight_ih_l0", made.cell.kernel), ("weight_hh_l0", made.cell.recurrent_kernel)):
        building.bond(
            [f"{name}.{theirs}"], [ours], lambda a: [_gates(a[0]).T], lambda a: [_gates(np.ascontiguousarray(a[0].T))]
        )
    building.bond(
        [f"{name}.bias_ih_l0", f"{name}.bias_hh_l0"],
        [made.cell.bias],
        lambda a: [np.stack([_gates(each) for each in a])],
        lambda a: [_gates(a[0][0]), _gates(a[0][1])],
    )
    return x


def _block(building: _Building, name: str, layer: Block, x: Any) -> Any:
    h = _norm(building, f"{name}.norm_attention", Norm("layer", layer.width), x) if layer.norm else x
    h = _attention(building, f"{name}.attention", layer, h)
    x = building.layer("Add")([x, _dropout(building, "", Dropout(layer.dropout), h)])
    h = _norm(building, f"{name}.norm_forward", Norm("layer", layer.width), x) if layer.norm else x
    h = _dense(building, f"{name}.widen", Dense(layer.width, 4 * layer.width), h)
    h = building.layer("Activation", layer.activation)(h)
    h = _dense(building, f"{name}.narrow", Dense(4 * layer.width, layer.width), h)
    return building.layer("Add")([x, _dropout(building, "", Dropout(layer.dropout), h)])


def _attention(building: _Building, name: str, layer: Block, x: Any) -> Any:
    """Torch stacks the matrices of query, key and value; Keras keeps a (width, heads, size) of each."""
    width, heads = layer.width, layer.heads
    made = building.layer("MultiHeadAttention", heads, width // heads, name=name)
    x = made(x, x, use_causal_mask=layer.causal)
    parts = (made.query_dense, made.key_dense, made.value_dense)
    building.bond(
        [f"{name}.in_proj_weight"],
        [part.kernel for part in parts],
        lambda a: [part.T.reshape(width, heads, -1) for part in np.split(a[0], 3)],
        lambda a: [np.concatenate([part.reshape(width, width).T for part in a])],
    )
    building.bond(
        [f"{name}.in_proj_bias"],
        [part.bias for part in parts],
        lambda a: [part.reshape(heads, -1) for part in np.split(a[0], 3)],
        lambda a: [np.concatenate([part.reshape(width) for part in a])],
    )
    building.bond(
        [f"{name}.out_proj.weight"],
        [made.output_dense.kernel],
        lambda a: [a[0].T.reshape(heads, -1, width)],
        lambda a: [a[0].reshape(width, width).T],
    )
    building.same(f"{name}.out_proj.bias", made.output_dense.bias)
    return x


def _dropout(building: _Building, _name: str, layer: Dropout, x: Any) -> Any:
    building.seed += 1
    return building.layer("Dropout", layer.share, seed=building.seed)(x) if layer.share else x


_BUILDERS: dict[type[Layer], Callable[[_Building, str, Any, Any], Any]] = {
    Flatten: _flatten,
    Dense: _dense,
    Activate: lambda building, _name, layer, x: building.layer("Activation", layer.name)(x),
    Norm: _norm,
    Dropout: _dropout,
    Conv: _conv,
    Pool: lambda building, _name, layer, x: building.layer(f"MaxPooling{layer.axes}D", 2)(x),
    Embedding: _embedding,
    Steps: _sequence,
    Positions: _positions,
    Recurrence: _recurrence,
    Block: _block,
    Mean: lambda building, _name, _layer, x: building.layer("GlobalAveragePooling1D")(x),
}
"""Layer → what builds it."""
