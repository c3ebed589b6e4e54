"""The script of a tiny net draws the same points and first weights, and learns as well in torch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.engine.data.plane import PLANES
from fallline.engine.nets.initialisations import INITIALISERS
from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


def test_torch_learns_what_the_kernels_learn(run: Callable[[str], list[str]]) -> None:
    """The very points and first weights, another order of rows: the errors on the test points are within 3 %."""
    setting = {"optimizer": "adam", "rate": 0.02, "initialisation": "he-uniform", "penalty": "l2", "strength": 0.001}
    spec = load_spec({"kind": "tiny-net", "data": "gauss", "noise": 0.1, "epochs": 60, "a": setting})
    ours = answer(spec).part("tiny-net")["nets"]["a"]["error"]["test"]
    told = run(show_as_code(spec))
    assert told[1].startswith("Test points wrong: ")
    assert float(told[1].rpartition(" ")[2]) == pytest.approx(ours, abs=0.03)


@pytest.mark.parametrize("data", PLANES)
def test_every_kind_of_points_has_a_script(data: str) -> None:
    """Each compiles, with what draws the points written out."""
    for loss in ("log_loss", "cross_entropy"):
        tree = {"kind": "tiny-net", "data": data, "classes": 3, "a": {"loss": loss, "initialisation": "orthogonal"}}
        script = show_as_code(load_spec(tree))
        compile(script, data, "exec")
        assert f"def {data}(rows, noise, classes, rng):" in script


@pytest.mark.parametrize("start", INITIALISERS)
def test_every_start_has_a_script(start: str) -> None:
    """Each compiles, whatever its law."""
    tree = {"kind": "tiny-net", "a": {"initialisation": start, "layers": 0}}
    compile(show_as_code(load_spec(tree)), start, "exec")
