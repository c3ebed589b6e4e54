"""Named nets: what they are built of, how they start, and that building them disturbs nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.nets import INITIALISERS, NETS, Inputs, Net, Outputs
from fallline.engine.nets.architecture import orthogonal
from fallline.engine.nets.modules import as_module, as_weights

VECTOR, SIGNAL, IMAGE, WORDS = Inputs((6,)), Inputs((2, 12)), Inputs((1, 8, 8)), Inputs((9,), 5)
CASES: list[tuple[str, Inputs, Outputs, dict[str, Any]]] = [
    ("linear", VECTOR, Outputs(2), {}),
    ("logistic", IMAGE, Outputs(10), {}),
    ("mlp", VECTOR, Outputs(1), {"widths": (7, 5), "norm": "batch", "dropout": 0.2}),
    ("mlp", IMAGE, Outputs(10), {"norm": "layer", "activation": "tanh"}),
    ("cnn", IMAGE, Outputs(10), {"norm": "batch"}),
    ("cnn", SIGNAL, Outputs(3), {"norm": "layer", "dropout": 0.1}),
    ("gru", VECTOR, Outputs(2), {"widths": (4, 3)}),
    ("gru", IMAGE, Outputs(10), {"norm": "layer"}),
    ("gru", WORDS, Outputs(5, each=True), {"dropout": 0.1}),
    ("transformer", SIGNAL, Outputs(3), {"norm": "none", "activation": "relu"}),
    ("transformer", WORDS, Outputs(5, each=True), {"widths": (8,), "dropout": 0.1}),
]
ALL = pytest.mark.parametrize(("name", "inputs", "outputs", "options"), CASES)


def samples(inputs: Inputs, rows: int = 4) -> torch.Tensor:
    """Returns samples of a shape."""
    rng = generator(0, "samples")
    if inputs.vocabulary:
        return torch.from_numpy(rng.integers(inputs.vocabulary, size=(rows, *inputs.shape)))
    return torch.from_numpy(rng.standard_normal((rows, *inputs.shape)).astype(np.float32))


@ALL
def test_a_net_reads_and_gives_what_it_was_built_for(
    name: str, inputs: Inputs, outputs: Outputs, options: dict[str, Any]
) -> None:
    """Its parameters are those that it declares, and its outputs have the shape asked for."""
    plan = Net(name, options).architecture(inputs, outputs)
    module = as_module(plan, plan.draw(generator(0, "net"))).eval()
    given = module(samples(inputs))
    assert given.shape == ((4, 9, 5) if outputs.each else (4, outputs.count))
    assert sum(each.numel() for each in module.parameters()) == plan.parameters
    assert [key for key, _ in module.named_parameters()] == [key for key, _ in plan.weights]


@ALL
def test_building_draws_from_the_generator_alone(
    name: str, inputs: Inputs, outputs: Outputs, options: dict[str, Any]
) -> None:
    """Torch's random state stays as it was; the same generator gives the same weights, bit by bit."""
    before = torch.get_rng_state()
    plan = Net(name, options).architecture(inputs, outputs)
    drawn = plan.draw(generator(3, "net"))
    module = as_module(plan, drawn, torch.float64)
    assert torch.equal(before, torch.get_rng_state())
    assert all(np.array_equal(array, drawn[key]) for key, array in as_weights(module).items())


def test_gated_units_follow_their_equations() -> None:
    """r, z and n as Cho and others write them, computed by hand, give the module's last state."""
    plan = Net("gru", {"widths": (3,)}).architecture(SIGNAL, Outputs(1))
    weights = {key: array + 0.1 for key, array in plan.draw(generator(1, "net")).items()}
    x = samples(SIGNAL).double()
    state = np.zeros((4, 3))
    into, back = weights["gru1.weight_ih_l0"], weights["gru1.weight_hh_l0"]
    for step in x.numpy().transpose(2, 0, 1):
        a, b = step @ into.T + weights["gru1.bias_ih_l0"], state @ back.T + weights["gru1.bias_hh_l0"]
        reset, update = (1 / (1 + np.exp(-(a + b)[:, part])) for part in (slice(3), slice(3, 6)))
        new = np.tanh(a[:, 6:] + reset * b[:, 6:])
        state = (1 - update) * new + update * state
    expected = state @ weights["output.weight"].T + weights["output.bias"]
    module = as_module(plan, weights, torch.float64)
    assert np.allclose(module(x).detach().numpy(), expected, atol=1e-13)


