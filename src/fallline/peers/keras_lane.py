"""``keras.optimizers`` on TensorFlow as a lane of the race.

A whole run is one TensorFlow graph, traced once for a net and an optimizer; every rate and seed starts it anew from its
first weights and an empty memory. Step by step from Python a run takes several times as long, and a race has thousands.
Weights, rows and noise are those that the training loop draws for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.nets import Architecture, Net
from fallline.engine.optim import optimizers_of
from fallline.engine.train.race import Curve, Member, Problem
from fallline.engine.train.race.lane import curve
from fallline.peers import keras_names
from fallline.peers.keras_optimizers import keras_optimizer

Array = NDArray[Any]


class KerasLane:
    """Keras, on TensorFlow."""

    name = "keras"
    title = "Keras"

    def optimizers(self) -> tuple[str, ...]:
        """Those of ``keras.optimizers``, each with Keras' own defaults."""
        return tuple(name for name in keras_names.OPTIMIZERS if name in optimizers_of("keras"))

    def trains(self, problem: Problem) -> bool:
        """Named nets; a net given as torch code is not Keras'."""
        return isinstance(problem.net, Net)

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Traces the run once, then starts it for every member."""
        with double():
            graph = _Graph(problem, optimizer)
            return [curve(graph.run(member), len(problem.points)) for member in members]

    def remembers(self, problem: Problem, optimizer: str) -> float:
        """Counts the optimizer's variables, its step and rate left out."""
        with double():
            graph = _Graph(problem, optimizer)
            kept = sum(int(np.prod(each.shape)) for each in graph.memory if len(each.shape) > 0)
            return float(kept / sum(int(np.prod(each.shape)) for each in graph.variables))


@contextmanager
def double() -> Iterator[None]:
    """Keras' numbers in float64 meanwhile, its rate included, which would otherwise be rounded to float32."""
    from fallline.peers.keras_runtime import load_tensorflow  # 4 s, and an optional package: only a race needs it

    load_tensorflow()
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before)


@dataclass(frozen=True, eq=False)
class _Plan:
    """What a member's seed decides, as arrays.

    Attributes:
        weights: the first ones, in torch's layout.
        rows: of all steps, one after another.
        ends: where each step's rows end; the first is 0.
        noise: per variable, in Keras' layout, shape (steps, …); empty where there is none.
    """

    weights: dict[str, Array]
    rows: Array
    ends: Array
    noise: list[Array]


