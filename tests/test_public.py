"""The names at the top of the package: each leads somewhere, and none costs anything before it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import fallline


def test_every_public_name_leads_to_what_it_says() -> None:
    """Each is what its module calls by that name, and `dir` shows it."""
    for name, module in fallline.PUBLIC.items():
        assert getattr(fallline, name) is getattr(import_module(module), name)
        assert name in dir(fallline)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """As of any module, with what there is."""
    with pytest.raises(AttributeError, match=r"descent.*It has: .*descend"):
        _ = fallline.descent_of_man


def test_importing_the_package_imports_nothing_heavy() -> None:
    """No NumPy, no compiler, no torch."""
    code = "import sys, fallline; print(sorted({'numpy', 'numba', 'torch'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
