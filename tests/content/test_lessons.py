"""Lessons: the sentences around the numbers say what the numbers say, and each week has its questions."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from fallline.course.content import load_course
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec

COURSE = load_course()
WRITTEN = (1, 2, 3)


@cache
def result(week: int, name: str) -> dict[str, Any]:
    """What a lesson's Spec gives."""
    found: dict[str, Any] = answer(load_spec(COURSE.lesson_specs[week][name])).result["descent"]
    return found


def late(week: int, name: str, runner: str = "gd") -> float:
    """The median late loss over the draws."""
    return float(result(week, name)["repeated"][runner]["late"]["median"])


def run(week: int, name: str, runner: str = "gd") -> dict[str, Any]:
    """One run."""
    found: dict[str, Any] = result(week, name)["runs"][runner]
    return found


@pytest.mark.parametrize("number", WRITTEN)
def test_a_written_week_is_complete(number: int) -> None:
    """A lesson of the length of a session, a plan of 90 minutes, sources, misconceptions, a lab in its place."""
    lesson, plan = COURSE.lessons[number], COURSE.instructor[number]
    body = lesson.split("## Sources")[0]
    assert 1500 <= len(body.split()) <= 2700
    assert "::lab{" in body
    assert body.lower().count("misconception") >= 4
    assert "90 minutes" in plan
    assert "Misconceptions to listen for" in plan
    assert COURSE.week(number).labs[0] in lesson


@pytest.mark.parametrize("number", WRITTEN)
def test_a_written_week_has_ten_questions_of_several_kinds(number: int) -> None:
    """Ten items, at least three kinds, every topic named; most draw numbers, and most point to a lab."""
    items = [item for item in COURSE.items.values() if item.week == number]
    assert len(items) == 10
    assert len({item.kind for item in items}) >= 3
    assert sum(item.generate is not None for item in items) >= 8
    assert sum("/labs/" in " ".join(known.feedback for known in item.misconceptions) for item in items) >= 7
    assert all(item.misconceptions for item in items)


def test_the_floor_is_where_week_two_says() -> None:
    """Medians of fifty draws lie within a tenth of the formula, and every batch comes down to 0.1 equally early."""
    for batch in (1, 4, 16, 64):
        formula = 0.1 * (4.0 / batch) / (2.0 * (1.0 - 0.1))
        assert math.isclose(run(2, f"batch-{batch}")["floor"], formula, rel_tol=1e-9)
        assert math.isclose(late(2, f"batch-{batch}"), formula, rel_tol=0.1)
        assert run(2, f"batch-{batch}")["steps_to"]["1e-1"] < 20


def test_the_linear_rule_ends_where_week_two_says() -> None:
    """Up to 8 rows the loss stays within a factor of three; at 16 the scaled rate is the limit, at 32 far beyond it."""
    rows = [late(2, f"rows-{batch}") for batch in (1, 4, 8)]
    assert max(rows) < 3.0 * min(rows)
    assert run(2, "rows-16")["rate"] == run(2, "rows-16")["limit"]
    assert late(2, "rows-16") > 100.0 * max(rows)
    assert run(2, "rows-32")["ending"]["kind"] == "diverged"
    assert late(2, "rows-32-stable") > 10.0 * max(rows)


def test_schedules_rank_as_week_two_says() -> None:
    """Cosine beats none by more than six, exponential decay loses to it, warm-up changes little."""
    assert late(2, "schedules", "constant") > 6.0 * late(2, "schedules", "cosine")
    assert late(2, "schedules", "exponential") > 1.5 * late(2, "schedules", "constant")
    assert late(2, "schedules", "cosine") < late(2, "schedules", "step") < late(2, "schedules", "constant")
    for other in ("warmup_cosine", "one_cycle"):
        assert math.isclose(late(2, "schedules", other), late(2, "schedules", "cosine"), rel_tol=0.2)
    # theory gives a mean, and the late losses of a slow direction are skewed: their median lies below it
    assert 0.7 < late(2, "schedules", "constant") / run(2, "schedules", "constant")["floor"] < 1.1
    left = math.sqrt(2.0 * run(2, "early")["loss"]) / 3.5
    assert math.isclose(left, math.exp(-1.5), rel_tol=0.03)
    assert run(2, "early")["ending"]["kind"] == "stalled"


