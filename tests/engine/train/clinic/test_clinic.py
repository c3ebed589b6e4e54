"""The clinic: gradients by finite differences, signs by closed forms, names by what is put into a training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.train.clinic import MODELS, SICKNESSES, Patient, Treatment, diagnose, measure, train
from fallline.engine.train.clinic.patient import Array
from fallline.engine.train.clinic.signs import curvatures


def bowl(scales: tuple[float, ...], *, steps: int = 100, target: float = 1e-3, noise: float = 0.0) -> Patient:
    """Least squares whose Hessian has these eigenvalues, on the axes; labels with noise of a given size."""
    x = np.concatenate([np.diag(np.sqrt(scales)) * np.sqrt(2.0 * len(scales)) * sign for sign in (1.0, -1.0)])
    x = x / np.sqrt(2.0)
    x = np.concatenate([x, x])
    off = noise * np.where(np.arange(len(x)) < len(x) // 2, 1.0, -1.0)
    start = np.ones(len(scales))
    return Patient("line", x, off, start, 0.5 * noise * noise, target, steps, ("x",) * len(scales))


def named(patient: Patient, treatment: Treatment) -> str:
    """What the signs of a training give."""
    chart = train(patient, treatment, np.random.default_rng(0))
    return diagnose(patient, chart, measure(patient, treatment, chart)).name


@pytest.mark.parametrize("name", MODELS)
@given(seed=st.integers(0, 10_000))
def test_a_gradient_is_the_slope_of_its_loss(name: str, seed: int) -> None:
    """Central differences at random weights."""
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((12, 2)), rng.standard_normal(2)
    y = rng.random(12).round() if name == "chances" else rng.standard_normal(12)
    model = MODELS[name]
    steps = 1e-6 * np.eye(2)
    slope = [(model.loss(w + step, x, y) - model.loss(w - step, x, y)) / 2e-6 for step in steps]
    assert model.gradient(w, x, y) == pytest.approx(slope, abs=1e-7)


def test_curvatures_are_the_eigenvalues() -> None:
    """Of a Hessian that is known."""
    patient = bowl((0.2, 3.0))
    found: Array = curvatures(patient, Treatment(0.1), patient.start)
    assert found == pytest.approx([0.2, 3.0], rel=1e-7)


@given(share=st.floats(0.05, 1.9), flat=st.floats(0.3, 1.0))
def test_a_chart_follows_the_closed_form(share: float, flat: float) -> None:
    """On a quadratic, every direction shrinks by 1 − ηλ a step."""
    patient, treatment = bowl((flat, 1.0), steps=40), Treatment(share)
    chart = train(patient, treatment, np.random.default_rng(0))
    t = np.arange(41)
    losses = 0.5 * sum(each * (1.0 - share * each) ** (2 * t) for each in (flat, 1.0))
    assert chart.losses == pytest.approx(np.maximum(losses, 1e-16), rel=1e-6, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "patient", "treatment"),
    [
        ("diverging", bowl((0.5, 1.0)), Treatment(2.1)),
        ("oscillating", bowl((0.5, 1.0)), Treatment(1.99)),
        ("slow", bowl((0.5, 1.0)), Treatment(0.01)),
        ("early", bowl((0.5, 1.0)), Treatment(1.0, "exponential", span=4)),
        ("scaling", bowl((0.001, 1.0), target=1e-6), Treatment(1.0)),
        ("floor", bowl((0.5, 1.0), noise=3.0), Treatment(0.3, batch=1)),
        ("well", bowl((0.5, 1.0)), Treatment(1.0)),
    ],
)
def test_what_is_put_in_is_what_is_named(name: str, patient: Patient, treatment: Treatment) -> None:
    """On a quadratic the place of ηλ, the condition, the schedule and the noise decide the case."""
    assert named(patient, treatment) == name


def test_a_saturated_neuron_stalls_and_a_fresh_one_does_not() -> None:
    """The same rows, rate and steps: only the size of the first weights differs."""
    x = np.stack([np.ones(40), np.linspace(-2.0, 2.0, 40)], axis=1)
    y = 1.0 / (1.0 + np.exp(-x[:, 1]))
    patient = Patient("neuron", x, y, np.array([-1.0, 0.0]), 0.0, 1e-3, 150, ("ones", "x"))
    assert named(patient, Treatment(2.0, start=16.0)) == "stalled"
    assert named(patient, Treatment(2.0)) == "well"


def test_an_overflow_is_told_from_a_divergence() -> None:
    """In float32 an exponential above 88 is infinite, and infinity minus infinity is no number."""
    x, y = np.array([[30.0], [1.0], [-1.0]]), np.array([1.0, 1.0, 0.0])
    patient = Patient("chances", x, y, np.array([-0.5]), 0.0, 0.2, 60, ("x",), single=True)
    treatment = Treatment(1.0)
    chart = train(patient, treatment, np.random.default_rng(0))
    assert chart.broken == "loss"
    assert chart.steps == 1
    assert diagnose(patient, chart, measure(patient, treatment, chart)).name == "nan"
    assert named(patient, Treatment(1.0, clip=0.04)) == "well"


@given(
    rate=st.floats(1e-4, 1e3),
    batch=st.integers(0, 12),
    clip=st.sampled_from([0.0, 0.01, 1.0]),
    start=st.floats(0.01, 100.0),
    model=st.sampled_from(tuple(MODELS)),
)
def test_every_training_has_a_name_and_finite_curves(
    rate: float, batch: int, clip: float, start: float, model: str
) -> None:
    """Whatever is done: nothing warns, nothing that is kept is infinite, and a name and a proof come out."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((12, 2)) * np.array([1.0, 50.0])
    patient = Patient(model, x, rng.random(12).round(), np.ones(2), 0.0, 1e-3, 30, ("a", "b"), single=True)
    treatment = Treatment(rate, batch=batch, clip=clip, start=start)
    chart = train(patient, treatment, rng)
    assert all(np.isfinite(each).all() for each in (chart.losses, chart.slopes, chart.cosines, chart.rates))
    found = diagnose(patient, chart, measure(patient, treatment, chart))
    assert found.name in {*SICKNESSES, "well", "unnamed"}
    assert found.proof.endswith(".")


def test_a_treatment_that_is_none_is_refused() -> None:
    """With the value and what was expected."""
    with pytest.raises(SpecError, match="rate"):
        Treatment(0.0)
    with pytest.raises(SpecError, match="span"):
        Treatment(0.1, span=0)
