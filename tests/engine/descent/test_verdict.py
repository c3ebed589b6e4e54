"""The verdict table: every way in which a descent can end, and the numbers in its sentence."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from fallline.engine.descent import Trace, descend
from fallline.engine.descent.wording import below, number, place
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES, Constant
from fallline.engine.surfaces import SURFACES, RateRange, Source, Surface


def _walk(name: str, optimizer: str, rate: float, start: tuple[float, float] | None = None, **more: Any) -> Trace:
    surface = SURFACES[name]
    kind, settings = OPTIMIZERS[optimizer], more.pop("settings", {})
    return descend(
        surface,
        kind(**settings),
        more.pop("schedule", Constant()),
        rate=rate,
        start=start or surface.start,
        steps=more.pop("steps", 200),
        **more,
    )


TABLE: list[tuple[str, str, float, tuple[float, float] | None, dict[str, Any], str, str]] = [
    # where it arrives
    ("bowl", "gd", 0.1, None, {}, "converged", "at the minimum near (0, 0)"),
    ("bowl", "adam", 0.1, None, {}, "converged", "at the minimum near (0, 0)"),
    ("bowl", "gd", 0.1, (0.0, 0.0), {}, "converged", "Converged at step 0"),
    ("bowl", "gd", 1e-12, (0.0, 0.0), {"steps": 1}, "converged", "Converged at step 0"),
    ("himmelblau", "gd", 0.01, (4.0, 4.0), {}, "converged", "at the minimum near (3, 2)"),
    ("himmelblau", "gd", 0.01, (-4.0, 4.0), {}, "converged", "at the minimum near (−2.81, 3.13)"),
    ("three_hump_camel", "gd", 0.05, None, {}, "converged", "a local minimum near (−1.75, 0.874)"),
    ("styblinski_tang", "gd", 0.01, (2.0, 2.0), {}, "converged", "loss −50.1"),
    ("rastrigin", "gd", 0.002, None, {}, "converged", "a local minimum near (−2.98, 2.98)"),
    ("rosenbrock", "momentum", 0.001, None, {"steps": 2000}, "converged", "at the minimum near (1, 1)"),
    ("ackley", "gd", 0.02, (0.0, 0.0), {}, "converged", "at the minimum near (0, 0)"),
    ("ackley", "gd", 0.02, (0.3, 0.2), {"schedule": SCHEDULES["cosine"]()}, "converged", "at the minimum near (0, 0)"),
    # where it comes to rest and should not
    ("saddle", "gd", 0.1, (-1.6, 0.0), {}, "stalled", "at a saddle near (0, 0)"),
    ("saddle", "adam", 0.1, (-1.6, 0.0), {}, "stalled", "eigenvalues there are −2 and 2"),
    ("saddle", "gd", 0.1, (0.0, 0.0), {"steps": 3}, "stalled", "at a saddle"),
    ("monkey_saddle", "gd", 0.1, (0.0, 0.0), {}, "stalled", "all curvature vanishes"),
    ("himmelblau", "gd", 0.01, (-0.27084459, -0.92303856), {"steps": 20}, "stalled", "at a maximum"),
    ("himmelblau", "gd", 1e-3, (0.08667750, 2.88425470), {"steps": 20}, "stalled", "at a saddle"),
    ("plateau", "gd", 0.3, None, {}, "stalled", "on a plateau at (−3, 2)"),
    ("plateau", "momentum", 2.0, None, {}, "stalled", "as Adam does"),
    ("plateau", "adam", 8.0, None, {}, "stalled", "overshot"),
    ("rosenbrock", "gd", 1e-7, None, {}, "stalled", "Try a rate ten times as high"),
    (
        "ravine",
        "gd",
        0.02,
        None,
        {"schedule": SCHEDULES["exponential"](gamma=0.8)},
        "stalled",
        "the schedule has brought the rate down from 0.02",
    ),
    ("bowl", "gd", 0.1, (2.0, 1.0), {"settings": {"decay": 0.4}}, "converged", "at the minimum"),
    (
        "rosenbrock",
        "gd",
        1e-3,
        None,
        {"settings": {"decay": 2.0}, "steps": 4000},
        "stalled",
        "the weight decay 2 pulls",
    ),
    # where it runs away
    ("ravine", "gd", 0.05, None, {}, "diverged", "the rate 0.05 is above 2/λmax = 0.04. Try less than 0.036."),
    ("bowl", "gd", 1.01, None, {}, "diverged", "the rate 1.01 is above 2/λmax = 1. Try less than 0.9."),
    ("bowl", "gd", 1.005, None, {"steps": 100}, "diverged", "above 2/λmax = 1"),
    ("ravine", "momentum", 0.09, None, {}, "diverged", "above 2(1 + β)/λmax = 0.076"),
    ("ravine", "nesterov", 0.06, None, {}, "diverged", "above 2(1 + β)/((1 + 2β)λmax) = 0.0271"),
    ("rosenbrock", "gd", 0.02, None, {}, "diverged", "above 2/λmax = 0.00133 at (−1.2, 1), where it stood at step 0"),
    ("rosenbrock", "gd", 1e300, None, {}, "diverged", "Diverged at step 1"),
    ("ackley", "adam", 8.0, None, {}, "diverged", "its steps are too long for a map 8 wide"),
    ("saddle", "gd", 0.1, (-1.6, 1e-3), {}, "diverged", "This surface has no minimum"),
    ("monkey_saddle", "adam", 0.03, None, {}, "diverged", "This surface has no minimum"),
    # where it is still on its way
    ("rosenbrock", "gd", 1e-3, None, {}, "step limit", "down from 24.2 and still falling"),
    ("bowl", "gd", 0.1, None, {"steps": 3}, "step limit", "after 3 steps"),
    ("ravine", "gd", 0.0398, None, {"steps": 150}, "step limit", "each step undoes most of the one before"),
    ("ravine", "gd", 0.0004, None, {"steps": 150}, "step limit", "a higher rate"),
    ("bowl", "gd", 1.0, None, {}, "step limit", "steps to and fro"),
    ("himmelblau", "gd", 0.03, None, {}, "step limit", "it bounces between"),
    ("rastrigin", "adam", 10.0, None, {}, "step limit", "it bounces between"),
    ("saddle", "gd", 1e-3, None, {}, "step limit", "no minimum"),
    ("noisy_bowl", "gd", 0.1, None, {"noise": 1.0}, "noise floor", "kept up by noise of 1 in the gradient"),
]


@pytest.mark.parametrize(("name", "optimizer", "rate", "start", "more", "kind", "words"), TABLE)
def test_the_verdict_names_what_happened(  # noqa: PLR0917 - one for each column of the table
    name: str,
    optimizer: str,
    rate: float,
    start: tuple[float, float] | None,
    more: dict[str, Any],
    kind: str,
    words: str,
) -> None:
    """Each known case is named as what it is, with the numbers that make it so."""
    rng = np.random.default_rng(0)
    ending = _walk(name, optimizer, rate, start, rng=rng, **dict(more)).ending
    assert (str(ending.kind), words in ending.sentence) == (kind, True), ending.sentence


def test_the_step_of_convergence_is_when_it_came_to_stay() -> None:
    """From the step named on, the path stays within a thousandth of the map's diagonal; one step before it does not."""
    trace = _walk("bowl", "gd", 0.1)
    step = trace.ending.step
    assert step is not None
    away = np.hypot(*(trace.points - trace.points[-1]).T)
    assert (away[step:] <= 1e-3 * SURFACES["bowl"].diagonal).all()
    assert away[step - 1] > 1e-3 * SURFACES["bowl"].diagonal


