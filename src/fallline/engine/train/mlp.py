"""The multilayer perceptron, trained in PyTorch with a named optimizer and schedule.

Every draw comes from a `torch.Generator` seeded from the fit's own stream; torch's global stream is neither read nor
moved. The fit stops early by an inner part of its training rows, never by the rows that judge it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from fallline.core.ending import Ending
from fallline.core.errors import Unavailable
from fallline.engine.data.splits import stratified
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.engine.schedules import SCHEDULES
from fallline.engine.train.family import Family, Lesson
from fallline.engine.train.hyperparameter import Hyperparameter
from fallline.engine.train.model import Matrix, frozen
from fallline.engine.train.perceptron import ACTIVATIONS, PerceptronModel

INNER = 0.1
"""Share of the training rows that early stopping goes by."""


def fit_mlp(lesson: Lesson) -> tuple[PerceptronModel, Ending]:
    """Fits a perceptron."""
    try:
        import torch  # 3 s of imports, and an optional package: only a process that fits nets pays them
    except ImportError as error:
        raise Unavailable(
            "A neural net needs PyTorch, which is not installed: pip install 'fallline[torch]'"
        ) from error
    from fallline.engine.train.backpropagation import Network
    from fallline.engine.train.epochs import Fit

    with _threads(lesson.threads), torch.no_grad():
        generator = torch.Generator().manual_seed(int(lesson.rng.integers(2**63)))
        parts = {
            name: (torch.from_numpy(np.array(matrix)), torch.from_numpy(np.array(labels)).unsqueeze(1))
            for name, (matrix, labels) in _parts(lesson).items()
        }
        hidden = [lesson.whole("width")] * lesson.whole("layers")
        network = Network([lesson.matrix.shape[1], *hidden, 1], str(lesson.params["activation"]), generator)
        fit = Fit(lesson, network, parts, generator)
        ending = fit.run()
    model = PerceptronModel(
        weights=tuple(frozen(weight.numpy()) for weight in network.weights),
        biases=tuple(frozen(bias.numpy()) for bias in network.biases),
        activation=network.activation,
        history={name: tuple(values) for name, values in fit.series.items()},
    )
    return model, ending


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Holds torch to so many threads meanwhile; matrices this small lose from more than one."""
    import torch  # as above

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _parts(lesson: Lesson) -> dict[str, tuple[Matrix, Matrix]]:
    """Returns the rows that teach (``loss``), stop the fit (``inner``) and only watch (``validation``)."""
    parts = {"loss": (lesson.matrix, lesson.labels)}
    rarer = min(lesson.labels.sum(), len(lesson.labels) - lesson.labels.sum())
    if lesson.whole("patience") and rarer >= 2 / INNER:
        split = stratified(lesson.labels, INNER, lesson.rng)
        parts = {
            name: (lesson.matrix[rows], lesson.labels[rows])
            for name, rows in (("loss", split.train), ("inner", split.test))
        }
    if lesson.validation is not None:
        parts["validation"] = lesson.validation
    return parts


_ALONE = tuple(name for name, kind in SCHEDULES.items() if kind.inner == (0, 0))
_SUITED = tuple(name for name, kind in OPTIMIZERS.items() if issubclass(kind, Elementwise) and kind.judge is None)
"""Optimizers that see one weight at a time, for all weights are one tensor, and whose net is judged where it stands."""
_MOMENTUM = ("optimizer", ("momentum", "nesterov"))
MLP = Family(
    name="mlp",
    title="Neural net",
    style="linear",
    hyperparameters=(
        Hyperparameter("layers", "Hidden layers", "int", 1, 1, 3, 1, 8),
        Hyperparameter("width", "Units per hidden layer", "int", 64, 8, 128, 1, 1024, log=True),
        Hyperparameter("activation", "Activation", "categorical", "relu", choices=tuple(ACTIVATIONS)),
        Hyperparameter("dropout", "Dropout", "float", 0.2, 0.0, 0.5, 0.0, 0.9),
        Hyperparameter("weight_decay", "Weight decay", "float", 1e-3, 1e-5, 1.0, 0.0, 10.0, log=True),
        Hyperparameter("batch", "Rows per step", "int", 128, 32, 512, 1, 65_536, log=True),
        Hyperparameter("rate", "Learning rate", "float", 1e-3, 1e-4, 3e-2, 1e-8, 1e3, log=True),
        Hyperparameter("momentum", "Momentum", "float", 0.9, 0.5, 0.99, 0.0, 0.999, when=_MOMENTUM),
        Hyperparameter(
            "optimizer",
            "Optimizer",
            "categorical",
            "adamw",
            choices=_SUITED,
            searched=False,
        ),
        Hyperparameter("schedule", "Schedule", "categorical", "cosine", choices=_ALONE, searched=False),
        Hyperparameter("epochs", "Epochs, at most", "int", 30, 5, 100, 1, 10_000, searched=False),
        Hyperparameter("patience", "Epochs without a fall before it stops", "int", 8, 3, 20, 0, 10_000, searched=False),
    ),
    learner=fit_mlp,
)
