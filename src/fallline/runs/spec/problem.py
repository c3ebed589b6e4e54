"""Spec kind ``problem``: one real objective, tested for what kind of problem it is, beside what somebody claims."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec, SpecModel

Place = Annotated[float, Field(ge=-2, le=2)]


class ClaimSpec(SpecModel):
    """What somebody says the problem is.

    Attributes:
        task: what is predicted.
        shape: whether every chord lies above the curve.
        surface: whether the slope, or even the value, jumps.
        answers: whether asking twice gives the same.
        limits: whether some values are forbidden.
    """

    task: Literal["unsaid", "classification", "regression", "ranking"] = "unsaid"
    shape: Literal["unsaid", "convex", "not convex"] = "unsaid"
    surface: Literal["unsaid", "smooth", "kinks", "steps"] = "unsaid"
    answers: Literal["unsaid", "the same", "noisy"] = "unsaid"
    limits: Literal["unsaid", "free", "constrained"] = "unsaid"


class ProblemSpec(Spec):
    """A case, a chord to try on it, and claims.

    Attributes:
        case: which objective.
        left: one end of the chord.
        right: the other.
        claim: what somebody says.
    """

    kind: Literal["problem"] = "problem"
    case: Literal["least-squares", "lasso", "logistic", "errors", "neuron", "held-out", "ranking", "bounded"] = "neuron"
    left: Place = -1.5
    right: Place = 1.5
    claim: ClaimSpec = ClaimSpec()
