"""The diabetes table of Efron, Hastie, Johnstone and Tibshirani (2004) in its own units, as scikit-learn bundles it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

COLUMNS: dict[str, tuple[str, str]] = {
    "bmi": ("body mass index", "kg/m²"),
    "bp": ("mean blood pressure", "mmHg"),
    "s5": ("log of serum triglycerides", ""),
    "age": ("age", "years"),
    "s1": ("total serum cholesterol", "mg/dl"),
    "s2": ("low-density lipoproteins", "mg/dl"),
    "s4": ("total cholesterol over HDL", ""),
}
"""Column → what it measures and its unit."""
TARGET = "disease progression after a year"


@lru_cache
def diabetes_table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns all ten columns and the target, each brought to mean 0 and deviation 1."""
    from sklearn.datasets import load_diabetes  # 1 s, and most pages need no table of it

    bunch = load_diabetes(scaled=False)
    x, y = np.asarray(bunch.data, dtype=np.float64), np.asarray(bunch.target, dtype=np.float64)
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()


@lru_cache
def diabetes_column(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns one column and the target, 442 patients each."""
    from sklearn.datasets import load_diabetes  # 1 s, and most pages need no table of it

    bunch = load_diabetes(scaled=False)
    place = list(bunch.feature_names).index(name)
    return np.ascontiguousarray(bunch.data[:, place], dtype=np.float64), np.asarray(bunch.target, dtype=np.float64)
