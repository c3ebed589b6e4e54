"""The learning rate of every step of a fit: a base rate times a named schedule stretched over the whole fit."""

from __future__ import annotations

from fallline.core.choice import lookup
from fallline.engine.schedules import SCHEDULES


def rates(name: str, base: float, steps: int) -> list[float]:
    """Returns the rate of every step; the schedule's settings suit the length of the fit.

    Raises:
        SpecError: no such schedule.

    >>> [round(rate, 3) for rate in rates("step", 1.0, 6)]
    [1.0, 1.0, 0.2, 0.2, 0.04, 0.04]
    """
    return [float(each) for each in base * lookup(name, SCHEDULES, "params.schedule").suited(steps).factors(steps)]
