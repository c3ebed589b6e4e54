"""Elkan's threshold: where acting and leaving alone are worth the same, for probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fallline.engine.decide.payoff import PayOff

NEVER = 2.0
"""A threshold that no probability reaches, in any precision."""


class RuleKind(StrEnum):
    """What the pay-offs alone ask for."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True)
class ElkanRule:
    """The decision that is best on average when p is the true probability.

    Attributes:
        kind: act where p is at least the threshold, at most the threshold, always or never.
        threshold: p* of the equation; 0 for always and `NEVER` for never.
        sentence: why, with the amounts.
    """

    kind: RuleKind
    threshold: float
    sentence: str


def elkan(payoff: PayOff) -> ElkanRule:
    """Solves p·tp + (1 − p)·fp = p·fn + (1 − p)·tn for p (Elkan 2001, equation 2).

    With gain = tp − fn and cost = tn − fp the answer is p* = cost / (gain + cost). Usually both are positive. Where
    acting earns on positives and costs nothing on negatives the answer is to act always; where it costs on negatives
    and earns nothing on positives, never; where it loses on positives and earns on negatives, act on the *least*
    likely.

    >>> elkan(PayOff(tp=80, fp=-20)).threshold
    0.2
    >>> str(elkan(PayOff(tp=-5, fp=-20)).kind)
    'never'
    """
    gain, cost = payoff.gain, payoff.cost
    on_both = f"acting earns {gain:,.6g} on a positive and {-cost:,.6g} on a negative"
    if gain <= 0 <= cost:
        return ElkanRule(RuleKind.NEVER, NEVER, f"Never act: {on_both}, against leaving it alone.")
    if cost <= 0 <= gain:
        return ElkanRule(RuleKind.ALWAYS, 0.0, f"Always act: {on_both}, against leaving it alone.")
    threshold = 1.0 / (1.0 + gain / cost)
    odd = "at most" if gain < 0 else "at least"
    kind = RuleKind.AT_MOST if gain < 0 else RuleKind.AT_LEAST
    return ElkanRule(kind, threshold, f"Act where the probability is {odd} {threshold:.4g}: {on_both}.")
