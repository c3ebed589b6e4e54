"""Execute: stages in order, events in order, what ended is kept, what JSON cannot hold is refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from fallline.core.ending import EndingKind
from fallline.core.errors import FallLineError, NotFound
from fallline.core.event import Event, EventKind
from fallline.runs import execute as module
from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.sources import load, sha256_of
from fallline.runs.spec import load_spec
from fallline.runs.spec.base import Spec
from fallline.runs.stage import Context, Output
from fallline.runs.stages import STAGES


def around(spec: Spec, **more: object) -> Surroundings:
    """The surroundings of a capstone."""
    data = spec.data  # type: ignore[attr-defined]
    plain = Surroundings(clock=time.time, data=lambda: load(data), data_sha256=sha256_of(data))
    return replace(plain, **more)  # type: ignore[arg-type]


def test_every_stage_is_told_in_order_and_its_end_can_be_gone_on_from(small: Spec, reference: Record) -> None:
    """Started first, ending last; each stage begins, leaves its checkpoint and ends before the next begins."""
    heard: list[Event] = []
    record = execute(small, around(small, listener=heard.append))
    assert record.result == reference.result
    assert (heard[0].kind, heard[-1].kind) == (EventKind.STARTED, EventKind.ENDING)
    marks = [
        (event.stage, event.name or event.message)
        for event in heard
        if event.kind is EventKind.STAGE or event.name.startswith("stage/")
    ]
    assert marks == [(name, mark) for name in STAGES for mark in ("started", f"stage/{name}", "ended")]
    speakers = [event.stage for event in heard if event.stage]
    assert list(dict.fromkeys(speakers)) == list(STAGES)
    ends = {event.name: event.payload for event in heard if event.kind is EventKind.CHECKPOINT}
    silent: list[Event] = []
    again = execute(small, around(small, listener=silent.append, data=lambda: pytest.fail("read again")), ends)
    assert again.result == record.result
    assert again.artifacts == record.artifacts
    assert not any(event.message == "started" for event in silent)


def test_a_cancelled_run_keeps_the_stages_that_ended(small: Spec, reference: Record) -> None:
    """What was done is in the Record, what was not is not, and the ending says where it stopped."""
    ended: list[str] = []

    def hear(event: Event) -> None:
        if event.name == "ended":
            ended.append(event.stage)

    record = execute(small, around(small, listener=hear, cancelled=lambda: "train" in ended))
    assert record.ending.kind is EndingKind.CANCELLED
    assert "stage tune" in record.ending.sentence
    assert list(record.result) == ended == ["frame", "train"]
    assert record.result == {name: reference.result[name] for name in ended}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_a_part_that_json_cannot_hold_is_refused(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A NaN in a result would differ from itself; it is an error of the stage and never reaches a Record."""

    def stage(_: Context) -> Output:
        return Output({"value": value})

    monkeypatch.setattr(module, "stages_of", lambda _: {"broken": stage})
    heard: list[Event] = []
    with pytest.raises(FallLineError, match="finite, plain data"):
        execute(load_spec({"kind": "descent"}), Surroundings(clock=time.time, listener=heard.append))
    assert not any(event.kind in {EventKind.CHECKPOINT, EventKind.ENDING} for event in heard)


def test_a_record_is_plain_data_both_ways(reference: Record) -> None:
    """What is written is what is read."""
    import json

    assert Record.from_dict(json.loads(json.dumps(reference.to_dict()))) == reference


def test_without_surroundings_nothing_is_found() -> None:
    """Data, artifacts and other Records are there only if someone gives them."""
    nothing = Surroundings(clock=time.time)
    for ask in (nothing.data, lambda: nothing.read_bytes("00"), lambda: nothing.read_record("x")):
        with pytest.raises(NotFound):
            ask()  # type: ignore[no-untyped-call]
