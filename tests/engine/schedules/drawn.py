"""What the tests of schedules draw from: any schedule with any settings, composites included."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fallline.engine.schedules import SCHEDULES, Schedule, Sequence


@st.composite
def schedules(draw: st.DrawFn, levels: int = 3) -> Schedule:
    """Any schedule with any settings that it allows, at most so many levels deep."""
    kind = draw(st.sampled_from([kind for kind in SCHEDULES.values() if levels > 1 or kind.inner == (0, 0)]))
    settings: dict[str, Any] = {}
    for parameter in kind.parameters:
        whole = parameter.scale == "integer"
        high = min(parameter.high, 500.0) if whole else parameter.high
        one = st.integers(int(parameter.low), int(high)) if whole else st.floats(parameter.low, high)
        if parameter.many:
            settings[parameter.name] = tuple(sorted(draw(st.sets(one, min_size=1, max_size=4))))
        else:
            settings[parameter.name] = draw(one)
    if kind.inner != (0, 0):
        least, most = kind.inner
        settings["parts"] = tuple(draw(st.lists(schedules(levels - 1), min_size=least, max_size=min(most, 4))))
    if kind is Sequence:
        settings |= draw(stretches(len(settings["parts"])))
    return kind(**settings)


@st.composite
def stretches(draw: st.DrawFn, parts: int) -> dict[str, Any]:
    """Shares that sum to 1 up to 1e-9, milestones, or nothing."""
    way = draw(st.sampled_from(["shares", "until", ""]))
    if way == "shares":
        raw = draw(st.lists(st.floats(0.0, 1.0), min_size=parts, max_size=parts).filter(lambda each: sum(each) > 1e-3))
        return {"shares": tuple(value / sum(raw) for value in raw)}
    if way == "until" and parts > 1:
        whole = st.sets(st.integers(1, 400), min_size=parts - 1, max_size=parts - 1)
        return {"until": tuple(sorted(draw(whole)))}
    return {}
