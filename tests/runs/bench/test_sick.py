"""Stage ``sick``: eight cases, eight sicknesses; what repairs one is what its name says, and its opposite does not."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from fallline.course.content import load_course
from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.engine.train.clinic import SICKNESSES
from fallline.runs.answer import answer
from fallline.runs.bench.sick_cases import CASES, patient
from fallline.runs.spec import load_spec

LETTERS = ("oscillating", "nan", "slow", "early", "scaling", "diverging", "stalled", "floor")
NAMES = dict(zip("abcdefgh", LETTERS, strict=True))


@cache
def lab() -> Lab:
    """The lab."""
    return load_course().lab("debug-it")


def part(case: str, seed: int = 1, **changed: Value) -> dict[str, Any]:
    """The part of a case as the lab starts it, with some knobs turned."""
    values = lab().values({"case": case}) | changed
    spec = load_spec({**lab().spec_for(values), "seed": seed})
    made: dict[str, Any] = answer(spec).part("sick")
    return made


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("case", CASES)
def test_every_case_suffers_from_one_thing(case: str, seed: int) -> None:
    """Each of the eight names once, on other rows too: the name belongs to the mechanism, not to a draw."""
    assert sorted(NAMES.values()) == sorted(SICKNESSES)
    assert part(case, seed)["name"] == NAMES[case]


@pytest.mark.parametrize(
    ("case", "repair", "wrong"),
    [
        ("a", {"rate": 0.8}, {"rate": 1.3}),
        ("b", {"clip": 0.2}, {"rate": 16.0}),
        ("c", {"rate": 0.5}, {"rate": 0.002}),
        ("d", {"span": 200}, {"span": 15}),
        ("e", {"standardise": True, "rate": 0.5}, {"rate": 0.008}),
        ("f", {"rise": 12}, {"rate": 0.2}),
        ("g", {"start": 1.0}, {"rate": 0.2}),
        ("h", {"batch": 8, "schedule": "cosine", "span": 200}, {"batch": 8}),
    ],
)
def test_the_repair_of_the_name_cures_and_the_other_does_not(
    case: str, repair: dict[str, Value], wrong: dict[str, Value]
) -> None:
    """The goal is reached within the budget with the one; with the other it is not."""
    cured = part(case, **repair)
    assert cured["cured"]
    assert cured["reached"] <= cured["budget"]
    assert not part(case, **wrong)["cured"]


def test_no_rate_alone_cures_what_needs_another_thing() -> None:
    """Bad scaling and a plateau: the slider of rates is tried from end to end."""
    rates = lab().grid("rate", lab().values({}))[0][::4]
    assert not any(part("e", rate=rate)["cured"] for rate in rates)
    assert not any(part("g", rate=rate)["cured"] for rate in rates)


@pytest.mark.parametrize("case", CASES)
def test_the_lowest_loss_is_the_lowest(case: str) -> None:
    """No training gets below it."""
    made = part(case, rate=0.05, standardise=case != "f", clip=1.0, start=0.5)
    assert min(made["losses"]) > 0.0
    assert patient(case, 1).best >= 0.0


def test_the_letter_of_a_case_does_not_decide_its_name() -> None:
    """The same rows cured and made sick in another way have the other name."""
    assert part("c", rate=2.5)["name"] == "diverging"
    assert part("c", batch=1, rate=0.5)["name"] == "floor"
    assert part("a", rate=0.004)["name"] == "slow"
    assert part("h", batch=0, schedule="exponential", span=5)["name"] == "early"
