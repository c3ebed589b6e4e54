"""A deep net's first pass, against torch's own and against what theory says of each initialisation."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.nets import ACTIVATIONS, INITIALISATIONS, Signal, signal_through_depth

TORCH = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "gelu": torch.nn.functional.gelu,
}


def _pass(activation: str, initialisation: str, layers: int = 30, width: int = 128, samples: int = 64) -> Signal:
    return signal_through_depth(layers, width, activation, initialisation, generator(0, "net"), samples)


@pytest.mark.parametrize("initialisation", ["small-normal", "large-normal", "xavier", "he"])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_forward_and_back_agree_with_torch(activation: str, initialisation: str) -> None:
    """The same draws through torch's own layers in float64 give the same spreads and gradients to five digits."""
    layers, width, samples = 6, 40, 32
    ours = _pass(activation, initialisation, layers, width, samples)
    rng = generator(0, "net")
    h = torch.from_numpy(rng.standard_normal((samples, width)))
    deviation = INITIALISATIONS[initialisation].deviation(width, width)
    weights, sums, spreads = [], [], []
    for _ in range(layers):
        draws = rng.standard_normal((width, width), dtype=np.float32).astype(np.float64)
        weights.append(torch.from_numpy(draws * deviation).requires_grad_())
        z = h @ weights[-1]
        z.retain_grad()
        sums.append(z)
        h = TORCH[activation](z)
        spreads.append(float(h.detach().std(correction=0)))
    h.backward(torch.from_numpy(rng.standard_normal((samples, width))))
    assert np.allclose(ours.activation_std, spreads, rtol=1e-4)
    assert np.allclose(ours.gradient_norm, [float(z.grad.square().mean().sqrt()) for z in sums], rtol=2e-3)
    of_weights = [float(w.grad.square().mean().sqrt()) / samples for w in weights]
    assert np.allclose(ours.weight_gradient_norm, of_weights, rtol=2e-3)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_slopes_agree_with_central_differences(name: str) -> None:
    """The slope of an activation is the limit of its difference quotient, and reaches what is declared as steepest."""
    activation = ACTIVATIONS[name]
    z = np.concatenate([np.linspace(-6, 6, 240), [1e-12, -1e-12, 40.0, -40.0, 1e30, -1e30]])
    slope = activation.slope(z, activation.value(z))
    near = z[:240]
    quotient = (activation.value(near + 1e-6) - activation.value(near - 1e-6)) / 2e-6
    assert np.abs(quotient - slope[:240]).max() < 1e-8
    assert np.isfinite(slope).all()
    assert slope.max() == pytest.approx(activation.steepest, rel=0.1)


def test_xavier_keeps_a_linear_signal_and_he_a_rectified_one() -> None:
    """Where theory says that the variance stays, it stays; where it says it halves, it halves at every layer."""
    he = _pass("relu", "he", samples=256)
    xavier = _pass("relu", "xavier", samples=256)
    assert 0.1 < he.activation_std[-1] / he.activation_std[0] < 10
    shrink = [b / a for a, b in zip(he.activation_std, xavier.activation_std, strict=True)]
    assert np.allclose(shrink, [2 ** (-0.5 * (layer + 1)) for layer in range(30)], rtol=1e-4)


@pytest.mark.parametrize(
    ("activation", "initialisation", "words"),
    [
        ("tanh", "zero", "nothing gets through"),
        ("relu", "zero", "nothing gets through"),
        ("sigmoid", "zero", "nothing gets through"),
        ("tanh", "small-normal", "the gradient vanishes"),
        ("relu", "xavier", "the gradient vanishes"),
        ("sigmoid", "xavier", "the gradient vanishes"),
        ("relu", "large-normal", "the gradient explodes"),
        ("tanh", "large-normal", "its units are saturated, and the gradient explodes"),
        ("tanh", "xavier", "signal and gradient get through"),
        ("relu", "he", "signal and gradient get through"),
        ("gelu", "he", "signal and gradient get through"),
    ],
)
def test_the_sentence_names_what_becomes_of_the_signal(activation: str, initialisation: str, words: str) -> None:
    """Thirty layers of 128 units: each textbook case is called by its name."""
    assert words in _pass(activation, initialisation).sentence


def test_saturated_and_dead_units_are_counted() -> None:
    """Large weights level tanh off, small ones do not; zero weights kill every ReLU, and GELU none."""
    assert min(_pass("tanh", "large-normal").idle) > 0.8
    assert max(_pass("tanh", "small-normal").idle) == 0.0
    assert set(_pass("relu", "zero").idle) == {1.0}
    assert set(_pass("gelu", "zero").idle) == {0.0}
    assert _pass("relu", "he").idle[0] == 0.0


def test_two_initialisations_from_one_generator_meet_the_same_draws() -> None:
    """In the first layer of a ReLU net the activations differ by nothing but the size of the weights."""
    small, he = _pass("relu", "small-normal"), _pass("relu", "he")
    ratio = INITIALISATIONS["he"].deviation(128, 128) / 0.01
    assert he.activation_std[0] / small.activation_std[0] == pytest.approx(ratio, rel=1e-6)
    assert he == _pass("relu", "he")


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("initialisation", list(INITIALISATIONS))
def test_every_number_is_finite_at_the_largest_depth(activation: str, initialisation: str) -> None:
    """A hundred layers of whatever size give plain finite data, as long as the net is deep."""
    plain = _pass(activation, initialisation, layers=100, width=64, samples=16).to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    for key, values in plain.items():
        if key != "sentence":
            assert len(values) == 100
            assert all(math.isfinite(value) for value in values)
    for key in ("activation_std", "gradient_norm", "weight_gradient_norm", "idle"):
        assert min(plain[key]) >= 0.0
    assert max(plain["idle"]) <= 1.0


def test_small_numbers_are_not_lost() -> None:
    """A hundred layers of small weights shrink a gradient to about 1e-95, which is told and not rounded to zero."""
    assert 1e-110 < _pass("tanh", "small-normal", layers=100).gradient_norm[0] < 1e-80


@pytest.mark.parametrize(
    ("layers", "width", "activation", "initialisation", "samples", "path"),
    [
        (0, 8, "tanh", "he", 8, "layers"),
        (101, 8, "tanh", "he", 8, "layers"),
        (3, 0, "tanh", "he", 8, "width"),
        (3, 10**9, "tanh", "he", 8, "width"),
        (3, 8, "tanh", "he", 0, "samples"),
        (3, 8, "tahn", "he", 8, "activation"),
        (3, 8, "tanh", "xavjer", 8, "initialisation"),
    ],
)
def test_misuse_is_refused_by_name(
    layers: int, width: int, activation: str, initialisation: str, samples: int, path: str
) -> None:
    """Sizes out of range and names that do not exist are refused before anything is drawn."""
    with pytest.raises(SpecError, match=rf"^{path}: "):
        signal_through_depth(layers, width, activation, initialisation, generator(0), samples)
