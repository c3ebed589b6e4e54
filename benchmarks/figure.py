"""A figure: one measured number, what it should be, and what it was measured against."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from typing import Any

COMPARISONS = {
    "<=": operator.le,
    "≤": operator.le,
    ">=": operator.ge,
    "≥": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
}
TARGET = re.compile(r"(<=|>=|==|≤|≥|<|>) *(-?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)")


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: what was measured, in words.
        value: the number; a NaN holds no target.
        unit: its unit, such as ``ms``; empty for a ratio or a count.
        target: what it should be, as in ``"<= 100"``; empty where there is nothing to hold.
        against: what it was measured against, or under which conditions.

    >>> Figure("slider to picture, p95", 82.0, "ms", "<= 100").holds
    True
    >>> Figure("requests", 0.85, "", ">= 0.9", "a bare handler").holds
    False
    """

    name: str
    value: float
    unit: str = ""
    target: str = ""
    against: str = ""

    def __post_init__(self) -> None:
        """Refuses a target that cannot be read, before anything is measured."""
        if self.target and not TARGET.fullmatch(self.target.strip()):
            raise ValueError(f"{self.name}: {self.target!r} is not a target such as '<= 100' or '>= 0.9'.")

    @property
    def holds(self) -> bool | None:
        """Whether the value meets the target; None where there is no target."""
        found = TARGET.fullmatch(self.target.strip())
        if found is None:
            return None
        return bool(COMPARISONS[found[1]](self.value, float(found[2])))

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data for JSON: a value that is not finite becomes null, as JSON has no such number."""
        return {
            "name": self.name,
            "value": self.value if math.isfinite(self.value) else None,
            "unit": self.unit,
            "target": self.target or None,
            "holds": self.holds,
            "against": self.against or None,
        }
