"""The imports of a capstone's script: those that its text uses, in the usual order."""

from __future__ import annotations

import re

from fallline.runs.code.layout import block
from fallline.runs.code.stages.table import imports_of
from fallline.runs.sources.spec import DataSpec

MODULES = ("copy", "hashlib", "warnings")
STANDARD = {
    "functools": ("partial",),
    "itertools": ("pairwise", "zip_longest"),
    "math": ("ceil", "cos", "pi", "sqrt"),
    "types": ("SimpleNamespace",),
}
TOOLS = {"np": "import numpy as np", "optuna": "import optuna", "pd": "import pandas as pd", "torch": "import torch"}
NAMES = {
    "lightgbm": ("LGBMClassifier",),
    "scipy.special": ("expit",),
    "sklearn.base": ("clone",),
    "sklearn.compose": ("make_column_transformer",),
    "sklearn.impute": ("MissingIndicator", "SimpleImputer"),
    "sklearn.linear_model": ("LogisticRegression",),
    "sklearn.metrics": ("brier_score_loss", "log_loss", "roc_auc_score"),
    "sklearn.pipeline": ("make_pipeline", "make_union"),
    "sklearn.preprocessing": ("MinMaxScaler", "OneHotEncoder", "OrdinalEncoder", "StandardScaler"),
    "torch.optim.lr_scheduler": (
        "CosineAnnealingLR",
        "ExponentialLR",
        "LambdaLR",
        "MultiStepLR",
        "OneCycleLR",
        "PolynomialLR",
        "StepLR",
    ),
}
"""Module → names that a script may use of it."""


def imports(data: DataSpec, text: str) -> list[str]:
    """Returns the import lines of a script: standard library, then tools, each sorted as isort does."""
    standard = [f"import {name}" for name in MODULES if _used(f"{name}.", text)]
    standard += [f"from {module} import {', '.join(used)}" for module, used in _of(STANDARD, text).items()]
    plain = {line for name, line in TOOLS.items() if _used(f"{name}.", text)} | set(imports_of(data))
    whole = sorted(line for line in plain if line.startswith("import"))
    parts = [line for line in plain if line.startswith("from")]
    named = [line for module, used in _of(NAMES, text).items() for line in ["\n".join(_line(module, used))]]
    return [*standard, "", *whole, *sorted([*parts, *named], key=lambda line: line.split()[1])]


def _line(module: str, used: list[str]) -> list[str]:
    plain = f"from {module} import {', '.join(used)}"
    return [plain] if len(plain) <= 88 else block(f"from {module} import (", used, ")", apart=True)


def _of(known: dict[str, tuple[str, ...]], text: str) -> dict[str, list[str]]:
    found = {module: [name for name in names if _used(name, text)] for module, names in known.items()}
    return {module: names for module, names in found.items() if names}


def _used(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own, and not as a text or an attribute."""
    end = "" if name.endswith(".") else r"(?!\w)"
    return re.search(rf"(?<![\w.\"]){re.escape(name)}{end}", text) is not None
