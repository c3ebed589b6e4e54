"""Answers of labs: right, the same for the same position, computed once."""

from __future__ import annotations

import gzip
import threading
from typing import Any

import orjson
import pytest

from fallline.core.errors import NotFound
from fallline.course.content import load_course
from fallline.course.lab import Lab
from fallline.figures import Field
from fallline.figures.registry import figures_of
from fallline.web.pages.labs.answering import Answers, shown_figures
from fallline.web.pages.labs.controls import controls, grids, grouped
from fallline.web.pages.labs.fields import field_bytes, field_values, whole_field
from fallline.web.pages.labs.shelf import Shelf
from fallline.web.pages.labs.view import embedded

COURSE = load_course()
SLUGS = sorted(COURSE.labs)


@pytest.fixture
def lab() -> Lab:
    """The first lab."""
    return COURSE.lab("playground")


def read(content: bytes) -> dict[str, Any]:
    """Reads an answer."""
    made: dict[str, Any] = orjson.loads(gzip.decompress(content))
    return made


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lab_answers(slug: str) -> None:
    """A lab's start gives its figures in order, a caption, and values that read back to themselves."""
    lab = COURSE.lab(slug)
    answer = read(Answers(Shelf()).zipped(lab, lab.read({})))
    drawn = [figure["id"] for figure in answer["figures"]]
    assert drawn[0] == lab.figures[0]
    assert drawn == [name for name in lab.figures if name in drawn]
    assert answer["caption"]
    assert answer["notes"] == [] or all(isinstance(note, str) for note in answer["notes"])
    assert lab.query(lab.values(answer["values"])) == answer["values"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_preset_of_every_lab_answers(slug: str) -> None:
    """Each preset is a state of the knobs as they are: nothing has to be moved, and it gives a caption."""
    lab = COURSE.lab(slug)
    answers = Answers(Shelf())
    for preset in lab.presets:
        reading = lab.read(lab.query(preset.set))
        assert reading.notes == (), preset.name
        assert read(answers.zipped(lab, reading))["caption"], preset.name


@pytest.mark.parametrize("slug", SLUGS)
def test_every_field_that_a_figure_names_can_be_fetched(slug: str) -> None:
    """A field without values has a key, and the key gives as many values as its grid has places."""
    lab = COURSE.lab(slug)
    record = Answers(Shelf()).record(lab, lab.values({}))
    for figure in figures_of(record):
        for mark in figure.marks:
            if isinstance(mark, Field) and not (mark.values or mark.frames):
                assert len(whole_field(mark).values) == mark.nx * mark.ny
                assert orjson.loads(gzip.decompress(field_bytes(mark.key))) == list(field_values(mark.key))


@pytest.mark.parametrize(
    "key", ["", "nothing-121", "ravine-0", "ravine-999", "ravine", "../ravine-121", "ravine-121\n"]
)
def test_a_field_that_is_none_is_refused(key: str) -> None:
    """Only surfaces that exist, at sizes that a figure may ask for."""
    with pytest.raises(NotFound):
        field_bytes(key)


def test_the_same_position_is_computed_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty who ask at once for a new position wait for one computation and get the same bytes."""
    answers = Answers(Shelf())
    runs: list[object] = []
    record = answers.record

    def counted(lab: Lab, values: Any) -> Any:
        runs.append(values)
        return record(lab, values)

    monkeypatch.setattr(answers, "record", counted)
    found: list[bytes] = []
    together = threading.Barrier(20)

    def ask() -> None:
        together.wait()
        found.append(answers.zipped(lab, lab.read({"rate": "0.02"})))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert len(found) == 20
    assert len(set(found)) == 1


def test_a_failure_is_told_to_all_and_not_kept(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a computation fails, who waits hears of it, and the next one tries again."""
    answers = Answers(Shelf())
    record = answers.record

    def broken(lab: Lab, values: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(answers, "record", broken)
    with pytest.raises(RuntimeError, match="broken"):
        answers.zipped(lab, lab.read({}))
    monkeypatch.setattr(answers, "record", record)
    assert read(answers.zipped(lab, lab.read({})))["caption"]


def test_what_was_asked_longest_ago_is_forgotten(lab: Lab) -> None:
    """Memory is bounded: beyond the capacity the position that nobody asked for lately goes."""
    answers = Answers(Shelf(), capacity=2)
    for rate in ("0.01", "0.02", "0.01", "0.03"):
        answers.zipped(lab, lab.read({"rate": rate}))
    assert len(answers.kept) == 2
    assert answers.known(next(iter(answers.kept))) is not None
    for number in range(5):
        answers.remember(f"/a?{number}", "key")
    assert len(answers.asked) == 2


def test_two_addresses_of_one_position_share_an_answer(lab: Lab) -> None:
    """Between two stops of a slider there is nothing: both texts are the same position."""
    answers = Answers(Shelf())
    one, other = lab.read({"steps": "151"}), lab.read({"steps": "150"})
    assert answers.zipped(lab, one) == answers.zipped(lab, other)
    assert len(answers.kept) == 1


def test_tables_are_left_for_who_asks(lab: Lab, client: Any) -> None:
    """An answer carries no tables; the page's own address for them gives the rows behind every figure."""
    answer = client.get("/labs/playground/answer").json()
    assert all(figure["table"]["rows"] == [] for figure in answer["figures"])
    tables = client.get("/labs/playground/tables").json()
    whole = {figure.id: figure for figure in shown_figures(lab, Answers(Shelf()).record(lab, lab.values({})))}
    assert {name: len(table["rows"]) for name, table in tables.items()} == {
        name: len(figure.table.rows) for name, figure in whole.items()
    }


def test_a_lab_sees_only_what_comes_with_the_course() -> None:
    """An answer is kept for everyone, so no lab can show somebody's own Record."""
    with pytest.raises(NotFound):
        Shelf().record("0123456789-1")


def test_controls_are_grouped_as_written(lab: Lab) -> None:
    """Every knob is drawn once, in sight or behind "more", with its value on its grid."""
    made = controls(lab, lab.values({}))
    groups = [*grouped(made, more=False), *grouped(made, more=True)]
    drawn = [control.knob.id for group in groups for control in group.controls]
    assert sorted(drawn) == sorted(knob.id for knob in lab.knobs)
    for control in made:
        for text, stops in zip(control.parts, control.stops, strict=False):
            assert text in stops
    assert set(grids(lab, lab.values({}))) == {control.knob.id for control in made if control.stops}


def test_json_in_a_page_cannot_end_its_element() -> None:
    """Whatever a title says, the script element ends where it should."""
    hostile = {"title": "</script><script>alert(1)</script><!--"}
    assert "<" not in embedded(hostile)
    assert orjson.loads(str(embedded(hostile))) == hostile
