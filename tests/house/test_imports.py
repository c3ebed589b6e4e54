"""A page or a verb that needs no heavy library does not wait for one."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import pytest

import fallline

HEAVY = ("torch", "lightgbm", "shap", "optuna", "onnxruntime", "tensorflow", "pandas", "keras", "matplotlib")
DOORS = ("fallline.web", "fallline.cli")


def modules(door: str) -> list[str]:
    """Lists a room and every module in it."""
    inside = pkgutil.walk_packages([f"{fallline.__path__[0]}/{door.split('.')[1]}"], f"{door}.")
    return [door, *(module.name for module in inside if not module.name.endswith("__main__"))]


def loaded(statement: str) -> set[str]:
    """Runs a statement in a fresh interpreter and returns which heavy libraries it loaded."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_without_heavy_libraries(door: str) -> None:
    """Importing every module of the site, or of the command line, loads none of them."""
    assert not loaded("\n".join(f"import {name}" for name in modules(door)))


def test_the_package_alone_loads_next_to_nothing() -> None:
    """`import fallline` exposes its names lazily: not even NumPy is loaded before it is used."""
    script = "import sys, fallline; print([name for name in ('numpy', 'pydantic', 'sklearn') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_heavy_import_is_found() -> None:
    """The probe sees a heavy library when one is loaded."""
    assert loaded("import types, sys; sys.modules['shap'] = types.ModuleType('shap')") == {"shap"}
