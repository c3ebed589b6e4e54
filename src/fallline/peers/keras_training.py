"""Training in Keras with TensorFlow: the same weights at the start, the same rows in the same order, Keras' optimizer.

The steps are Keras' own. What explains an end (which number stopped being finite, how sharp the start was, which units
are dead) is asked of the same net in PyTorch, with Keras' weights put into it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import torch

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data
from fallline.engine.nets import Net
from fallline.engine.nets.modules import as_module
from fallline.engine.optim import Optimizer
from fallline.engine.train.loop.autopsy import Finding, autopsy
from fallline.engine.train.loop.criteria import CRITERIA, score, spread
from fallline.engine.train.loop.going import NO_HOOKS, Hooks, go, trace_of
from fallline.engine.train.loop.judging import Subject, case_of
from fallline.engine.train.loop.notes import Notes
from fallline.engine.train.loop.order import Order
from fallline.engine.train.loop.pace import Pace
from fallline.engine.train.loop.probes import ROWS
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.snapshot import Snapshot, copied
from fallline.engine.train.loop.tensors import Tensors
from fallline.engine.train.loop.trace import Trace
from fallline.engine.train.loop.training import architecture_of, first_weights, one_at_a_time
from fallline.engine.train.loop.verdict import verdict
from fallline.peers.keras_net import keras_net
from fallline.peers.keras_optimizers import keras_optimizer
from fallline.peers.keras_state import Driven, judged, read, variables_of, written

KERAS_LOSSES = {
    "cross_entropy": ("SparseCategoricalCrossentropy", {"from_logits": True}),
    "log_loss": ("BinaryCrossentropy", {"from_logits": True}),
    "squared": ("MeanSquaredError", {}),
    "absolute": ("MeanAbsoluteError", {}),
    "huber": ("Huber", {}),
}
"""Name of a loss → class of ``keras.losses`` and its arguments."""


def train_in_keras(net: Net, data: Data, recipe: Recipe, hooks: Hooks = NO_HOOKS) -> Trace:
    """Trains a named net in TensorFlow.

    Args:
        net: a named net.
        data: what it learns from.
        recipe: how; its optimizer is one of the Keras dialect, or what makes one of ``keras.optimizers``.
        hooks: checkpoints, reports and a clock.

    Raises:
        SpecError: something that this backend does not do.
    """
    own: Any = net
    if not isinstance(own, Net):
        raise SpecError("net", type(own).__name__, "a named net: Keras cannot take a PyTorch module")
    if callable(recipe.loss):
        raise SpecError("loss", recipe.loss, "the name of a loss: Keras cannot take PyTorch's", "Take backend='torch'.")
    with one_at_a_time(hooks.threads):
        session = KerasSession(net, data, recipe)
        if hooks.resume is not None:
            session.load(hooks.resume)
        go(session, hooks)
        ending = session.ending()
        notes, last = session.notes, session.weights()
        state = session.snapshot() if ending.kind is not EndingKind.UNDEFINED else None
        return trace_of(notes, recipe.per_epoch(data), session.best, last, ending, state)


class KerasSession:
    """A net in Keras, its data and a recipe, and how far they are.

    Attributes:
        recipe: how.
        notes: what has been seen.
        total: steps that are planned.
        look_every: steps between two looks.
        broken: what was found where a number stopped being finite.
        best: the best weights so far, in torch's layout.
    """

    def __init__(self, net: Net, data: Data, recipe: Recipe) -> None:
        from fallline.peers.keras_runtime import load_tensorflow  # as it is needed in `step` too

        self._tf: Any = load_tensorflow()
        self.recipe, self.notes, self.total = recipe, Notes(), recipe.total(data)
        self.look_every = recipe.look or recipe.per_epoch(data)
        self.broken: Finding | None = None
        self._data, self._loss_name = data, recipe.loss_name(data)
        self._architecture = architecture_of(net, data)
        self._first = first_weights(self._architecture, recipe.seed)
        seed = int(generator(recipe.seed, "train", "dropout").integers(2**31))
        self._net = keras_net(self._architecture, self._first, recipe.precision, seed)
        name, options = KERAS_LOSSES[self._loss_name]
        self._criterion = getattr(keras.losses, name)(dtype=recipe.precision, **options)
        rate = getattr(type(recipe.optimizer), "rate", None) if recipe.rate is None else recipe.rate
        variables = self._net.model.trainable_variables
        self._optimizer = keras_optimizer(recipe.optimizer, rate or 0.001, variables)
        self._rate = float(self._optimizer.learning_rate.numpy()) if rate is None else rate
        self._pace, self._rows = Pace.of(recipe.schedule, self.total, recipe.rows(data)), recipe.rows(data)
        self._driven = Driven(self._optimizer, [*self._pace.others])
        self._noise = generator(recipe.seed, "train", "noise")
        twin = as_module(self._architecture, self._first, torch.float32)
        self._shapes = {name: tuple(each.shape) for name, each in twin.named_parameters()}
        self._tensors = Tensors.of(data, recipe, torch.device("cpu"))
        self._x, self._y = (self._tf.constant(each.numpy()) for each in (self._tensors.x, self._tensors.y))
        self._order = Order(len(data.train), recipe.seed)
        self._gradient, self._move, self._outputs = self._compiled()
        self.best: dict[str, Any] = {}

    def _compiled(self) -> tuple[Any, Any, Any]:
        """Traces gradient, step and outputs once, for batches of any size."""
        tf, model, variables = self._tf, self._net.model, self._net.model.trainable_variables

        @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
        def gradient(x: Any, y: Any) -> Any:
            with tf.GradientTape() as tape:
                loss = self._criterion(y, self._shaped(y, model(x, training=True)))
            # of an embedding TensorFlow gives the rows that were read, each as often as it was read
            slopes = [tf.convert_to_tensor(slope) for slope in tape.gradient(loss, variables)]
            return loss, tf.linalg.global_norm(slopes), slopes

        def move(slopes: Any) -> None:
            self._optimizer.apply(slopes, variables)

        @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
        def outputs(x: Any) -> Any:
            return model(x, training=False)

        self._optimizer.build(variables)
        # a traced step holds what momentum and decay were: where a plan drives them, each step is taken as it comes
        return gradient, move if self._pace.others else tf.function(move), outputs

    def _shaped(self, y: Any, z: Any) -> Any:
        """One number per sample where there is one label per sample: Keras pairs them by their shapes."""
        return self._tf.reshape(z, self._tf.shape(y)) if self._loss_name != "cross_entropy" else z

    def step(self) -> float:
        """Takes one step; where a number is not finite it takes none, and `broken` says why."""
        step = len(self.notes.losses)
        rows = self._order.next(self._pace.size(step, self._rows))
        x, y = self._tf.gather(self._x, rows), self._tf.gather(self._y, rows)
        found = self._gradient(x, y)
        loss, norm = float(found[0]), float(found[1])
        if not (math.isfinite(loss) and math.isfinite(norm)):
            places = torch.from_numpy(rows)
            self.broken = self._autopsy(self._tensors.x[places], self._tensors.y[places])
            return loss
        rate = self._rate * self._pace.factor(step)
        self._optimizer.learning_rate.assign(rate)
        self._driven.drive(self._pace.settings(step))
        self._move(self._disturbed(found[2]))
        self.notes.step(loss, norm, rate)
        return loss

    def _disturbed(self, slopes: Any) -> Any:
        """The slopes with the gradient noise of the recipe: the very draws that PyTorch's parameters get."""
        if not self.recipe.noise:
            return slopes
        drawn = {name: self._noise.standard_normal(shape) for name, shape in self._shapes.items()}
        added = self._net.turned(drawn)
        pairs = zip(slopes, self._net.model.trainable_variables, strict=True)
        return [slope + self._tf.constant(self.recipe.noise * added[id(each)], slope.dtype) for slope, each in pairs]

    def look(self, seconds: float | None) -> None:
        """Looks at the validation rows, and keeps the weights if they are the best."""
        with judged(self._optimizer, self._net.model.trainable_variables):
            self._look(seconds)

    def _look(self, seconds: float | None) -> None:
        x, y = self._tensors.validation
        seen = None
        if len(x):
            z = self._outputs(self._tf.constant(x.numpy()))
            labels = self._tf.constant(y.numpy())
            loss = float(self._criterion(labels, self._shaped(labels, z)))
            if not math.isfinite(loss):
                self.broken = self._autopsy(x, y)
                return
            right, count = score(self._data.task, torch.from_numpy(z.numpy()), y)
            share = right / count
            seen = loss, 1.0 - share / max(spread(y), 1e-300) if self._data.task == "regression" else share
        if self.notes.look(seen, seconds):
            self.best = self.weights()
        self._pace.looked(self.notes.judged[-1])

    def weights(self) -> dict[str, Any]:
        """Returns the weights in torch's layout."""
        return self._net.weights()

    def snapshot(self) -> Snapshot:
        """Returns all that decides what comes next."""
        tree: dict[str, Any] = {
            "variables": written(self._variables),
            "order": copied(self._order.state()),
            "pace": self._pace.tree(),
            "noise": copied(self._noise.bit_generator.state),
            "notes": self.notes.tree(),
            "best": dict(self.best),
            "of": self._of(),
        }
        return Snapshot(len(self.notes.losses), tree)

    def load(self, snapshot: Snapshot) -> None:
        """Goes to where a snapshot was.

        Raises:
            SpecError: it is of another training.
        """
        tree = snapshot.tree
        if tree["of"] != self._of():
            raise SpecError("resume", tree["of"], f"a snapshot of this training, {self._of()}")
        read(self._variables, tree["variables"])
        self._order.load(tree["order"])
        self._pace.load(tree["pace"])
        self._noise.bit_generator.state = tree["noise"]
        self.notes = Notes(**copied(tree["notes"]))
        self.best = dict(tree["best"])

    @property
    def _variables(self) -> list[Any]:
        return variables_of(self._net.model, self._optimizer)

    def _of(self) -> str:
        """What must be the same for a snapshot to fit."""
        title = type(self._optimizer).__name__
        return " ".join(map(str, ("Keras", self._data.sha256[:12], title, self.recipe.seed, self._rows, self.total)))

    def _twin(self) -> torch.nn.Module:
        """The same net in PyTorch, with the weights as they are now."""
        module = as_module(self._architecture, self._first, getattr(torch, self.recipe.precision))
        state = {name: torch.from_numpy(array) for name, array in self.weights().items()}
        module.load_state_dict(state, strict=False)  # torch also counts the batches that a norm has seen
        return module

    def _autopsy(self, x: torch.Tensor, y: torch.Tensor) -> Finding:
        with _own_stream():
            return autopsy(self._twin(), CRITERIA[self._loss_name], x, y)

    def ending(self) -> Ending:
        """Returns the verdict."""
        recipe, optimizer, twin = self.recipe, self.recipe.optimizer, self._twin()
        subject = Subject(
            module=twin,
            criterion=CRITERIA[self._loss_name],
            x=self._tensors.x[:ROWS],
            y=self._tensors.y[:ROWS],
            first=as_module(self._architecture, self._first, getattr(torch, recipe.precision)).state_dict(),
            stable=optimizer.largest_stable_rate if isinstance(optimizer, Optimizer) else lambda _: None,
            aside=_own_stream,
        )
        title = type(self._optimizer).__name__
        return verdict(case_of(self.notes, recipe, recipe.per_epoch(self._data), title, self.broken, subject))


@contextmanager
def _own_stream() -> Iterator[None]:
    """Leaves torch's random stream as it was."""
    before = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(before)