def test_a_step_of_a_text_never_sees_what_comes_after_it() -> None:
    """Changing a later token changes no earlier output, in either net that reads text."""
    for name in ("gru", "transformer"):
        plan = Net(name).architecture(WORDS, Outputs(5, each=True))
        module = as_module(plan, plan.draw(generator(0, "net"))).eval()
        text = samples(WORDS)
        other = text.clone()
        other[:, 6] = (other[:, 6] + 1) % 5
        before, after = module(text), module(other)
        assert torch.allclose(before[:, :6], after[:, :6], atol=1e-6)
        assert not torch.allclose(before[:, 6:], after[:, 6:], atol=1e-4)


@pytest.mark.parametrize("name", [key for key, each in INITIALISERS.items() if each.law != "orthogonal"])
def test_an_initialiser_gives_the_spread_that_it_states(name: str) -> None:
    """The standard deviation of 40,000 draws is within 2 % of its formula; a uniform law keeps to its bounds."""
    known = INITIALISERS[name]
    plan = Net("mlp", {"widths": (400,), "initialiser": name}).architecture(Inputs((100,)), Outputs(1))
    drawn = plan.draw(generator(0, "net"))["dense1.weight"]
    assert drawn.std() == pytest.approx(known.deviation(100, 400), rel=0.02)
    if known.law == "uniform":
        assert np.abs(drawn).max() <= np.sqrt(3.0) * known.deviation(100, 400)


def test_torchs_own_initialiser_is_torchs_own() -> None:
    """The bound of ``torch`` is the one within which a fresh torch.nn.Linear lies, and nearly reaches."""
    with torch.random.fork_rng():
        fresh = torch.nn.Linear(100, 400).weight.abs().max().item()
    plan = Net("mlp", {"widths": (400,), "initialiser": "torch"}).architecture(Inputs((100,)), Outputs(1))
    ours = np.abs(plan.draw(generator(0, "net"))["dense1.weight"]).max()
    assert fresh == pytest.approx(ours, rel=1e-3)


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (4, 2, 3, 3)])
def test_an_orthogonal_start_is_orthogonal(shape: tuple[int, ...]) -> None:
    """The shorter side's vectors are of length one and at right angles."""
    flat = orthogonal(shape, generator(0, "q")).reshape(shape[0], -1)
    short = flat if flat.shape[0] <= flat.shape[1] else flat.T
    assert np.allclose(short @ short.T, np.eye(len(short)), atol=1e-12)


@pytest.mark.parametrize(
    ("net", "options", "said"),
    [
        ("mlpp", {}, "Did you mean 'mlp'"),
        ("mlp", {"width": (3,)}, "Did you mean 'widths'"),
        ("linear", {"activation": "relu"}, "linear has: initialiser"),
        ("mlp", {"activation": "relo"}, "Did you mean 'relu'"),
        ("mlp", {"initialiser": "hee"}, "Did you mean 'he'"),
        ("mlp", {"widths": (0,)}, "whole numbers from 1"),
        ("mlp", {"dropout": 1.0}, "below 1"),
        ("mlp", {"norm": "group"}, "'batch'"),
    ],
)
def test_a_wrong_option_is_named(net: str, options: dict[str, Any], said: str) -> None:
    """The error says which option, and what is known."""
    with pytest.raises(SpecError, match=said):
        Net(net, options)


@pytest.mark.parametrize(
    ("net", "inputs", "options"),
    [
        ("mlp", WORDS, {}),
        ("linear", WORDS, {}),
        ("cnn", VECTOR, {}),
        ("cnn", Inputs((1, 2, 2)), {}),
        ("gru", VECTOR, {"norm": "batch"}),
        ("transformer", SIGNAL, {"norm": "batch"}),
        ("transformer", SIGNAL, {"widths": (9,), "heads": 2}),
        ("transformer", SIGNAL, {"widths": (8, 4)}),
    ],
)
def test_a_net_refuses_what_it_cannot_read(net: str, inputs: Inputs, options: dict[str, Any]) -> None:
    """It says so when it is built for data that it has no way to read, or with an option that does not suit."""
    with pytest.raises(SpecError):
        Net(net, options).architecture(inputs, Outputs(2, each=bool(inputs.vocabulary)))


def test_every_kind_is_covered() -> None:
    """The cases above name each kind of net."""
    assert {name for name, *_ in CASES} == set(NETS)