class _Graph:
    """One net and one optimizer as a TensorFlow graph of a whole run."""

    def __init__(self, problem: Problem, optimizer: str) -> None:
        import keras
        import tensorflow as tf

        from fallline.engine.train.loop.training import architecture_of
        from fallline.peers.keras_net import keras_net
        from fallline.peers.keras_training import KERAS_LOSSES

        assert isinstance(problem.net, Net)  # noqa: S101 - `trains` said so
        self.problem, data = problem, problem.data
        self.recipe = problem.recipe(optimizers_of("keras")[optimizer](), Member(0.1, 0))
        self.architecture = architecture_of(problem.net, data)
        self.loss_name = self.recipe.loss_name(data)
        self.net = keras_net(self.architecture, self._first(0), "float64", 0)
        self.variables = self.net.model.trainable_variables
        name, options = KERAS_LOSSES[self.loss_name]
        self.criterion = getattr(keras.losses, name)(dtype="float64", **options)
        self.optimizer = keras_optimizer(self.recipe.optimizer, 0.1, self.variables)
        self.optimizer.build(self.variables)
        apart = {id(self.optimizer.iterations), id(self.optimizer.learning_rate)}
        self.memory = [each for each in self.optimizer.variables if id(each) not in apart]
        self.empty = [each.value.numpy().copy() for each in self.memory]
        self.x, self.y = _tensor(tf, data.x[data.train]), _tensor(tf, data.y[data.train])
        self.held = _tensor(tf, data.x[data.validation]), _tensor(tf, data.y[data.validation])
        drawn = [(problem.steps, *each.shape) for each in self.variables] if problem.noise else []
        self.train = tf.function(self._train).get_concrete_function(
            tf.TensorSpec((None,), tf.int64),
            tf.TensorSpec((problem.steps + 1,), tf.int64),
            [tf.TensorSpec(shape, tf.float64) for shape in drawn],
        )

    def run(self, member: Member) -> list[float]:
        """Trains from a member's start; returns the losses at the points."""
        import tensorflow as tf

        plan = self._plan(member)
        self.net.put(plan.weights)
        for variable, value in zip(self.memory, self.empty, strict=True):
            variable.assign(value)
        self.optimizer.iterations.assign(0)
        self.optimizer.learning_rate.assign(member.rate)
        noise = [tf.constant(each) for each in plan.noise]
        losses: list[float] = self.train(tf.constant(plan.rows), tf.constant(plan.ends), noise).numpy().tolist()
        return losses

    def _first(self, seed: int) -> dict[str, Array]:
        from fallline.engine.train.loop.training import first_weights

        return dict(first_weights(self.architecture, seed))

    def _plan(self, member: Member) -> _Plan:
        from fallline.engine.train.loop.order import Order

        rows, order = self.recipe.rows(self.problem.data), Order(len(self.problem.data.train), member.seed)
        taken = [order.next(rows) for _ in range(self.problem.steps)]
        ends = np.cumsum([0, *(len(each) for each in taken)])
        return _Plan(
            self._first(member.seed),
            np.concatenate(taken),
            ends,
            laid_noise(self.net, self.architecture, self.problem, member.seed),
        )

    def _train(self, rows: Any, ends: Any, noise: list[Any]) -> Any:
        """The graph: between two points so many steps, at each point a look at the loss."""
        import tensorflow as tf

        points, count = tf.constant(self.problem.points), len(self.problem.points)
        found = tf.TensorArray(tf.float64, size=count, element_shape=())
        found = found.write(0, self._loss(*self.held, training=False))

        def step(number: Any) -> Any:
            taken = rows[ends[number] : ends[number + 1]]
            with tf.GradientTape() as tape:
                loss = self._loss(tf.gather(self.x, taken), tf.gather(self.y, taken), training=True)
            # of an embedding TensorFlow gives the rows that were read, each as often as it was read
            gradients = [tf.convert_to_tensor(each) for each in tape.gradient(loss, self.variables)]
            if noise:
                gradients = [g + each[number] for g, each in zip(gradients, noise, strict=True)]
            self.optimizer.apply(gradients, self.variables)
            return number + 1

        def stretch(place: Any, found: Any) -> tuple[Any, Any]:
            tf.while_loop(lambda number: number < points[place], step, [points[place - 1]])
            return place + 1, found.write(place, self._loss(*self.held, training=False))

        _, found = tf.while_loop(lambda place, _: place < count, stretch, [tf.constant(1), found])
        return found.stack()

    def _loss(self, x: Any, y: Any, *, training: bool) -> Any:
        import tensorflow as tf

        z = self.net.model(x, training=training)
        return self.criterion(y, z if self.loss_name == "cross_entropy" else tf.reshape(z, tf.shape(y)))


def _tensor(tf: Any, values: Array) -> Any:
    whole = np.issubdtype(values.dtype, np.integer)
    return tf.constant(values, dtype=tf.int64 if whole else tf.float64)


def laid_noise(net: Any, architecture: Architecture, problem: Problem, seed: int) -> list[Array]:
    """Returns the loop's noise, weight by weight and step by step, as Keras' variables are laid out.

    Args:
        net: a `KerasNet`.
        architecture: its layers.
        problem: says how much noise, and for how many steps.
        seed: of the run.

    Returns:
        per trainable variable an array of shape (steps, …); empty where there is no noise.
    """
    if not problem.noise:
        return []
    rng, variables = generator(seed, "train", "noise"), net.model.trainable_variables
    laid: dict[int, list[Array]] = {id(variable): [] for variable in variables}
    for _ in range(problem.steps):
        drawn = {name: rng.standard_normal(weight.shape) for name, weight in architecture.weights}
        for bond in net.bonds:
            if all(name in drawn for name in bond.names):
                turned = bond.into([drawn[name] for name in bond.names])
                for variable, array in zip(bond.variables, turned, strict=True):
                    laid[id(variable)].append(array)
    return [problem.noise * np.stack(laid[id(variable)]) for variable in variables]
