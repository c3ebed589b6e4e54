"""``keras.optimizers`` on TensorFlow as a lane of the race.

A whole run is one TensorFlow graph: it is traced once for a net and an optimizer, and every rate and seed starts it
anew from the first weights and an empty memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from fallline.engine.train.race import Curve, Member, Problem
from fallline.engine.train.race.lane import curve
from fallline.peers.keras_forward import forward, understands
from fallline.peers.keras_runtime import load_tensorflow

Arguments = dict[str, Any]

OPTIMIZERS: dict[str, tuple[str, Arguments]] = {
    "gd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adadelta": ("Adadelta", {}),
    "adam": ("Adam", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamw": ("AdamW", {}),
    "adamax": ("Adamax", {}),
    "nadam": ("Nadam", {}),
    "lion": ("Lion", {}),
    "lamb": ("Lamb", {}),
    "ftrl": ("Ftrl", {}),
    "adafactor": ("Adafactor", {}),
}
"""Our name → its class in ``keras.optimizers`` and what is said to it besides the rate."""


class KerasLane:
    """Keras, on TensorFlow."""

    name = "keras"
    title = "Keras"

    def optimizers(self) -> tuple[str, ...]:
        """Those of ``keras.optimizers``."""
        return tuple(OPTIMIZERS)

    def trains(self, problem: Problem) -> bool:
        """Named nets; a net given as torch code is not Keras'."""
        return problem.architecture is not None and understands(problem.architecture)

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Traces the run once, then starts it for every member."""
        with _double():
            graph = _Graph(problem, optimizer, members[0])
            return [curve(graph.run(member)) for member in members]

    def remembers(self, problem: Problem, optimizer: str, member: Member) -> float:
        """Counts the optimizer's variables, its step and rate left out."""
        with _double():
            graph = _Graph(problem, optimizer, member)
            kept = sum(int(np.prod(each.shape)) for each in graph.memory if len(each.shape) > 0)
            return float(kept / sum(int(np.prod(each.shape)) for each in graph.weights))


@contextmanager
def _double() -> Iterator[None]:
    """Keras' numbers in float64 meanwhile, its rate included, which would otherwise be rounded to float32."""
    tf = load_tensorflow()  # 4 s of imports, and an optional package: only who races in Keras needs it
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        with tf.device("/CPU:0"):
            yield
    finally:
        keras.config.set_floatx(before)


class _Graph:
    """One net and one optimizer as a TensorFlow graph of a whole run."""

    def __init__(self, problem: Problem, optimizer: str, member: Member) -> None:
        import keras
        import tensorflow as tf

        assert problem.architecture is not None  # noqa: S101 - `trains` said so
        self.problem, self.architecture = problem, problem.architecture
        kind, arguments = OPTIMIZERS[optimizer]
        self.names = list(member.draw.weights)
        self.weights = [tf.Variable(member.draw.weights[name]) for name in self.names]
        self.optimizer = getattr(keras.optimizers, kind)(learning_rate=member.rate, **arguments)
        self.optimizer.build(self.weights)
        apart = {id(self.optimizer.iterations), id(self.optimizer.learning_rate)}
        self.memory = [each for each in self.optimizer.variables if id(each) not in apart]
        self.empty = [each.value.numpy().copy() for each in self.memory]
        self.x, self.held_x = tf.constant(problem.x), tf.constant(problem.held_x)
        self.y, self.held_y = tf.constant(problem.y), tf.constant(problem.held_y)
        self.train = tf.function(self._train)

    def run(self, member: Member) -> list[float]:
        """Trains from a member's start; returns the losses at the points."""
        import tensorflow as tf

        for variable, name in zip(self.weights, self.names, strict=True):
            variable.assign(member.draw.weights[name])
        for variable, value in zip(self.memory, self.empty, strict=True):
            variable.assign(value)
        self.optimizer.iterations.assign(0)
        self.optimizer.learning_rate.assign(member.rate)
        draw = member.draw
        rows = tf.constant(draw.rows if draw.rows is not None else np.zeros((1, 1), dtype=np.int64))
        noise = [tf.constant(each) for each in draw.noise]
        losses: list[float] = self.train(rows, noise).numpy().tolist()
        return losses

    def _train(self, rows: Any, noise: list[Any]) -> Any:
        """The graph: between two points so many steps, at each point a look at the loss."""
        import tensorflow as tf

        points = tf.constant(self.problem.points)
        count = len(self.problem.points)
        found = tf.TensorArray(tf.float64, size=count, element_shape=())
        found = found.write(0, self._loss(self.held_x, self.held_y))
        whole = not 0 < self.problem.batch < len(self.problem.x)

        def step(number: Any) -> Any:
            taken = slice(None) if whole else rows[number]
            x = self.x if whole else tf.gather(self.x, taken)
            y = self.y if whole else tf.gather(self.y, taken)
            with tf.GradientTape() as tape:
                loss = self._loss(x, y)
            gradients = tape.gradient(loss, self.weights)
            if noise:
                gradients = [g + each[number] for g, each in zip(gradients, noise, strict=True)]
            self.optimizer.apply(gradients, self.weights)
            return number + 1

        def stretch(place: Any, found: Any) -> tuple[Any, Any]:
            tf.while_loop(lambda number: number < points[place], step, [points[place - 1]])
            return place + 1, found.write(place, self._loss(self.held_x, self.held_y))

        _, found = tf.while_loop(lambda place, _: place < count, stretch, [tf.constant(1), found])
        return found.stack()

    def _loss(self, x: Any, y: Any) -> Any:
        import tensorflow as tf

        out = forward(self.architecture, dict(zip(self.names, self.weights, strict=True)), x)
        if self.problem.loss == "squared":
            return tf.reduce_mean(tf.square(tf.reshape(out, tf.shape(y)) - y))
        if out.shape[-1] == 1:
            labels = tf.cast(y, out.dtype)
            return tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=tf.reshape(out, tf.shape(y)))
            )
        flat = tf.reshape(out, (-1, out.shape[-1]))
        labels = tf.reshape(y, (-1,))
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=flat))
