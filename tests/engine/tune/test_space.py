"""Spaces: laws of the dimensions, conditions of any depth, plain data both ways, refusals."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fallline.core.errors import SpecError
from fallline.engine.train import FAMILIES
from fallline.engine.tune import (
    Categorical,
    Dimension,
    Fixed,
    Float,
    Int,
    Space,
    branch_of,
    read_space,
    union,
    write_space,
)

floats = st.tuples(st.floats(1e-6, 1e6), st.floats(1.001, 1e3), st.booleans()).map(
    lambda t: Float(t[0], t[0] * t[1], log=t[2])
)
ints = st.tuples(st.integers(1, 1000), st.integers(1, 1000), st.booleans()).map(
    lambda t: Int(t[0], t[0] + t[1], log=t[2])
)
words = st.lists(st.text(max_size=5), min_size=2, max_size=5, unique=True).map(lambda c: Categorical(tuple(c)))
dimensions = st.one_of(floats, ints, words, st.just(Fixed(None)))

NESTED = Space(
    {
        "momentum": Float(0.0, 0.99, when=("kind", ("sgd",))),
        "kind": Categorical(("sgd", "adam"), when=("family", ("mlp",))),
        "family": Categorical(("mlp", "linear")),
        "layers": Int(1, 3, when=("family", ("mlp",))),
        "width": Int(4, 64, log=True, when=("layers", (2, 3))),
        "beta": Fixed(0.9, when=("kind", ("adam",))),
    }
)


@settings(deadline=None)
@given(dimensions, st.floats(0, 1))
def test_every_unit_gives_an_allowed_value_and_comes_back(dimension: Dimension, unit: float) -> None:
    """from_unit gives an allowed value; to_unit of it lies in [0, 1] and gives the same value again."""
    value = dimension.from_unit(unit)
    assert dimension.read(value, "x") == value
    assert -1e-12 <= dimension.to_unit(value) <= 1 + 1e-12
    again = dimension.from_unit(min(max(dimension.to_unit(value), 0.0), 1.0))
    assert again == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)
    for point in dimension.grid(5):
        assert dimension.read(point, "x") == point


@pytest.mark.parametrize(
    ("dimension", "shares"),
    [
        (Int(1, 4), [0.25] * 4),
        (
            Int(1, 3, log=True),
            [math.log(3) / math.log(7), math.log(5 / 3) / math.log(7), math.log(7 / 5) / math.log(7)],
        ),
        (Categorical(("a", "b", True)), [1 / 3] * 3),
    ],
)
def test_draws_are_spread_as_they_say(dimension: Dimension, shares: list[float]) -> None:
    """Whole numbers and choices come as often as their share of the scale, ends included."""
    rng = np.random.default_rng(0)
    space = Space({"x": dimension})
    drawn = [space.sample(rng)["x"] for _ in range(6000)]
    values = sorted(set(drawn), key=str)
    counts = [drawn.count(value) for value in sorted(values, key=dimension.to_unit)]
    assert stats.chisquare(counts, 6000 * np.array(shares)).pvalue > 0.001


def test_a_logarithmic_number_is_even_in_its_logarithm() -> None:
    """Kolmogorov and Smirnov find nothing wrong with 2,000 draws, and see the difference to the plain scale."""
    rng = np.random.default_rng(0)
    drawn = np.log10([Float(1e-4, 1.0, log=True).from_unit(unit) for unit in rng.random(2000)])
    assert stats.kstest(drawn, "uniform", (-4, 4)).pvalue > 0.01


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_a_sample_has_the_active_parameters_and_no_others(seed: int) -> None:
    """Whatever is drawn is allowed; every parameter is there exactly when its ancestors say so."""
    params = NESTED.sample(np.random.default_rng(seed))
    assert NESTED.read(params) == params
    mlp = params["family"] == "mlp"
    assert ("kind" in params) == ("layers" in params) == mlp
    assert ("momentum" in params) == (params.get("kind") == "sgd")
    assert ("width" in params) == (params.get("layers") in {2, 3})
    assert params.get("beta") == (0.9 if params.get("kind") == "adam" else None)


def test_parents_come_before_children_whatever_the_declaration() -> None:
    """The order of drawing respects every condition."""
    order = NESTED.order
    for name, dimension in NESTED.dimensions.items():
        if dimension.when:
            assert order.index(dimension.when[0]) < order.index(name)


def test_an_inactive_parameter_changes_nothing() -> None:
    """Where the linear family is drawn, another range of the net's parameters leaves the draws as they are."""
    wide = Space({**NESTED.dimensions, "layers": Int(2, 9, when=("family", ("mlp",)))})
    for seed in range(50):
        one, other = (space.sample(np.random.default_rng(seed)) for space in (NESTED, wide))
        if one["family"] == "linear":
            assert one == other == {"family": "linear"}


@pytest.mark.parametrize(
    ("params", "path", "words"),
    [
        ({"family": "linear", "layers": 2}, "params.layers", "exists only under family = mlp"),
        ({"family": "trees"}, "params.family", "one of mlp, linear"),
        ({"famly": "linear"}, "params.famly", "Did you mean 'family'"),
        ({}, "params", "family is missing"),
        ({"family": "mlp", "kind": "adam", "beta": 0.9, "layers": 4}, "params.layers", "from 1 to 3"),
        ({"family": "mlp", "kind": "adam", "beta": 0.9, "layers": True}, "params.layers", "whole number"),
        ({"family": "mlp", "kind": "adam", "beta": 0.8, "layers": 1}, "params.beta", "fixed"),
        ({"family": "mlp", "kind": "sgd", "momentum": float("nan"), "layers": 1}, "params.momentum", "number from 0"),
    ],
)
def test_refused_parameters_name_the_path(params: dict[str, object], path: str, words: str) -> None:
    """Inactive, unknown, missing and out-of-range parameters are refused, each with its path."""
    with pytest.raises(SpecError, match=words) as caught:
        NESTED.read(params)
    assert caught.value.path == path


