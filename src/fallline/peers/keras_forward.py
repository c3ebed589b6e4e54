"""An architecture's forward pass in TensorFlow, on weights in torch's layout: the same sums in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fallline.engine.nets.architecture import Architecture
from fallline.engine.nets.layer import (
    Activate,
    Conv,
    Dense,
    Embedding,
    Flatten,
    Layer,
    Pool,
    Recurrence,
    Sequence,
)

Tensors = Mapping[str, Any]


def understands(architecture: Architecture) -> bool:
    """Whether every layer of the net is known here."""
    return all(type(layer) in FORWARD for _, layer in architecture.layers)


def forward(architecture: Architecture, weights: Tensors, x: Any) -> Any:
    """Returns the net's outputs."""
    for name, layer in architecture.layers:
        own = {weight.name: weights[f"{name}.{weight.name}"] for weight in layer.weights}
        x = FORWARD[type(layer)](layer, own, x)
    return x


def _tf() -> Any:
    import tensorflow as tf  # 3 s of imports: only who races in Keras needs it

    return tf


def _flatten(_: Layer, own: Tensors, x: Any) -> Any:
    del own
    tf = _tf()
    return tf.reshape(x, (tf.shape(x)[0], -1))


def _dense(_: Layer, own: Tensors, x: Any) -> Any:
    tf = _tf()
    return tf.matmul(x, own["weight"], transpose_b=True) + own["bias"]


def _activate(layer: Activate, own: Tensors, x: Any) -> Any:
    del own
    tf = _tf()
    return {"relu": tf.nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "gelu": tf.nn.gelu}[layer.name](x)


def _last(axes: int) -> tuple[list[int], list[int]]:
    """Channels to the end and back: TensorFlow's convolutions on a CPU want them there."""
    return ([0, 2, 1], [0, 2, 1]) if axes == 1 else ([0, 2, 3, 1], [0, 3, 1, 2])


def _conv(layer: Conv, own: Tensors, x: Any) -> Any:
    tf = _tf()
    there, back = _last(layer.axes)
    kernel = tf.transpose(own["weight"], [*range(2, 2 + layer.axes), 1, 0])
    found = tf.nn.convolution(tf.transpose(x, there), kernel, padding="SAME") + own["bias"]
    return tf.transpose(found, back)


def _pool(layer: Pool, own: Tensors, x: Any) -> Any:
    del own
    tf = _tf()
    there, back = _last(layer.axes)
    found = tf.nn.max_pool(tf.transpose(x, there), ksize=2, strides=2, padding="VALID")
    return tf.transpose(found, back)


def _embedding(_: Layer, own: Tensors, x: Any) -> Any:
    return _tf().gather(own["weight"], x)


def _sequence(_: Layer, own: Tensors, x: Any) -> Any:
    del own
    tf = _tf()
    if len(x.shape) == 2:
        return tf.expand_dims(x, 2)
    return tf.transpose(x, [0, 2, 1])


def _recurrence(layer: Recurrence, own: Tensors, x: Any) -> Any:
    """Gated units unrolled over the steps, reset gate after the product, as torch has them."""
    tf = _tf()
    inner = tf.matmul(x, tf.transpose(own["weight_ih_l0"])) + own["bias_ih_l0"]
    state = tf.zeros((tf.shape(x)[0], layer.units), x.dtype)
    states = []
    for step in range(x.shape[1]):
        outer = tf.matmul(state, own["weight_hh_l0"], transpose_b=True) + own["bias_hh_l0"]
        xr, xz, xn = tf.split(inner[:, step], 3, axis=1)
        hr, hz, hn = tf.split(outer, 3, axis=1)
        update = tf.sigmoid(xz + hz)
        state = (1.0 - update) * tf.tanh(xn + tf.sigmoid(xr + hr) * hn) + update * state
        states.append(state)
    return tf.stack(states, axis=1) if layer.each else state


FORWARD: dict[type, Callable[[Any, Tensors, Any], Any]] = {
    Flatten: _flatten,
    Dense: _dense,
    Activate: _activate,
    Conv: _conv,
    Pool: _pool,
    Embedding: _embedding,
    Sequence: _sequence,
    Recurrence: _recurrence,
}
"""Layer → its forward pass."""
