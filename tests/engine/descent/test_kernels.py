"""Kernels: one for each surface and each optimizer, compiled late, kept where there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import fallline
from fallline.engine.descent import Runner, race, warm
from fallline.engine.descent.kernels import gradient_kernel, kernels_of
from fallline.engine.descent.step_kernels import step_kernel
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS, Elementwise
from fallline.engine.surfaces import SURFACES

RACE = """
from fallline.engine.descent import descend
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES
bowl = SURFACES["bowl"]
print(descend(bowl, OPTIMIZERS["gd"](), Constant(), rate=0.1, start=bowl.start, steps=100).ending.sentence)
"""


def test_a_pair_shares_the_kernels_of_its_surface_and_its_optimizer() -> None:
    """Nothing is compiled for a pair: the addresses are those of the surface alone and of the optimizer alone."""
    warm()
    for surface in SURFACES.values():
        for kind in (kind for kind in OPTIMIZERS.values() if issubclass(kind, Elementwise)):
            _, gradient, step, _ = kernels_of(surface, kind())[0].tolist()
            assert gradient == gradient_kernel(surface).address
            assert step == step_kernel(kind).address
    addresses = {gradient_kernel(surface).address for surface in SURFACES.values()}
    loops = {surface.block.gradient if surface.block else surface.gradient_rule for surface in SURFACES.values()}
    assert len(addresses) == len(loops) < len(SURFACES)  # all expressions share the machine


def test_importing_the_room_imports_no_compiler() -> None:
    """The names, forms and Specs of this room are read without Numba."""
    code = (
        "import sys, fallline.engine.descent, fallline.engine.optim, fallline.engine.surfaces\n"
        "print('numba' in sys.modules or 'torch' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@pytest.mark.parametrize("home", ["writable", "closed"])
def test_where_the_package_cannot_be_written_to_it_still_runs(tmp_path: Path, home: str) -> None:
    """Code is kept in the person's cache and used again from there; without any place for it, it is compiled anew."""
    package = tmp_path / "fallline"
    ignore = shutil.ignore_patterns("__pycache__", "content", "static")
    shutil.copytree(Path(fallline.__file__).parent, package, ignore=ignore)
    (package / "engine" / "descent" / "__pycache__").write_text("a file where the cache would be")
    cache = tmp_path / "home"
    if home == "writable":
        cache.mkdir()
    else:
        cache.write_text("a file where the home would be")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    kept = []
    for _ in range(2 if home == "writable" else 1):
        told = subprocess.check_output([sys.executable, "-B", "-c", RACE], env=environment, cwd=tmp_path, text=True)
        assert told.startswith("Converged at step 27")
        kept.append(sorted((path.name, path.stat().st_mtime_ns) for path in cache.rglob("*.nb?")))
    assert bool(kept[0]) == (home == "writable")
    assert kept[0] == kept[-1]


def test_threads_may_race_at_once() -> None:
    """Eight threads at once get what one gets alone."""
    surface = SURFACES["himmelblau"]
    runners = tuple(Runner(kind(), 0.01) for kind in OPTIMIZERS.values())

    def points(_: int) -> np.ndarray:
        traces = race(surface, runners, surface.start, 150)
        return np.concatenate([trace.points for trace in traces])

    alone = points(0)
    with ThreadPoolExecutor(8) as threads:
        assert all(np.array_equal(alone, each) for each in threads.map(points, range(40)))


def test_other_hyperparameters_compile_nothing() -> None:
    """One kernel serves an optimizer whatever its settings, in either dialect; dialects share none by mistake."""
    surface = SURFACES["bowl"]
    kinds = [*OPTIMIZERS.values(), *KERAS_OPTIMIZERS.values()]
    for kind in (kind for kind in kinds if issubclass(kind, Elementwise)):
        first = kind.parameters[0]
        value = first.low if first.default == first.high else first.high
        plain, other = kind(), kind(**{first.name: value})
        before, after = kernels_of(surface, plain), kernels_of(surface, other)
        assert before[0].tolist() == after[0].tolist()
        assert before[1].tolist() != after[1].tolist()
    adam, keras = OPTIMIZERS["adam"], KERAS_OPTIMIZERS["adam"]
    assert issubclass(adam, Elementwise)
    assert issubclass(keras, Elementwise)
    assert step_kernel(adam).address != step_kernel(keras).address


TOLD = """
from fallline.core.event import EventKind
from fallline.runs.execute import Surroundings, execute
from fallline.runs.spec import load_spec
said = []
for surface in ("bowl", "bowl"):
    execute(load_spec({"kind": "descent", "surface": surface}), Surroundings(clock=lambda: 0.0, listener=said.append))
print(sum(each.kind is EventKind.PROGRESS and "compiled" in each.message for each in said))
"""


def test_compiling_is_told_when_something_is_compiled(tmp_path: Path) -> None:
    """Two descents in a process say it once where there is no cache, and not at all where code comes from the cache."""
    alone = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    for times in ("1", "0"):
        assert subprocess.check_output([sys.executable, "-c", TOLD], text=True, env=alone).strip() == times