@pytest.mark.parametrize(
    "build",
    [
        lambda: Space({}),
        lambda: Space({"a": Float(0, 1, when=("b", (1,)))}),
        lambda: Space({"a": Float(0, 1), "b": Int(1, 2, when=("a", (0.5,)))}),
        lambda: Space({"a": Categorical(("x", "y")), "b": Int(1, 2, when=("a", ("z",)))}),
        lambda: Space({"a": Categorical(("x", "y")), "b": Int(1, 2, when=("a", ()))}),
        lambda: Space({"a": Int(1, 2, when=("b", (1,))), "b": Int(1, 2, when=("a", (1,)))}),
        lambda: Space({"a": Int(1, 2, when=("a", (1,)))}),
        lambda: Float(1, 1),
        lambda: Float(2, 1),
        lambda: Float(0, 1, log=True),
        lambda: Float(-1e308, 1e308),
        lambda: Float(float("nan"), 1),
        lambda: Float(low=True, high=2),
        lambda: Int(0, 5, log=True),
        lambda: Int(1.5, 3),
        lambda: Int(0, 10**400),
        lambda: Categorical(("a",)),
        lambda: Categorical(("a", "a")),
        lambda: Categorical((1, True)),
        lambda: Categorical((1, 1.0)),
        lambda: Categorical(("a", float("inf"))),
        lambda: Categorical(("a", [1])),
        lambda: Fixed([1]),
    ],
)
def test_impossible_spaces_are_refused(build: object) -> None:
    """Circles, conditions that cannot hold, empty and upside-down ranges never become a space."""
    with pytest.raises(SpecError):
        build()


def test_plain_data_reads_back_equal_through_json() -> None:
    """Writing, JSON and reading give an equal space with conditions and order intact."""
    again = read_space(json.loads(json.dumps(write_space(NESTED))))
    assert again == NESTED
    assert again.order == NESTED.order


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_family_has_a_space_that_it_accepts(name: str) -> None:
    """What is drawn from a family's own list of hyperparameters is allowed by the family."""
    space = read_space(FAMILIES[name].space)
    for seed in range(30):
        params = space.sample(np.random.default_rng(seed))
        assert FAMILIES[name].complete(params).items() >= params.items()


@pytest.mark.parametrize(
    ("entries", "path"),
    [
        ([{"type": "float"}], "space.0"),
        (["x"], "space.0"),
        ([{"name": "a", "type": "flot", "low": 0, "high": 1}], "space.a.type"),
        ([{"name": "a", "type": "float", "low": 0}], "space.a.high"),
        ([{"name": "a", "type": "float", "low": "0", "high": 1}], "space.a.low"),
        ([{"name": "a", "type": "float", "low": 0, "high": 1, "log": "yes"}], "space.a.log"),
        ([{"name": "a", "type": "int", "low": 0.5, "high": 1}], "space.a.low"),
        ([{"name": "a", "type": "categorical", "choices": "ab"}], "space.a.choices"),
        ([{"name": "a", "type": "categorical"}], "space.a.choices"),
        ([{"name": "a", "type": "float", "low": 0, "high": 1, "lo": 3}], "space.a.lo"),
        ([{"name": "a", "type": "float", "low": 0, "high": 1, "when": "b"}], "space.a.when"),
        ([{"name": "a", "type": "float", "low": 0, "high": 1, "when": {"name": "b", "values": [1]}}], "space.a.when"),
        ([{"name": "a", "type": "float", "low": 0, "high": 1}] * 2, "space.a"),
        ([], "space"),
    ],
)
def test_hostile_plain_data_names_the_key(entries: list[dict[str, object]], path: str) -> None:
    """Whatever is wrong, the error's path says where."""
    with pytest.raises(SpecError) as caught:
        read_space(entries)
    assert caught.value.path == path
    assert str(caught.value).startswith(path)


def test_whole_floats_are_whole_numbers_and_unsearched_entries_are_fixed() -> None:
    """JSON's 3.0 serves as 3; an entry not searched keeps its default."""
    space = read_space(
        [
            {"name": "a", "type": "int", "low": 1.0, "high": 3.0},
            {"name": "b", "type": "float", "low": 0, "high": 1, "default": 0.5, "searched": False, "title": "B"},
        ]
    )
    assert space.dimensions == {"a": Int(1, 3), "b": Fixed(0.5)}


def test_union_keeps_branches_apart() -> None:
    """Each draw has the parameters of its branch alone, under the branch's name; conditions move with them."""
    joint = union("family", {"mlp": NESTED, "linear": Space({"c": Float(0.1, 10, log=True)})})
    for seed in range(40):
        params = joint.sample(np.random.default_rng(seed))
        branch, own = branch_of("family", params)
        assert branch == params["family"]
        assert len(own) == len(params) - 1
        if branch == "mlp":
            assert NESTED.read(own) == own
    alone = union("family", {"linear": Space({"c": Float(0.1, 10)})})
    assert alone.sample(np.random.default_rng(0))["family"] == "linear"