def test_the_sick_runs_of_week_two_are_sick_as_named() -> None:
    """Their endings, and the cosine that tells two slow ones apart."""
    kinds = {name: run(2, name)["ending"]["kind"] for name in ("above", "plateau", "early")}
    assert kinds == {"above": "diverged", "plateau": "stalled", "early": "stalled"}
    scales = np.array([1.0, 50.0])
    for name, sign in (("to-and-fro", -1.0), ("too-slow", 1.0)):
        before, last = (scales * np.array(point) for point in run(2, name)["path"][-2:])
        assert sign * float(before @ last) > 0.95 * float(np.linalg.norm(before) * np.linalg.norm(last))
        assert run(2, name)["loss"] > 1.0
    assert run(2, "round")["steps_to"]["1e-3"] == 1
    assert run(2, "ravine")["steps_to"]["1e-3"] > 100
    assert 3.4e38 < run(2, "overflow")["loss"] < math.inf


def test_momentum_does_what_week_three_says() -> None:
    """Fastest at critical damping; the best settings order heavy ball, Nesterov, descent; noise knows only the rate."""
    to = {key: each["steps_to"]["1e-3"] for key, each in result(3, "damping")["runs"].items()}
    assert to["critical"] < to["half"] < to["none"]
    assert to["critical"] < to["much"]
    assert to["too-much"] is None
    best = result(3, "quadratic")["runs"]
    for height in ("1e-3", "1e-6"):
        assert best["momentum"]["steps_to"][height] < best["nesterov"]["steps_to"][height]
        assert best["nesterov"]["steps_to"][height] < best["gd"]["steps_to"][height]
    gains = [best["gd"]["steps_to"][height] / best["momentum"]["steps_to"][height] for height in ("1e-3", "1e-6")]
    assert gains[0] < gains[1] < math.sqrt(50.0)
    assert math.isclose(late(3, "noisy-momentum", "tenth"), late(3, "noisy-momentum"), rel_tol=0.3)
    assert late(3, "noisy-momentum", "same") > 5.0 * late(3, "noisy-momentum")


def test_each_method_has_the_fault_that_week_three_names() -> None:
    """AdaGrad fades, RMSProp passes the minimum and does not stay, Adam stays; the first steps are η, 10η and η."""
    family = result(3, "family")["runs"]
    assert family["adagrad"]["steps_to"]["1e-1"] is None
    assert family["rmsprop"]["steps_to"]["1e-6"] is not None
    assert family["rmsprop"]["late_loss"] > 1e-2
    assert family["adam"]["ending"]["kind"] == "converged"
    first = {key: each["path"][1][0] for key, each in result(3, "first-step")["runs"].items()}
    assert np.allclose([first["adagrad"], first["rmsprop"], first["adam"]], [-3.4, -2.5, -3.4], atol=1e-6)
    losses = {key: each["loss"] for key, each in result(3, "decay")["runs"].items()}
    assert losses["none"] < 0.01 * losses["adam"] < 0.01 * losses["adamw"]
    epsilon = {key: each["ending"]["kind"] for key, each in result(3, "epsilon")["runs"].items()}
    assert epsilon == {"gd": "stalled", "small": "converged", "large": "stalled"}
    dialects = {key: each["ending"]["kind"] for key, each in result(3, "dialects")["runs"].items()}
    assert dialects == {"torch": "converged", "keras": "stalled"}


def test_rankings_turn_as_week_three_says() -> None:
    """At one rate gradient descent leads and AdaGrad is hopeless; tuned, it is last; longer, it leads again."""
    keys = ("gd", "momentum", "adagrad", "rmsprop", "adam")
    same = {key: late(3, "same-rate", key) for key in keys}
    tuned = {key: late(3, "tuned", key) for key in keys}
    assert min(same, key=same.__getitem__) == "gd"
    assert max(same, key=same.__getitem__) == "adagrad"
    assert max(tuned, key=tuned.__getitem__) == "gd"
    assert late(3, "longer") < late(3, "longer", "adam")
    assert result(3, "longer")["told_apart"]
    assert not result(3, "undecided")["told_apart"]
