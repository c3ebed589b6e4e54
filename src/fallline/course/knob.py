"""A knob of a lab: which places of the Spec it sets, how it looks, and which values it can take.

Every value that a knob can take stands on its grid, so that the same position is always the same Spec, and a picture
once computed is found again.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from fallline.course.loader import ContentModel
from fallline.course.path import PATH

KnobId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
SpecPath = Annotated[str, Field(pattern=rf"^{PATH.pattern}$", max_length=120)]
Plain = float | int | bool | str
Value = Plain | tuple[float, ...]
Bound = float | tuple[float, float]
RangeEnd = float | Annotated[tuple[float, ...], Field(min_length=1, max_length=2)]


class Range(ContentModel):
    """Where another knob may stand while an option is chosen.

    Attributes:
        low: lower end; for a point, of x and y, or of x alone where it has one coordinate.
        high: upper end; likewise.
    """

    low: RangeEnd
    high: RangeEnd


class Option(ContentModel):
    """One option of a choice.

    Attributes:
        value: written into the Spec; its name in the query string.
        writes: written into the Spec instead, where two options write the same.
        label: for people.
        group: options with the same group stand together in the list.
        set: knob → the value it starts from when this option is chosen.
        bounds: knob → the range it keeps to while this option is chosen.
    """

    value: Plain
    writes: Plain | None = None
    label: Annotated[str, Field(min_length=1, max_length=60)]
    group: Annotated[str, Field(max_length=40)] = ""
    set: dict[KnobId, Value] = Field(default_factory=dict)
    bounds: dict[KnobId, Range] = Field(default_factory=dict)


class Knob(ContentModel):
    """One control of a lab.

    Attributes:
        id: its name in the query string; for a point, also the handle on the figure.
        path: the place in the Spec that it sets.
        paths: the places, when it sets several.
        name: for people, as in ``learning rate``.
        symbol: as in ``η``; may be empty.
        unit: as in ``ms``; may be empty.
        widget: what it looks like.
        low: lower end; for a point, of x and y.
        high: upper end; likewise.
        scale: how a slider is spaced.
        stops: grid positions from low to high, ends included.
        points: of a curve: how many heights it has; the figure's handles ``ID.1``, ``ID.2``, … drag them.
        whole: whether values are whole numbers.
        options: of a choice.
        group: controls with the same group stand together.
        more: hidden behind "more" at first.
        limit: path into the result whose value is marked on the slider, such as a stability limit.
        limit_label: what the mark says.
        only: choice → the options under which this knob is shown and written into the Spec; at other times its places
            are left out of the Spec. Empty for a knob that always counts.
        reads: of a text: a formula, or a list of positive numbers.
        sizes: of a text: the point that has as many coordinates as the formula has variables, two at most.
    """

    id: KnobId
    path: SpecPath | None = None
    paths: Annotated[tuple[SpecPath, ...], Field(max_length=48)] = ()
    name: Annotated[str, Field(min_length=1, max_length=60)]
    symbol: Annotated[str, Field(max_length=12)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    widget: Literal["slider", "choice", "toggle", "point", "number", "curve", "text", "table"]
    low: Bound | None = None
    high: Bound | None = None
    scale: Literal["linear", "log"] = "linear"
    stops: Annotated[int, Field(ge=2, le=2_001)] = 101
    points: Annotated[int, Field(ge=0, le=12)] = 0
    whole: bool = False
    options: Annotated[tuple[Option, ...], Field(max_length=96)] = ()
    group: Annotated[str, Field(max_length=40)] = ""
    more: bool = False
    limit: SpecPath | None = None
    limit_label: Annotated[str, Field(max_length=60)] = ""
    only: dict[KnobId, Annotated[tuple[Plain, ...], Field(min_length=1, max_length=96)]] = Field(default_factory=dict)
    reads: Literal["formula", "numbers"] = "formula"
    sizes: KnobId | None = None

    @field_validator("options")
    @classmethod
    def _options_differ(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        values = [str(option.value) for option in options]
        if len(set(values)) < len(values):
            msg = "options with different values"
            raise ValueError(msg)
        return options

    @model_validator(mode="after")
    def _fits_its_widget(self) -> Knob:
        message = self._misfit()
        if message:
            raise ValueError(message)
        return self

    def _misfit(self) -> str:
        if (self.path is None) == (not self.paths):
            return f"knob {self.id!r} with either a path or paths"
        if self.widget == "choice":
            return "" if len(self.options) >= 2 else f"knob {self.id!r} with at least two options"
        if self.options:
            return f"knob {self.id!r} without options: only a choice has them"
        if self.sizes is not None and self.widget != "text":
            return f"knob {self.id!r} without sizes: only a text has them"
        return "" if self.widget in {"toggle", "text", "table"} else self._misfit_range()

    def _misfit_range(self) -> str:
        if (self.widget == "curve") != (self.points >= 3):
            return f"knob {self.id!r} with at least three points if it is a curve, and with none if it is not"
        if self.low is None or self.high is None:
            return f"knob {self.id!r} with low and high"
        lows, highs, wanted = _axes(self.low), _axes(self.high), 2 if self.widget == "point" else 1
        if not len(lows) == len(highs) == wanted:
            return f"knob {self.id!r} with {'two numbers' if wanted == 2 else 'one number'} as low and as high"
        if any(low >= high for low, high in zip(lows, highs, strict=True)):
            return f"knob {self.id!r} with low below high"
        return f"knob {self.id!r} with low above 0, as its scale is log" if self.scale == "log" and lows[0] <= 0 else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its numbers in a plain form, one an axis; empty where it has only one."""
        if self.widget == "curve":
            return tuple(f"{self.id}.{place + 1}" for place in range(self.points))
        return (f"{self.id}.x", f"{self.id}.y") if self.widget == "point" else ()

    @property
    def targets(self) -> tuple[str, ...]:
        """The places in the Spec that it sets."""
        return self.paths or ((self.path,) if self.path else ())

    def option(self, value: Value) -> Option | None:
        """Returns the option with this value, or with this text in a query; None without one."""
        return next((option for option in self.options if in_query(option.value) == in_query(value)), None)

    def grid(self, within: Range | None = None, anchors: tuple[float, ...] = (), axis: int = 0) -> tuple[float, ...]:
        """Returns the values that a slider, number or one axis of a point can take, ascending.

        Args:
            within: a narrower or other range than the knob's own.
            anchors: values that must be on it: the start, the presets.
            axis: of a point; every height of a curve has the same grid.
        """
        low, high = (_axes(end)[axis if self.widget == "point" else 0] for end in self._ends(within))
        return _grid(low, high, self.stops, self.scale, tuple(anchors), whole=self.whole)

    def _ends(self, within: Range | None) -> tuple[RangeEnd, RangeEnd]:
        low, high = (within.low, within.high) if within else (self.low, self.high)
        assert low is not None  # noqa: S101 - the validator has seen to it
        assert high is not None  # noqa: S101 - as above
        return low, high


