"""Layers of our own in Keras: what PyTorch's nets have and Keras' have not, or mean otherwise."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable("fallline")
class BatchNorm(keras.layers.BatchNormalization):  # type: ignore[misc]  # Keras has no types
    """Counts n − 1 rows in the running variance, as PyTorch does, where Keras' own counts n."""

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Returns the normalised inputs; in training, the running mean and variance move."""
        kept = self.moving_variance * self.momentum
        outputs = super().call(inputs, training=training, mask=mask)
        if training and self.trainable:
            rows = keras.ops.cast(keras.ops.size(inputs) / inputs.shape[-1], self.moving_variance.dtype)
            fresh = (self.moving_variance - kept) * rows / keras.ops.maximum(rows - 1.0, 1.0)
            self.moving_variance.assign(kept + fresh)
        return outputs


@keras.saving.register_keras_serializable("fallline")
class Place(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Adds a learned vector to each step."""

    def build(self, shape: Any) -> None:
        """Makes room for the vectors."""
        self.kernel = self.add_weight(shape=shape[1:], name="kernel")

    def call(self, x: Any) -> Any:
        """Returns x with the vectors added."""
        return x + self.kernel
