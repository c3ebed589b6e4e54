"""Endings and events are plain values that survive being written down."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.ending import Ending, EndingKind
from fallline.core.event import Event, EventKind, ignore

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(st.sampled_from(EndingKind), TEXT, st.none() | st.integers(0))
def test_an_ending_reads_back(kind: EndingKind, sentence: str, step: int | None) -> None:
    """Through JSON and back it is the same ending."""
    ending = Ending(kind, sentence, step)
    assert Ending.from_dict(json.loads(json.dumps(ending.to_dict()))) == ending


def test_an_unknown_kind_of_ending_is_refused() -> None:
    """What is not one of the kinds is no ending."""
    with pytest.raises(ValueError, match="exploded"):
        Ending.from_dict({"kind": "exploded", "sentence": "", "step": None})


@settings(deadline=None)
@given(st.sampled_from(EventKind), TEXT, TEXT, st.none() | st.integers(), st.none() | st.lists(st.floats(0, 1)))
def test_an_event_reads_back(kind: EventKind, stage: str, message: str, step: int | None, payload: object) -> None:
    """Through JSON and back it is the same event."""
    event = Event(kind, stage=stage, message=message, step=step, payload=payload)
    plain = json.loads(json.dumps(event.to_dict()))
    assert Event(**{**plain, "kind": EventKind(plain["kind"])}) == event


def test_to_ignore_an_event_changes_nothing() -> None:
    """The listener of who does not listen."""
    event = Event(EventKind.WARNING, message="x")
    ignore(event)
    assert event == Event(EventKind.WARNING, message="x")
