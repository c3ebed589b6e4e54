"""Inference of a whole schema: target, roles, positive class, sensitive attributes, leakage, and its overrides."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from fallline.core.errors import DataError
from fallline.engine.data.infer import infer_schema, infer_table
from fallline.engine.data.leakage import predicts_alone
from fallline.engine.data.roles import is_id_name
from fallline.engine.data.schema import Column, Override, Schema
from fallline.engine.data.sensitive import sensitive_attribute
from fallline.engine.data.table import target_vector
from fallline.engine.data.target import require_binary

ROWS = 400


def telco(rows: int = ROWS) -> pa.Table:
    """A table of words like the churn table of an old telephone company, with every trap in it."""
    rng = np.random.default_rng(7)
    churn = rng.random(rows) < 0.3
    return pa.table(
        {
            "customerID": [f"{place:04d}-{'ABCDE'[place % 5]}" for place in rng.permutation(rows)],
            "gender": rng.choice(["Female", "Male"], rows),
            "SeniorCitizen": rng.choice(["0", "1"], rows),
            "TotalCharges": [
                " " if place % 50 == 0 else f"{value:.2f}" for place, value in enumerate(rng.gamma(2, 9, rows))
            ],
            "Contract": rng.choice(["Month-to-month", "One year", "Two year"], rows),
            "since": rng.choice(["2023-01-01", "2023-02-01", "2023-03-05"], rows),
            "note": [f"called on line {place % 300} about bill" for place in range(rows)],
            "Country": ["US"] * rows,
            "empty": [""] * rows,
            "cancelled_on": ["2024-05-01" if gone else "" for gone in churn],
            "Churn": np.where(churn, "Yes", "No"),
        }
    )


def test_every_trap_of_a_churn_table_is_seen() -> None:
    """Types, roles, target, positive class, sensitive attributes and the leaking date, each with a reason."""
    schema = infer_schema(telco())
    assert {column.name: (column.type, column.role) for column in schema.columns} == {
        "customerID": ("text", "id"),
        "gender": ("category", "feature"),
        "SeniorCitizen": ("boolean", "feature"),
        "TotalCharges": ("number", "feature"),
        "Contract": ("category", "feature"),
        "since": ("datetime", "feature"),
        "note": ("text", "ignored"),
        "Country": ("category", "constant"),
        "empty": ("text", "ignored"),
        "cancelled_on": ("datetime", "feature"),
        "Churn": ("boolean", "target"),
    }
    assert (schema.target, schema.positive, schema.problem) == ("Churn", "Yes", "binary")
    assert schema.sensitive == ("gender", "SeniorCitizen")
    assert schema.suspects == ("cancelled_on",)
    assert schema.id_columns == ("customerID",)
    assert schema.features[0].name == "gender"
    assert schema.column("TotalCharges").missing == 8
    for column in schema.columns:
        assert all(sentence.endswith(".") for sentence in schema.why(column.name))
    silent = [column.name for column in schema.columns if not schema.why(column.name)]
    assert not silent
    assert {reason.about for reason in schema.reasons} == {
        *("type", "missing", "role", "sensitive", "leakage", "target", "positive")
    }


def test_a_schema_survives_json() -> None:
    """Plain data and back is the identity."""
    schema = infer_schema(telco())
    assert Schema.from_dict(schema.to_dict()) == schema


def test_everything_can_be_overridden() -> None:
    """Target, positive class, type, role and sensitivity follow what a person says, and the reasons say who said it."""
    said = {
        "SeniorCitizen": Override(sensitive=False),
        "Contract": Override(sensitive=True, type="category"),
        "note": Override(role="feature"),
        "cancelled_on": Override(role="ignored"),
        "Country": Override(role="feature"),
    }
    schema = infer_schema(telco(), "gender", "Male", said)
    assert (schema.target, schema.positive) == ("gender", "Male")
    assert schema.sensitive == ("Contract",)
    assert [schema.column(name).role for name in ("note", "cancelled_on", "Country", "Churn")] == [
        *("feature", "ignored", "feature", "feature")
    ]
    assert "You named it as the target." in schema.why("gender")
    assert "You said that it is sensitive." in schema.why("Contract")
    assert infer_schema(telco(), overrides={"Contract": Override(role="target")}).problem == "multiclass"


def test_target_vector_is_one_where_positive() -> None:
    """The vector agrees with the words, whichever class is positive."""
    churn = np.array(telco()["Churn"].to_pylist())
    assert np.array_equal(target_vector(infer_table(telco())), churn == "Yes")
    vector = target_vector(infer_table(telco(), "Churn", "No"))
    assert vector.dtype == np.int8
    assert np.array_equal(vector, churn == "No")


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"a": ["x", "y"] * 9, "Exited": [0, 1] * 9, "b": ["u", "v"] * 9}, "Exited"),
        ({"y": [0, 1] * 9, "churn": ["no", "yes"] * 9}, "churn"),
        ({"a": ["x", "y"] * 9, "b": ["u", "v"] * 9, "n": [1, 2, 3] * 6}, "b"),
        ({"a": ["x", "y"] * 9, "b": ["u", None] * 9}, "a"),
        ({"a": [1.5, 2.5, 3.5] * 6}, None),
    ],
)
def test_a_target_is_guessed_by_name_then_by_place(columns: dict[str, list[object]], target: str | None) -> None:
    """A usual name wins, else the last two-valued column without gaps, else none."""
    schema = infer_schema(pa.table(columns))
    assert schema.target == target
    assert any(reason.about == "target" for reason in schema.reasons)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (["good"] * 30 + ["bad"] * 10, "bad"),
        (["yes"] * 30 + ["no"] * 10, "yes"),
        ([1] * 30 + [0] * 10, "1"),
        ([-1] * 30 + [1] * 10, "1"),
        ([2] * 10 + [1] * 30, "1"),
        (["stayed"] * 10 + ["churned"] * 30, "churned"),
        (["a"] * 20 + ["b"] * 20, "a"),
    ],
)
def test_the_positive_class_is_the_word_that_says_so_else_the_rarer(values: list[object], positive: str) -> None:
    """A telling word wins over rarity; a tie goes to the first in the alphabet."""
    schema = infer_schema(pa.table({"x": list(range(len(values))), "t": values}), "t")
    assert (schema.problem, schema.positive) == ("binary", positive)


@pytest.mark.parametrize(
    ("values", "problem", "sentence"),
    [
        ([1.5, 2.5, 3.25] * 10, "regression", "does not support regression yet"),
        (list(range(30)), "regression", "does not support regression yet"),
        (["2024-01-01", "2024-01-02"] * 15, "regression", "does not support regression yet"),
        ([0, 1, 2] * 10, "multiclass", "does not support multiclass targets yet"),
        (["a", "b", "c"] * 10, "multiclass", "does not support multiclass targets yet"),
    ],
)
def test_other_problems_are_recognised_and_named(values: list[object], problem: str, sentence: str) -> None:
    """Regression and several classes are seen at inference and refused, by name, when a vector is asked for."""
    table = infer_table(pa.table({"x": ["u", "v"] * 15, "t": values}), "t")
    assert table.schema.problem == problem
    assert "does not support yet" in table.schema.why("t")[-1]
    with pytest.raises(DataError, match=sentence):
        target_vector(table)


@pytest.mark.parametrize(
    ("target", "positive", "sentence"),
    [
        ("churned", None, "no column 'churned'. Did you mean 'Churn'"),
        ("Country", None, "one class only, 'US' in all 400 rows"),
        ("TotalCharges", None, "no value in 8 of 400 rows .the first is row 1."),
        ("empty", None, "no value in any row"),
        ("Churn", "Maybe", "no class 'Maybe': it has 'No' and 'Yes'"),
    ],
)
def test_a_target_that_cannot_be_learnt_is_refused(target: str, positive: str | None, sentence: str) -> None:
    """Unknown, one-class, gappy and empty targets each get one sentence."""
    with pytest.raises(DataError, match=sentence):
        infer_schema(telco(), target, positive)


def test_a_table_without_a_target_says_so() -> None:
    """The sentence asks for one."""
    with pytest.raises(DataError, match="name the column to predict"):
        require_binary(infer_schema(pa.table({"a": [1.5, 2.5, 3.5]})))


def test_unknown_overrides_are_refused() -> None:
    """An override of a column that is not there names the nearest."""
    with pytest.raises(DataError, match="Did you mean 'Contract'"):
        infer_schema(telco(), overrides={"Contrct": Override(sensitive=True)})
    with pytest.raises(DataError, match="Two targets are named"):
        infer_schema(telco(), "Churn", overrides={"gender": Override(role="target")})


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("row", list(range(100, 200)), "id"),
        ("price", [17 * place**2 for place in range(100)], "feature"),
        ("account_id", [place % 30 for place in range(100)], "id"),
        ("barcode", [f"{9 * 10**16 + 7**9 * place}" for place in range(100)], "id"),
        ("weight", [place / 7 for place in range(100)], "feature"),
        ("phone", [f"382-{place:04d}" for place in range(100)], "id"),
        ("review", [f"it was {place} times good" for place in range(100)], "ignored"),
        ("region_id", ["n", "s", "e", "w"] * 25, "feature"),
        ("user", [f"u{max(place, 3)}" for place in range(100)], "id"),
        ("when", [f"2024-01-01 00:{place // 60:02d}:{place % 60:02d}" for place in range(100)], "feature"),
    ],
)
def test_identifiers_are_told_from_measurements(name: str, values: list[object], role: str) -> None:
    """Unique words, gapless whole numbers and names of identifiers are ids; measurements and prices are not."""
    table = pa.table({name: values, "churn": ["yes", "no"] * 50})
    assert infer_schema(table).column(name).role == role


def test_names_of_identifiers() -> None:
    """An id at the end of a word is one only after a boundary."""
    yes = ("id", "ID", "customerID", "customer_id", "orderId", "uuid", "Unnamed: 0", "rownames", "row.id")
    no = ("paid", "valid", "humid", "idea", "width", "monkey", "grid")
    assert all(is_id_name(name) for name in yes)
    assert not any(is_id_name(name) for name in no)


def test_sensitive_names_are_guessed_from_whole_words() -> None:
    """Age is seen in Age and not in usage, mileage or the age of a car."""
    seen = (
        "Gender",
        "sex",
        "race",
        "SeniorCitizen",
        "MaritalStatus",
        "date_of_birth",
        "is_female",
        "ETHNICITY",
        "Religion",
    )
    unseen = ("usage", "mileage", "account_age", "trace", "package", "line_age", "sextant", "contract", "single_line")
    assert all(sensitive_attribute(name) for name in seen)
    assert not any(sensitive_attribute(name) for name in unseen)


@given(st.integers(0, 2**32), st.floats(1.5, 4.0))
def test_the_area_alone_is_near_the_real_one(seed: int, gap: float) -> None:
    """On a telling, monotone number the held-out, binned area is close to the area of the number itself."""
    rng = np.random.default_rng(seed)
    hits = rng.random(4000) < 0.3
    x = rng.normal(size=4000) + gap * hits
    found = predicts_alone(Column("x", "number"), pa.chunked_array([x]), hits)
    assert found == pytest.approx(roc_auc_score(hits, x), abs=0.06)


def test_leaks_of_every_type_are_suspected_and_strong_features_are_not() -> None:
    """The answer as number, category, date, gap and non-monotone number is suspect; a good feature is not."""
    rng = np.random.default_rng(3)
    hits = rng.random(2000) < 0.2
    table = pa.table(
        {
            "refund": np.where(hits, rng.gamma(2, 9, 2000), 0.0),
            "fold": np.where(hits, rng.choice([-9.0, 9.0], 2000), rng.normal(size=2000)),
            "why": np.where(hits, rng.choice(["price", "moved"], 2000), "still here"),
            "words": [f"left because of {place} and more" if hit else None for place, hit in enumerate(hits)],
            "good": rng.normal(size=2000) + 2.0 * hits,
            "noise": rng.normal(size=2000),
            "left": hits,
        }
    )
    schema = infer_schema(table, "left")
    assert schema.suspects == ("refund", "fold", "why", "words")
    assert "it may hold the answer" in schema.why("why")[-1]


def test_leakage_is_not_claimed_from_a_handful_of_rows() -> None:
    """Nine rows prove nothing."""
    assert infer_schema(pa.table({"x": [1, 2, 3, 4, 5, 6, 7, 8, 9], "t": [0] * 5 + [1] * 4}), "t").suspects == ()


def test_sorted_tables_still_show_their_leaks() -> None:
    """A table sorted by class is judged like any other."""
    table = pa.table({"x": [0.5 * place for place in range(200)], "t": ["a"] * 100 + ["b"] * 100})
    assert infer_schema(table, "t").suspects == ("x",)


def test_a_million_categories_are_text() -> None:
    """A column of a million words is neither a category nor slow to refuse as a target."""
    rows = 1_000_000
    words = pa.array([f"k{place * 7 % 999_983} x" for place in range(rows)])
    table = pa.table({"words": words, "t": pa.array(np.arange(rows) % 2)})
    schema = infer_schema(table)
    assert (schema.column("words").type, schema.column("words").role) == ("text", "ignored")
    assert schema.column("words").levels == ()
    assert infer_schema(table, "words").problem == "multiclass"