def _axes(end: RangeEnd) -> tuple[float, ...]:
    return tuple(float(value) for value in end) if isinstance(end, tuple) else (float(end),)


@lru_cache(maxsize=512)
def _grid(
    low: float, high: float, stops: int, scale: str, anchors: tuple[float, ...], *, whole: bool
) -> tuple[float, ...]:
    within = {anchor for anchor in anchors if low <= anchor <= high}
    return tuple(sorted(_spread(low, high, stops, scale, whole=whole) | within))


def _spread(low: float, high: float, stops: int, scale: str, *, whole: bool) -> frozenset[float]:
    shares = [index / (stops - 1) for index in range(stops)]
    if scale == "log":
        ratio = math.log(high / low)
        raw = [low * math.exp(share * ratio) for share in shares]
    else:
        raw = [low + share * (high - low) for share in shares]
    if whole:
        return frozenset(float(round(value)) for value in raw)
    step = (high - low) / (stops - 1)
    return frozenset(tidy(value, scale, step) for value in raw)


def tidy(value: float, scale: str, step: float) -> float:
    """Rounds a grid value to what a person can read: three figures on a log scale, else a hundredth of a step.

    >>> tidy(0.030000000000000002, "linear", 0.01), tidy(0.0123456, "log", 1.0)
    (0.03, 0.0123)
    """
    if scale == "log":
        return float(f"{value:.3g}")
    digits = max(0, 2 - math.floor(math.log10(step)))
    return round(value, digits) + 0.0


def nearest_stop(value: float, grid: tuple[float, ...], scale: str) -> float:
    """Returns the grid value closest on the slider; of two as close, the lower.

    Args:
        value: what was asked for.
        grid: ascending.
        scale: of the slider.

    >>> nearest_stop(0.2, (0.0, 0.25, 0.5), "linear")
    0.25
    """
    above = bisect_left(grid, value)
    if above in {0, len(grid)}:
        return grid[max(above - 1, 0)]
    low, high = grid[above - 1], grid[above]
    nearer = value * value <= low * high if scale == "log" else value - low <= high - value
    return low if nearer else high


def read_plain(knob: Knob, text: str) -> Plain | None:
    """Reads a toggle, or the value of a choice, from a query; None when it is neither.

    Returns:
        the option's own value, with its own type.
    """
    if knob.widget == "toggle":
        return {"1": True, "on": True, "true": True, "0": False, "off": False, "false": False}.get(text.lower())
    option = knob.option(text)
    return None if option is None else option.value


def read_number(text: str) -> float | None:
    """Reads a finite number; None when it is none.

    >>> read_number("0.03"), read_number("nan"), read_number("0x1")
    (0.03, None, None)
    """
    try:
        value = float(text.replace("−", "-")) if len(text) <= 40 and "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def in_query(value: Value) -> str:
    """Writes a value for the query string.

    >>> in_query((-2.0, 1.5)), in_query(True), in_query(0.03)
    ('-2,1.5', '1', '0.03')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(f"{part:g}" if float(f"{part:g}") == part else repr(part) for part in value)
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return str(value)


def flat_query(query: Mapping[str, str], knob: Knob) -> str | None:
    """Returns what the query says of a knob; one of several numbers may come part by part, from a plain form."""
    if knob.id in query:
        return query[knob.id]
    given = [query[part] for part in knob.parts if part in query]  # a point with one coordinate sends one
    return ",".join(given) if given else None


def plain_json(value: Value) -> Any:
    """Returns the value as it stands in a Spec tree: a tuple becomes a list."""
    return list(value) if isinstance(value, tuple) else value
