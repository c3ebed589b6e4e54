"""Tiny nets: kernels against passes in NumPy, penalties and slopes against torch, first weights against their law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from fallline.engine.data.plane import PLANES
from fallline.engine.nets.initialisations import INITIALISERS
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.train.population import Perceptron
from fallline.engine.train.population.losses import LOSSES
from fallline.engine.train.tiny import FEATURES, Problem, Setting, mean_loss, read, walks
from fallline.engine.train.tiny.alone import Batch, walk_alone
from fallline.engine.train.tiny.start import first_weights

SETTING = Setting(OPTIMIZERS["adam"](), 0.01, (4, 3), "tanh", "xavier", "log_loss", batch=10)


def problem(name: str = "circle", classes: int = 2) -> Problem:
    """Eighty points, half of which teach."""
    points, labels = PLANES[name].draw(80, 0.0, classes, np.random.default_rng(0))
    taught = np.arange(80) % 2 == 0
    return Problem(points, labels, taught, 0 if PLANES[name].regression else classes)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("classes", [2, 3])
def test_kernels_walk_where_the_written_passes_walk(loss: str, classes: int) -> None:
    """Forty steps of momentum with both penalties: float32 kernels and float64 NumPy agree to their precision."""
    made = problem(classes=classes)
    setting = replace(SETTING, optimizer=OPTIMIZERS["momentum"](), loss=loss, l1=0.01, l2=0.02)
    inputs = read(made.points, ("x1", "x2"))
    (walk,) = walks(setting, made, inputs, [0, 40], [3])
    rows = inputs[made.taught], made.targets(loss)[made.taught]
    kept, ending, steps = walk_alone(setting, walk.net, rows, loss, [0, 40], 3)
    assert (steps, walk.steps, ending.kind) == (40, 40, walk.ending.kind)
    for ours, theirs in zip(walk.kept[-1], kept[-1], strict=True):
        assert np.abs(ours[0] - theirs[0]).max() < 2e-5
        assert np.abs(ours[1] - theirs[1]).max() < 2e-5


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_slopes_and_curvature_are_those_of_torch(loss: str, activation: str) -> None:
    """The gradient of loss and penalties is autograd's, and the Hessian times a vector is its slope."""
    made, rng = problem(classes=3), np.random.default_rng(1)
    net = Perceptron((2, 4, 3), activation)
    w = tuple(rng.standard_normal(shape) for shape in ((2, 4), (4,), (4, 3), (3,)))
    seen = Batch(net, loss, made.points[:20], made.targets(loss)[:20], 0.03, 0.05)
    theirs = [torch.tensor(each, requires_grad=True) for each in w]
    unit = {"tanh": torch.tanh, "relu": torch.relu, "gelu": torch.nn.functional.gelu}[activation]
    z = unit(torch.tensor(seen.x) @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3]
    wanted = torch.tensor(seen.y)
    rule = {
        "cross_entropy": torch.nn.functional.cross_entropy,
        "log_loss": torch.nn.functional.binary_cross_entropy_with_logits,
        "squared": torch.nn.functional.mse_loss,
        "absolute": torch.nn.functional.l1_loss,
        "huber": torch.nn.functional.huber_loss,
    }[loss]
    matrices = theirs[::2]
    value = rule(z, wanted) + sum(0.03 * each.abs().sum() + 0.025 * each.square().sum() for each in matrices)
    slopes = torch.autograd.grad(value, theirs, create_graph=True)
    assert seen.value(w) == pytest.approx(float(value.detach()), rel=1e-12)
    for ours, slope in zip(seen.gradient_at(w), slopes, strict=True):
        assert np.allclose(ours, slope.detach().numpy(), rtol=1e-10, atol=1e-12)
    if activation == "relu" or loss == "absolute":
        return  # kinks: a difference across one is no slope
    v = tuple(rng.standard_normal(each.shape) for each in w)
    along = sum((slope * torch.tensor(each)).sum() for slope, each in zip(slopes, v, strict=True))
    for ours, curve in zip(seen.hvp(w, v), torch.autograd.grad(along, theirs), strict=True):
        assert np.allclose(ours, curve.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns_the_heaps(name: str) -> None:
    """Two heaps far apart: each lowers the loss on them, with a kernel or without."""
    rate = {"adadelta": 1.0, "prodigy": 1.0, "lbfgs": 1.0, "newton_cg": 1.0}.get(name, 0.01)
    made = problem("gauss")
    setting = replace(SETTING, optimizer=OPTIMIZERS[name](), rate=rate, batch=40)
    inputs = read(made.points, ("x1", "x2"))
    (walk,) = walks(setting, made, inputs, [0, 30, 60], [0])
    targets = made.targets("log_loss")
    first, last = (mean_loss(walk.outputs(moment, inputs), targets, "log_loss") for moment in (0, -1))
    assert len(walk.kept) == 3
    assert last < first


@pytest.mark.parametrize("name", INITIALISERS)
def test_first_weights_have_their_size_and_law(name: str) -> None:
    """A wide layer shows the deviation; a uniform law its ends, an orthogonal one columns of length one."""
    chosen = INITIALISERS[name]
    weights, biases = first_weights(Perceptron((300, 200, 1)), name, 5)[0]
    assert not biases.any()
    if chosen.law == "orthogonal":
        assert np.allclose(weights.T @ weights, np.eye(200), atol=1e-10)
        return
    assert weights.std() == pytest.approx(chosen.deviation(300, 200), rel=0.02)
    if chosen.law == "uniform":
        assert np.abs(weights).max() <= 3.0**0.5 * chosen.deviation(300, 200)


def test_all_weights_zero_keep_the_units_alike() -> None:
    """Units that begin alike get the same slopes, so a layer stays one unit many times over."""
    made = problem()
    (walk,) = walks(replace(SETTING, initialisation="zero"), made, made.points, [0, 50], [0])
    for weights, _ in walk.kept[-1][:-1]:
        assert np.ptp(weights, axis=1).max() == 0.0


@pytest.mark.parametrize("name", ["gd", "muon"])
def test_what_breaks_is_named_with_layer_and_step(name: str) -> None:
    """A rate far too high ends in numbers that are none: the ending says at which step and where."""
    made = problem("slope")
    setting = replace(
        SETTING, optimizer=OPTIMIZERS[name](), rate=1e30, activation="relu", loss="squared", initialisation="he"
    )
    (walk,) = walks(setting, made, made.points, [0, 20, 40], [0])
    assert walk.broken
    assert walk.ending.sentence.startswith(f"Diverged at step {walk.ending.step}: ")
    assert "layer" in walk.ending.sentence or "outputs" in walk.ending.sentence
    assert "Member" not in walk.ending.sentence
    assert len(walk.kept) == 3


def test_an_answer_is_judged_by_what_it_says() -> None:
    """Shares of wrong classes and roots of squared errors follow from the outputs alone."""
    made = problem(classes=2)
    perfect = np.where(made.labels == 1, 3.0, -3.0)[:, None]
    everywhere = np.ones(80, dtype=bool)
    assert made.error(perfect, "log_loss", everywhere) == 0.0
    assert made.error(-perfect, "log_loss", everywhere) == 1.0
    assert made.error(np.full((80, 1), np.nan), "log_loss", everywhere) == 1.0
    numbers = problem("slope")
    assert numbers.loss("log_loss") == "squared"
    assert numbers.error(numbers.labels[:, None] + 0.5, "squared", everywhere) == pytest.approx(0.5)


def test_features_are_what_their_names_say() -> None:
    """Seven of them, read in the order asked for."""
    points = np.array([[0.5, -2.0]])
    assert len(FEATURES) == 7
    assert read(points, tuple(FEATURES))[0] == pytest.approx([0.5, -2.0, 0.25, 4.0, -1.0, np.sin(0.5), np.sin(-2.0)])
    for feature in FEATURES.values():
        told = eval(feature.source, {"np": np, "x1": points[:, 0], "x2": points[:, 1]})  # noqa: S307 - our own text
        assert np.allclose(told, feature.rule(points[:, 0], points[:, 1]))
