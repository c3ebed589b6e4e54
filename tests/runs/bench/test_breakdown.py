"""Stage ``breakdown``: each mechanism breaks as its source says, and its remedy mends it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.rng import generator
from fallline.engine.optim import optimizer
from fallline.runs.answer import answer
from fallline.runs.bench.breakdown import BREAKDOWNS, courses
from fallline.runs.spec import load_spec

SEEDS = range(1, 9)


def part(case: str, **asked: Any) -> dict[str, Any]:
    """The part of a case."""
    made: dict[str, Any] = answer(load_spec({"kind": "breakdown", "case": case, **asked})).part("breakdown")
    return made


@pytest.mark.parametrize("case", BREAKDOWNS)
def test_it_works_weakly_breaks_strongly_and_is_mended_throughout(case: str) -> None:
    """Whatever is drawn."""
    for seed in SEEDS:
        made = part(case, seed=seed, strength=1.0)
        works = made["works"]
        assert made["ends"]["sick"][0] <= works
        assert made["here"]["sick"] is None or made["here"]["sick"] > works
        assert all(end is not None and end <= works for end in made["ends"]["mended"])
        assert 0 <= made["edge"]["at"] < len(made["strengths"]) - 1


def test_adam_walks_as_the_engines_does() -> None:
    """Projected steps of Adam and of AMSGrad on the losses of the theorem give the same distances."""
    forgetting = BREAKDOWNS["adam"].strengths[-1]
    for name, mended in (("adam", False), ("amsgrad", True)):
        rule = optimizer(name, beta1=0.0, beta2=1.0 - forgetting, epsilon=0.0)
        x = np.array([-1.0])
        state, course = rule.init(x), [0.0]
        for t in range(1, 301):
            x, state = rule.step(x, np.array([3.0 if t % 3 == 1 else -1.0]), state, 0.3 / t**0.5)
            x = np.clip(x, -1.0, 1.0)
            course.append(float(x[0]) + 1.0)
        # after a long while the two corrections agree: the paper's largest is taken before it, the engine's after
        assert courses("adam", 1, mended)[-1, -1] == pytest.approx(course[-1], abs=0.02)


@pytest.mark.parametrize(("name", "mended"), [("adam", False), ("adamw", True)])
def test_the_penalty_is_the_engines(name: str, mended: bool) -> None:
    """Adam with its decay in the slope and AdamW, on the same noise, leave the same of the weights."""
    rule = optimizer(name, decay=0.1)
    size = BREAKDOWNS["penalty"].strengths[-1]
    rng = generator(2, "breakdown", "penalty")
    w = np.ones(200)
    state = rule.init(w)
    for _ in range(300):
        w, state = rule.step(w, size * rng.standard_normal(200), state, 0.03)
    assert courses("penalty", 2, mended)[-1, -1] == pytest.approx(abs(w.mean()), rel=1e-6)


def test_half_precision_moves_nothing_below_half_its_smallest_number() -> None:
    """2⁻²⁵ is the largest gradient that float16 rounds to zero."""
    strengths = np.array(BREAKDOWNS["half"].strengths)
    stuck = np.array(part("half")["ends"]["sick"]) == 1.0
    assert (stuck == (strengths <= 2.0**-25)).all()


def test_a_net_is_no_deader_than_one_input_makes_it() -> None:
    """For one input a layer of three units is dead with chance ⅛; more inputs, or a leak, can only help."""
    depths = np.array(BREAKDOWNS["dead"].strengths)
    dead = np.array(part("dead")["ends"]["sick"])
    assert (dead <= 1.0 - 0.875**depths + 0.06).all()
    assert (np.diff(dead) >= 0.0).all()
    assert part("dead")["ends"]["mended"] == [0.0] * len(depths)


def test_two_rows_leave_the_sign_and_one_row_nothing() -> None:
    """±1 is all that batch norm leaves of two rows, whose difference it forgets; nothing is left of one."""
    ends = np.array(part("batch-norm")["ends"]["sick"])
    assert ends[-2] > 1.0 - 2.0 / np.pi
    assert ends[-1] == pytest.approx(1.0, abs=0.6)


def test_what_is_no_number_is_told_and_kept_out() -> None:
    """The run off the cliff has its step, and no infinity reaches the Record."""
    made = part("cliff", strength=1.0)
    assert made["here"]["broke_at"] is not None
    assert made["courses"]["sick"][made["here"]["broke_at"]] is None
    assert made["ends"]["sick"][-1] is None