def test_the_step_of_divergence_is_when_it_left_the_map() -> None:
    """From the step named on, every point lies off the map; the one before lies on it."""
    trace = _walk("ravine", "gd", 0.045)
    step = trace.ending.step
    assert step is not None
    off = (np.abs(trace.points) > np.array([4.0, 2.0])).any(axis=1)
    assert off[step:].all()
    assert not off[step - 1]


def test_the_rate_it_advises_works() -> None:
    """Whoever follows the advice after a divergence on a quadratic arrives."""
    for name, optimizer, rate in (("ravine", "gd", 0.3), ("ravine", "momentum", 0.2), ("bowl", "nesterov", 5.0)):
        sentence = _walk(name, optimizer, rate).ending.sentence
        found = re.search(r"Try less than ([\d.]+)\.$", sentence)
        assert found, sentence
        advised = _walk(name, optimizer, 0.999 * float(found[1]), steps=1000)
        assert str(advised.ending.kind) == "converged"


def _root_value(x: Any, y: Any) -> Any:
    return np.sqrt(x) + y * y


def _root_gradient(x: Any, y: Any) -> Any:
    return 0.5 / np.sqrt(x), 2.0 * y


def _root_hessian(x: Any, y: Any) -> Any:
    return -0.25 / (x * np.sqrt(x)), 0.0 * x, 2.0 + 0.0 * y


def test_a_step_to_where_the_loss_is_no_number_is_undefined_and_not_diverged() -> None:
    """A path that steps out of the domain of a square root, in the middle of the map, is told so."""
    surface = Surface(
        name="root",
        title="Root",
        formula=r"\sqrt{x} + y^2",
        source=Source("Nobody", 2000),
        domain=((-1.0, 3.0), (-2.0, 2.0)),
        start=(0.5, 1.0),
        minima=(),
        value_rule=_root_value,
        gradient_rule=_root_gradient,
        hessian_rule=_root_hessian,
        levels="linear",
        rate=RateRange(0.01, 1.0, 0.1),
    )
    trace = descend(surface, OPTIMIZERS["gd"](), Constant(), rate=0.1, start=surface.start, steps=100)
    assert str(trace.ending.kind) == "undefined"
    assert trace.ending.step == trace.steps + 1
    assert np.isfinite(trace.points).all()
    assert "not a number" in trace.ending.sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (-0.5, "−0.5"),
        (1234.5, "1234"),
        (1e5, "1e5"),
        (2.5e-7, "2.5e-7"),
        (float("inf"), "infinity"),
        (100.0, "100"),
        (999.9, "1e3"),
    ],
)
def test_numbers_read_as_a_person_writes_them(value: float, text: str) -> None:
    """Three digits, a real minus sign, no trailing zeros, powers only where needed."""
    assert number(value) in {text, "1000" if text == "1e3" else text}


def test_places_and_limits_are_rounded_for_the_eye() -> None:
    """A rounding error beside zero reads as zero, and advice is rounded down."""
    assert place((1e-17, -2.0004)) == "(0, −2)"
    assert below(1.0) == "0.9"
    assert below(0.0271) == "0.024"
    assert below(123456.0) == "1.1e5"
