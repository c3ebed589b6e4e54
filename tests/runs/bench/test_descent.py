"""Stage ``descent``: schedules of one's own, repeats with other noise, the noise floor; against plain arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.engine.descent import Runner, Trace
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.surfaces import SURFACES
from fallline.runs.answer import answer
from fallline.runs.bench.floor import noise_floor
from fallline.runs.bench.repeats import late_loss, repeated, standing
from fallline.runs.bench.short import short
from fallline.runs.spec import load_spec

COSINE = {"name": "cosine", "params": {"floor": 0.1}}


def raced(**asked: Any) -> dict[str, Any]:
    """The part of one race."""
    tree = {"kind": "descent", "surface": "ravine", "start": [-3.5, 1.2], "steps": 80, "seed": 3, **asked}
    part: dict[str, Any] = answer(load_spec(tree)).part("descent")
    return part


def trace(losses: list[float], kind: EndingKind = EndingKind.STEP_LIMIT) -> Trace:
    """A trace with these losses."""
    points = np.zeros((len(losses), 2))
    return Trace(points, np.array(losses), np.zeros(len(losses)), np.ones(len(losses) - 1), Ending(kind, "."))


def test_a_runners_own_schedule_is_the_races_when_it_runs_alone() -> None:
    """Said of one runner or of all, the same schedule gives the same path and the same rates."""
    own = raced(noise=1.0, optimizers={"gd": {"rate": 0.03, "schedule": COSINE}})["runs"]["gd"]
    shared = raced(noise=1.0, schedule=COSINE, optimizers={"gd": {"rate": 0.03}})["runs"]["gd"]
    assert own["path"] == shared["path"]
    assert own["rates"] == shared["rates"]
    assert own["rates"][0] == pytest.approx(0.03)
    assert own["last_rate"] == pytest.approx(0.03 * (0.1 + 0.45 * (1 + np.cos(np.pi * 79 / 80))))


def test_a_runners_own_schedule_comes_before_the_races() -> None:
    """One runner keeps its constant rate while the others anneal."""
    runs = raced(
        schedule=COSINE,
        optimizers={"kept": {"optimizer": "gd", "schedule": {"name": "constant"}}, "gd": {}},
    )["runs"]
    assert set(runs["kept"]["rates"]) == {0.03}
    assert runs["gd"]["rates"][-1] < 0.01
    assert (runs["kept"]["role"], runs["gd"]["role"]) == ("constant", "gd")


def test_a_schedule_that_nobody_knows_is_named_with_its_path() -> None:
    """The error says whose schedule it is."""
    with pytest.raises(SpecError, match=r"optimizers\.gd\.schedule\.name.*cosine"):
        raced(optimizers={"gd": {"schedule": {"name": "cosin"}}})


def test_the_first_repeat_is_the_race_itself() -> None:
    """Asking for repeats changes nothing that is drawn."""
    once, often = (raced(noise=1.0, repeats=n, optimizers={"gd": {}, "adam": {}}) for n in (1, 7))
    assert once["runs"] == often["runs"]
    assert (once["repeats"], often["repeats"]) == (1, 7)
    assert "repeated" not in once


def test_without_noise_one_repeat_says_all() -> None:
    """Repeating what is the same would only look like evidence."""
    part = raced(noise=0.0, repeats=9, optimizers={"gd": {}, "adam": {}})
    assert part["repeats"] == 1
    assert part["repeated"]["gd"]["late"]["low"] == part["repeated"]["gd"]["late"]["high"]
    assert part["told_apart"]


def test_a_limit_stays_on_its_slider_when_its_optimizer_is_off() -> None:
    """Switching a runner off does not move the mark."""
    limits = raced(optimizers={"gd": {"on": False}, "adam": {}})["limits"]
    assert limits["gd"] == pytest.approx(2 / 50)
    assert limits["adam"] is None


@given(
    st.lists(st.lists(st.floats(0.01, 9.0), min_size=12, max_size=12), min_size=2, max_size=9),
    st.lists(st.lists(st.floats(0.01, 9.0), min_size=12, max_size=12), min_size=2, max_size=9),
)
@settings(max_examples=60, deadline=None)
def test_repeats_are_summed_up_as_plain_arithmetic_does(one: list[list[float]], other: list[list[float]]) -> None:
    """Late losses, who was lowest how often, and the sign test agree with numpy and SciPy on the same numbers."""
    count = min(len(one), len(other))
    races = [(trace(a), trace(b)) for a, b in zip(one[:count], other[:count], strict=True)]
    lates = np.array([[np.mean(a.losses[-2:]), np.mean(b.losses[-2:])] for a, b in races])
    found, stand = repeated(races, ["a", "b"], 11), standing(races, ["a", "b"], 11)
    assert found["a"]["late"]["median"] in lates[:, 0]
    assert found["a"]["best_in"] == int(np.sum(lates[:, 0] <= lates[:, 1]))
    assert found["a"]["best_in"] + found["b"]["best_in"] == count
    first, second = ("a", "b") if np.median(lates[:, 0]) <= np.median(lates[:, 1]) else ("b", "a")
    assert (stand["usual"], stand["second"]) == (first, second)
    place = "ab".index(first)
    ahead = int(np.sum(lates[:, place] < lates[:, 1 - place]))
    assert stand["ahead"] == ahead
    certain = ahead > count / 2 and binomtest(ahead, count).pvalue < 0.05
    assert stand["told_apart"] == certain


def test_a_run_that_broke_off_has_no_late_loss_and_is_counted() -> None:
    """Divergence is infinity to the order, null to JSON, and never a winner."""
    broken = trace([1.0, 9.0], EndingKind.DIVERGED)
    races = [(broken, trace([4.0, 3.0, 2.0, 2.0])), (broken, trace([4.0, 3.0, 1.0, 1.0]))]
    found, stand = repeated(races, ["a", "b"], 3), standing(races, ["a", "b"], 3)
    assert late_loss(broken, 3) is None
    assert found["a"]["late"] == {"low": None, "median": None, "high": None}
    assert (found["a"]["broke_off"], found["b"]["best_in"]) == (2, 2)
    assert (stand["usual"], stand["second"]) == ("b", None)


def test_when_everyone_breaks_off_nobody_stands() -> None:
    """Above the limit there is no winner to name, and the result still holds no infinity."""
    part = raced(noise=1.0, repeats=5, optimizers={"gd": {"rate": 0.5}, "momentum": {"rate": 0.5}})
    assert part["usual"] is None
    assert part["winner"] is None
    assert part["lowest_here"] is None


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.8])
def test_the_noise_floor_is_where_a_long_descent_wanders(rate: float) -> None:
    """The closed form against a simulated descent on the bowl, to three standard errors of a long mean."""
    rng = np.random.default_rng(7)
    w, sigma, heights = np.zeros((400, 2)), 0.7, []
    for step in range(3_000):
        w = w - rate * (2 * w + sigma * rng.standard_normal(w.shape))
        if step >= 500:
            heights.append(np.mean(np.sum(w**2, axis=1)))
    runner = Runner(OPTIMIZERS["gd"](), rate, SCHEDULES["constant"]())
    assert noise_floor(SURFACES["bowl"], runner, sigma) == pytest.approx(float(np.mean(heights)), rel=0.02)


@pytest.mark.parametrize(
    ("surface", "optimizer", "rate", "schedule", "noise"),
    [
        ("bowl", "gd", 1.2, "constant", 1.0),
        ("bowl", "gd", 0.1, "constant", 0.0),
        ("bowl", "adam", 0.1, "constant", 1.0),
        ("bowl", "gd", 0.1, "cosine", 1.0),
        ("rosenbrock", "gd", 0.001, "constant", 1.0),
    ],
)
def test_where_no_closed_form_holds_there_is_none(
    surface: str, optimizer: str, rate: float, schedule: str, noise: float
) -> None:
    """Above the limit, without noise, where steps are divided, with a schedule, off a quadratic."""
    runner = Runner(OPTIMIZERS[optimizer](), rate, SCHEDULES[schedule]())
    assert noise_floor(SURFACES[surface], runner, noise) is None


@given(st.lists(st.floats(-1e300, 1e300, allow_nan=False), min_size=1, max_size=20))
@settings(deadline=None)
def test_short_keeps_seven_digits(values: list[float]) -> None:
    """A rounded number differs by less than a screen shows, and stays finite."""
    np.testing.assert_allclose(short(np.array(values)), values, rtol=1e-6)
