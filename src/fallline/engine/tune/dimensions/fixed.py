"""Fixed: a value that is not searched."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import condition, plain, same
from fallline.engine.tune.value import Value


@dataclass(frozen=True)
class Fixed:
    """A value that is not searched.

    Attributes:
        value: the value.
        when: what it depends on.

    Raises:
        SpecError: a value that is not plain.
    """

    value: Value
    when: When = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", condition(self.when))
        if not plain(self.value):
            raise SpecError("value", self.value, "a word, a finite number, true, false or none")

    @property
    def options(self) -> tuple[Value, ...]:
        """The value alone."""
        return (self.value,)

    def to_unit(self, value: Value) -> float:
        """Returns one half: there is nothing to tell apart."""
        del value
        return 0.5

    def from_unit(self, unit: float) -> Value:
        """Returns the value."""
        del unit
        return self.value

    def read(self, value: object, path: str) -> Value:
        """Returns the value.

        Raises:
            SpecError: another one.
        """
        if not same(value, self.value):
            raise SpecError(path, value, f"{self.value!r}, which is fixed")
        return self.value

    def grid(self, points: int) -> tuple[Value, ...]:
        """Returns the value alone."""
        del points
        return (self.value,)
