"""Stage ``problem``: the tell-tales against what is known of each objective, and claims against the tell-tales."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.problem_cases import CASES
from fallline.runs.spec import load_spec

KNOWN = {
    "least-squares": ("convex", "smooth", "the same", "free"),
    "lasso": ("convex", "kinks", "the same", "free"),
    "logistic": ("convex", "smooth", "the same", "free"),
    "errors": ("not convex", "steps", "the same", "free"),
    "neuron": ("not convex", "smooth", "the same", "free"),
    "held-out": (None, None, "noisy", "free"),
    "ranking": ("convex", "smooth", "the same", "free"),
    "bounded": ("convex", "smooth", "the same", "constrained"),
}
"""What the theory of each says: squares and log losses of linear scores are convex, a count of errors has steps."""


def part(case: str, **asked: Any) -> dict[str, Any]:
    """The part of a case."""
    made: dict[str, Any] = answer(load_spec({"kind": "problem", "case": case, **asked})).part("problem")
    return made


@pytest.mark.parametrize("case", CASES)
def test_the_tell_tales_say_what_is_known(case: str) -> None:
    """Measured shape, surface, repetition and limits are those of theory."""
    truth = part(case)["truth"]
    assert (truth["shape"], truth["surface"], truth["answers"], truth["limits"]) == KNOWN[case]


@pytest.mark.parametrize("case", ["errors", "neuron"])
def test_the_worst_chord_is_crossed(case: str) -> None:
    """Drawn where the stage says, the chord lies below the curve by at least what it says."""
    worst = part(case)["worst"]
    chord = part(case, left=worst["left"], right=worst["right"])["chord"]
    assert chord["crossed"]
    assert chord["above"] >= worst["above"] - 1e-9


@pytest.mark.parametrize("case", ["least-squares", "lasso", "logistic", "ranking"])
def test_no_chord_of_a_convex_curve_is_crossed(case: str) -> None:
    """Wherever its ends are dragged."""
    rng = np.random.default_rng(2)
    for left, right in rng.uniform(-2.0, 2.0, (12, 2)).round(3).tolist():
        assert not part(case, left=left, right=right)["chord"]["crossed"]


def test_claims_are_marked_one_by_one() -> None:
    """A right one, a wrong one and three unsaid; the first wrong one is named."""
    made = part("neuron", claim={"task": "regression", "shape": "convex"})
    assert made["marks"] == {
        "task": "right",
        "shape": "wrong",
        "surface": "unsaid",
        "answers": "unsaid",
        "limits": "unsaid",
    }
    assert (made["said"], made["right"], made["wrong"]) == (2, 1, "shape")


def test_where_noise_hides_the_truth_no_claim_is_wrong() -> None:
    """A single draw cannot tell a convex curve; only the noise itself is there to be seen."""
    for shape in ("convex", "not convex"):
        assert part("held-out", claim={"shape": shape})["wrong"] is None
    assert part("held-out", claim={"answers": "the same"})["wrong"] == "answers"


def test_a_chord_into_the_forbidden_has_no_height() -> None:
    """Beyond the limit there is no value, and the part says so instead of failing."""
    chord = part("bounded", left=0.0, right=1.0)["chord"]
    assert chord["above"] is None
    assert part("bounded")["edge"] == pytest.approx(0.4)
