"""Why a training ended: each verdict where theory says it must come; the first number not finite, by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from fallline.core.ending import EndingKind
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, data_of, load_set
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.train.loop import Recipe, Trace
from fallline.engine.train.loop.autopsy import autopsy
from fallline.engine.train.loop.probes import dead_units, sharpness
from fallline.engine.train.loop.training import train

GD, ADAM = OPTIMIZERS["gd"](), OPTIMIZERS["adam"]()


@pytest.fixture(scope="module")
def line() -> Data:
    """Returns 200 rows of a linear regression."""
    return load_set("line", generator(0, "line"), rows=200)


def curvature(data: Data) -> float:
    """Returns λmax of the mean squared error over the training rows, bias included: 2 Xᵀ X / n."""
    x = np.column_stack([data.x[data.train], np.ones(len(data.train))]).astype(np.float64)
    return float(2.0 * np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def ended(net: Any, data: Data, optimizer: Any, rate: float, **recipe: Any) -> Trace:
    """Trains over all rows at once, unless the recipe says otherwise."""
    return train(net, data, Recipe(optimizer, rate, **{"batch": "full", **recipe}))


def test_sharpness_is_the_largest_curvature(line: Data) -> None:
    """Power iteration finds λmax of a quadratic to half a per cent, and leaves the weights alone."""
    module = nn.Linear(8, 1)
    before = [each.detach().clone() for each in module.parameters()]
    x, y = (torch.from_numpy(np.array(each[line.train])) for each in (line.x, line.y))
    found = sharpness(module, nn.functional.mse_loss, x, y)
    assert found == pytest.approx(curvature(line), rel=5e-3)
    assert all(torch.equal(a, b) for a, b in zip(before, module.parameters(), strict=True))


def test_above_the_stable_rate_it_diverges_and_the_limit_is_named(line: Data) -> None:
    """5 % above 2/λmax descent diverges and the sentence gives that limit; 5 % below it converges."""
    limit = 2.0 / curvature(line)
    above, below = (ended(Net("linear"), line, GD, share * limit, epochs=600) for share in (1.05, 0.95))
    assert above.ending.kind is EndingKind.DIVERGED
    told = re.search(r"is above ([\d.]+), the largest that is stable", above.ending.sentence)
    assert told is not None
    assert float(told[1]) == pytest.approx(limit, rel=0.02)
    assert below.ending.kind is EndingKind.CONVERGED


def test_at_the_limit_it_oscillates(line: Data) -> None:
    """At 2/λmax exactly the steepest direction neither shrinks nor grows: the loss rests, the gradient does not."""
    start = Net("linear", {"initialiser": "large-normal"})
    trace = ended(start, line, GD, 2.0 / curvature(line), epochs=300, precision="float64")
    assert trace.ending.kind is EndingKind.OSCILLATING
    assert "Try" in trace.ending.sentence


def test_a_small_noisy_set_is_overfitted() -> None:
    """A wide net on 30 points, a third of them mislabelled, is stopped while its training loss still falls."""
    data = load_set("moons", generator(0, "few"), rows=40, noise=0.4)
    trace = train(Net("mlp", {"widths": (128,)}), data, Recipe(ADAM, 0.02, epochs=500, patience=20, label_noise=0.3))
    assert trace.ending.kind is EndingKind.OVERFITTING
    assert len(trace.looks) - 1 - trace.best == 20
    assert trace.train[-1] < trace.train[trace.best]
    unstopped = train(Net("mlp", {"widths": (128,)}), data, Recipe(ADAM, 0.02, epochs=60, label_noise=0.3))
    assert "overfits. Set a patience" in unstopped.ending.sentence


def test_patience_without_a_rise_is_convergence() -> None:
    """Where validation only stops falling, it has converged."""
    data = load_set("gauss", generator(0, "gauss"))
    trace = train(Net("logistic"), data, Recipe(GD, 0.5, SCHEDULES["exponential"](gamma=0.9), epochs=200, patience=3))
    assert trace.ending.kind is EndingKind.CONVERGED
    assert trace.steps < 200 * 10


def test_dead_units_are_counted_and_named() -> None:
    """Biases far below zero silence a layer: nothing is learnt, and the sentence says which units are dead."""
    net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    with torch.no_grad():
        net[0].bias.fill_(-100.0)
        net[0].bias[:2] = 1.0
        net[2].weight[:, :2] = 0.0
    data = load_set("xor", generator(0, "xor"), rows=100)
    x = torch.from_numpy(np.array(data.x))
    assert dead_units(net, x) == [("1", 14, 16)]
    trace = ended(net, data, GD, 1e-3, epochs=50)
    assert trace.ending.kind is EndingKind.STALLED
    assert "In 1, 14 of 16 units are dead" in trace.ending.sentence


def test_zeros_stall_and_few_steps_are_still_falling() -> None:
    """Nothing breaks the symmetry of a net of zeros; a short fit says that it was falling."""
    data = load_set("spirals", generator(0, "spirals"), rows=100)
    assert ended(Net("mlp", {"initialiser": "zero"}), data, GD, 0.1, epochs=60).ending.kind is EndingKind.STALLED
    short = train(Net("mlp"), load_set("digits", generator(0, "digits"), rows=300), Recipe(ADAM, 0.003, epochs=3))
    assert short.ending.kind is EndingKind.STEP_LIMIT
    assert "still falling" in short.ending.sentence


class Layered(nn.Module):
    """Two layers with something of one's own between them."""

    def __init__(self, between: Callable[[torch.Tensor], torch.Tensor], scale: float = 1.0) -> None:
        super().__init__()
        self.first, self.second, self._between = nn.Linear(2, 4), nn.Linear(4, 1), between
        with torch.no_grad():
            self.first.weight.copy_(torch.arange(-4.0, 4.0).view(4, 2) * scale)
            self.first.bias.fill_(0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Returns one number a row."""
        return self.second(self._between(self.first(x)))


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (Layered(torch.log), r"log in layer the net itself gave nan, the logarithm of zero or less"),
        (Layered(torch.sqrt), r"sqrt in layer the net itself gave nan, the root of a negative number"),
        (Layered(lambda h: torch.exp(100 * h)), r"exp in layer the net itself gave inf, an exponential that overflows"),
        (Layered(lambda h: 1 / torch.relu(h)), r"reciprocal in layer the net itself gave inf, a division by zero"),
        (Layered(lambda h: h, 8e37), r"addmm in layer first gave inf, an overflow"),
        (Layered(lambda h: (0 * h).sqrt()), r"div on the way back through first gave (nan|inf), the slope of"),
    ],
    ids=["log", "root", "exp", "reciprocal", "overflow", "slope of a root"],
)
def test_the_first_number_that_is_not_finite_has_layer_step_and_cause(module: nn.Module, said: str) -> None:
    """Each way of losing it is named at the first step, before any weight was changed."""
    before = {name: each.clone() for name, each in module.state_dict().items()}
    data = load_set("gauss", generator(0, "gauss"), rows=60)
    trace = ended(module, data, GD, 0.1, epochs=3)
    assert trace.ending.kind is EndingKind.UNDEFINED
    assert trace.ending.step == 1
    assert re.match(rf"Undefined at step 1: {said}", trace.ending.sentence)
    assert trace.steps == 0
    assert all(torch.equal(before[name], each) for name, each in module.state_dict().items())


def test_a_loss_of_zero_probability_is_named() -> None:
    """A person's own cross-entropy takes the logarithm of a probability that has become 0."""
    data = load_set("gauss", generator(0, "gauss"), rows=60)

    def naive(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        p = torch.sigmoid(1000 * z[:, 0])
        return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

    trace = ended(Layered(torch.tanh), data, GD, 0.1, epochs=3, loss=naive)
    assert trace.ending.kind is EndingKind.UNDEFINED
    assert "log in the loss gave inf, the logarithm of zero" in trace.ending.sentence
    assert "log odds" in trace.ending.sentence


def test_an_update_that_overflows_is_named_by_its_weight() -> None:
    """A rate at which the weights themselves overflow: the sentence names the weight, the step and the gradient."""
    rng = np.random.default_rng(0)
    data = data_of(rng.standard_normal((20, 2)), 1e3 * rng.standard_normal(20), rng)
    trace = ended(Net("linear"), data, GD, 1e37, epochs=5, look=100)
    assert trace.ending.kind is EndingKind.DIVERGED
    assert re.match(
        r"Diverged at step 2: the update of step 1 made output\.\w+ (inf|nan): its gradient had length",
        trace.ending.sentence,
    )


def test_after_a_break_everything_kept_is_finite() -> None:
    """Batch norm's running statistics are those before the step that failed, and no series holds what is not finite."""
    data = load_set("moons", generator(0, "moons"), rows=60)
    trace = ended(Net("mlp", {"norm": "batch", "widths": (8,)}), data, GD, 1e20, epochs=40)
    assert trace.ending.kind is EndingKind.DIVERGED
    for series in (trace.losses, trace.grad_norms, trace.validation, *trace.best_weights.values()):
        assert np.isfinite(series).all()


def test_a_watch_changes_nothing() -> None:
    """Looking for a cause where there is none leaves weights and torch's random state as they were."""
    module, before = Layered(torch.tanh), torch.get_rng_state()
    x = torch.from_numpy(generator(0, "x").standard_normal((5, 2)).astype(np.float32))
    found = autopsy(module, lambda z, _: z.mean(), x, torch.zeros(5))
    assert found.operation == ""
    assert torch.equal(before, torch.get_rng_state())
