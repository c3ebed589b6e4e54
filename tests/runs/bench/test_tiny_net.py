"""Stage ``tiny-net``: moments, pictures, comparison on seeds, bounded work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.train.tiny import FEATURES
from fallline.figures.tiny_net import tiny_net_figures
from fallline.runs.answer import answer
from fallline.runs.bench.shades import shaded, unshaded
from fallline.runs.spec import load_spec
from fallline.runs.spec.tiny_net import FeaturesSpec

TABLE = "".join(f"{k % 7},{(k * k) % 11},{'ab'[k % 2]}\n" for k in range(30))


def part(**asked: Any) -> dict[str, Any]:
    """The part of a small training."""
    made: dict[str, Any] = answer(load_spec({"kind": "tiny-net", "epochs": 10, **asked})).part("tiny-net")
    return made


def test_every_moment_has_a_picture_of_everything() -> None:
    """As many answers, weights and pictures of units as moments; the last is the end."""
    made = part(data="circle", a={"layers": 2, "units": [5, 3, 1, 1, 1, 1]})
    net = made["nets"]["a"]
    moments = len(net["epochs"])
    assert net["epochs"][0] == 0.0
    assert net["epochs"][-1] == 10.0
    assert len(net["answers"]) == len(net["units"]) == len(net["weights"]) == moments
    assert {len(frame) for frame in net["units"]} == {8}
    assert {len(weights) for weights in net["weights"]} == {2 * 5 + 5 * 3 + 3 * 1}
    assert {len(picture) for picture in net["answers"]} == {net["side"] ** 2}
    assert len(net["losses"]["train"]) == len(net["losses"]["test"]) == moments


def test_the_answer_is_what_the_points_are_judged_by() -> None:
    """On a circle that is solved, the picture is blue in the middle and orange outside."""
    made = part(data="circle", epochs=100, a={"optimizer": "adam", "rate": 0.03})
    net = made["nets"]["a"]
    said = unshaded(net["answers"][-1]).reshape(net["side"], net["side"])
    assert net["error"]["test"] < 0.02
    assert said[15, 15] < -0.8
    assert said[15, 29] > 0.8


def test_two_settings_that_are_one_tie_on_every_seed() -> None:
    """The same setting twice: nobody is ahead, and nothing is told apart."""
    versus = part(compare=True, repeats=4)["versus"]
    assert versus["a"] == versus["b"]
    assert (versus["better"], versus["ties"], versus["told_apart"]) == (None, 4, False)


def test_a_difference_is_told_real_when_every_seed_has_it() -> None:
    """A net that learns beats one that cannot on seven of seven seeds, and that is no luck."""
    made = part(data="xor", epochs=40, compare=True, a={"optimizer": "adam", "rate": 0.03}, b={"layers": 0})
    assert made["versus"]["better"] == "a"
    assert (made["versus"]["ahead"], made["versus"]["told_apart"]) == (7, True)
    assert [figure.id for figure in tiny_net_figures(made)][:3] == [
        "tiny-net-plane",
        "tiny-net-second",
        "tiny-net-seeds",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"epochs": 1000, "share": 0.9, "a": {"batch": 1, "layers": 6, "units": [8] * 6}},
        {"epochs": 1000, "a": {"optimizer": "muon"}},
        {"epochs": 1000, "compare": True, "repeats": 15, "a": {"batch": 1}, "b": {"batch": 1, "optimizer": "adam"}},
    ],
)
def test_work_is_bounded_whatever_is_asked(asked: dict[str, Any]) -> None:
    """More steps than the budget pays for are cut, and the part says so."""
    made = part(**asked)
    assert made["cut"]
    assert made["nets"]["a"]["steps"] < 50_000
    assert made["nets"]["a"]["epochs"][-1] < 1000


@pytest.mark.parametrize("data", ["circle", "gauss", "spiral", "xor"])
@pytest.mark.parametrize("loss", ["log_loss", "cross_entropy", "squared"])
def test_more_classes_are_areas(data: str, loss: str) -> None:
    """With three classes the answer is a letter a place, and the figure draws areas in place of a field."""
    made = part(data=data, classes=3, a={"loss": loss})
    assert set("".join(made["nets"]["a"]["answers"])) <= set("abc")
    assert tiny_net_figures(made)[0].marks[0].kind == "regions"


def test_a_table_of_ones_own_keeps_its_units() -> None:
    """The axes have the table's names and reach beyond its points; classes keep their names."""
    made = part(data="table", table="size,age,kind\n" + TABLE)
    assert made["names"] == ["size", "age"]
    assert made["class_names"] == ["a", "b"]
    low, high = made["x"]
    assert (low, high) == pytest.approx((-0.6, 6.6))
    assert np.array(made["points"])[:, 0].max() == pytest.approx(6.0)


def test_a_loss_for_classes_gives_way_to_squares_where_there_are_none() -> None:
    """A regression says which loss it used, and that it was replaced."""
    net = part(data="slope", a={"loss": "cross_entropy"})["nets"]["a"]
    assert (net["loss"], net["replaced"]) == ("squared", True)
    assert not part(data="slope", a={"loss": "huber"})["nets"]["a"]["replaced"]


def test_the_features_of_a_spec_are_those_of_the_engine() -> None:
    """The same names in the same order."""
    assert tuple(FeaturesSpec.model_fields) == tuple(FEATURES)


def test_shades_keep_a_hundredth() -> None:
    """What an eye can see survives the way to text and back; what is no number stays none."""
    values = np.linspace(-1.0, 1.0, 501)
    assert np.abs(unshaded(shaded(values)) - values).max() < 0.012
    assert np.isnan(unshaded(shaded(np.array([np.nan, np.inf])))).all()


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"features": dict.fromkeys(FEATURES, False)}, "features"),
        ({"a": {"optimizer": "adm"}}, "adam"),
        ({"b": {"activation": "tan"}}, "b.activation"),
        ({"a": {"units": [4, 4, 4, 4, 4, 9]}}, "units"),
        ({"a": {"layers": 7}}, "layers"),
        ({"data": "table"}, "table"),
        ({"table": "1,2,3"}, "table"),
        ({"table": "x" * 9000}, "table"),
        ({"epochs": 10**9}, "epochs"),
    ],
)
def test_nonsense_is_refused_with_its_place(asked: dict[str, Any], place: str) -> None:
    """Names, numbers and tables are checked before anything runs."""
    with pytest.raises(SpecError, match=place):
        load_spec({"kind": "tiny-net", **asked})
