"""Pay-offs: what each of the four outcomes of a decision is worth, in money."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import SpecError

LARGEST = 1e15
"""Amounts beyond this lose their pennies in float64."""


@dataclass(frozen=True)
class PayOff:
    """Money per outcome; a cost is negative. Only differences matter, so leaving a row alone is often worth 0.

    Attributes:
        tp: acting on a positive, such as keeping a customer who would have left.
        fp: acting on a negative, such as a discount for one who would have stayed.
        fn: leaving a positive alone.
        tn: leaving a negative alone.

    Raises:
        SpecError: an amount that is not a number of reasonable size.

    >>> PayOff(tp=80, fp=-20).gain, PayOff(tp=80, fp=-20).cost
    (80.0, 20.0)
    """

    tp: float
    fp: float
    fn: float = 0.0
    tn: float = 0.0

    def __post_init__(self) -> None:
        for name in ("tp", "fp", "fn", "tn"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
                raise SpecError(f"payoff.{name}", value, f"an amount of money between -{LARGEST:.0e} and {LARGEST:.0e}")

    @property
    def gain(self) -> float:
        """What acting on a positive earns over leaving it alone: tp − fn."""
        return self.tp - self.fn

    @property
    def cost(self) -> float:
        """What acting on a negative loses against leaving it alone: tn − fp."""
        return self.tn - self.fp
