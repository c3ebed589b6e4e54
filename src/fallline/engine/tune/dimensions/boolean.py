"""Boolean: true or false."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import condition
from fallline.engine.tune.value import Value


@dataclass(frozen=True)
class Boolean:
    """True or false, equally likely.

    Attributes:
        when: what it depends on.

    >>> Boolean().from_unit(0.7), Boolean().to_unit(False)
    (True, 0.25)
    """

    when: When = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", condition(self.when))

    @property
    def choices(self) -> tuple[Value, ...]:
        """False and true."""
        return (False, True)

    options = choices

    def to_unit(self, value: Value) -> float:
        """Maps a truth value to the middle of its half of (0, 1)."""
        return 0.75 if value else 0.25

    def from_unit(self, unit: float) -> bool:
        """Maps [0, 1] to a truth value."""
        return unit >= 0.5

    def place(self, value: object) -> int:
        """Returns 0 for false, 1 for true, −1 for anything else."""
        return int(value) if isinstance(value, bool) else -1

    def read(self, value: object, path: str) -> bool:
        """Returns an allowed value.

        Raises:
            SpecError: neither true nor false.
        """
        if not isinstance(value, bool):
            raise SpecError(path, value, "true or false")
        return value

    def grid(self, points: int) -> tuple[Value, ...]:
        """Returns both, whatever the number of points."""
        del points
        return self.choices
