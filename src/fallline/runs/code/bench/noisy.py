"""A column of the noisy grid shown as code: each optimizer at its best rate, over the very draws, in PyTorch."""

from __future__ import annotations

from fallline.peers.code_torch import optimizer
from fallline.peers.code_torch_classes import classes
from fallline.runs.bench.noisy import REPEATS, WEIGHTS, WHO, grid_of, key_of
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import call, docstring, keywords, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.noisy import NoisySpec

ROWS = """\
table = load_diabetes(scaled=False)
x, y = table.data, table.target
x, y = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
best = np.linalg.lstsq(x, y, rcond=None)[0]
error = y - x @ best
rows = rng.integers(len(x), size=(STEPS, DRAWS, BATCH))
seen = x[rows]
curvature = seen.transpose(0, 1, 3, 2) @ seen / BATCH
added = -(seen * error[rows][..., None]).mean(axis=2)
hessian, start = x.T @ x / len(x), -best"""

QUADRATIC = """\
curvatures = np.geomspace(1.0, {condition!r}, {weights})
hessian, start = np.diag(curvatures), np.ones({weights})
scale = {noise!r} * np.linalg.norm(curvatures) / {root!r}
added = {draws}
curvature = np.broadcast_to(hessian, (STEPS, DRAWS, *hessian.shape))"""

WALK = '''\
def late_loss(make, draw):
    """Returns the mean height over the last fifth; weights count from the minimum."""
    v = torch.tensor(start, requires_grad=True)
    optimizer, late = make([v]), []
    for step in range(STEPS):
        a, e = torch.tensor(curvature[step, draw]), torch.tensor(added[step, draw])
        v.grad = (a @ v + e).detach()
        optimizer.step()
        late.append(0.5 * (v @ torch.tensor(hessian) @ v).item())
    return np.mean(late[-round(0.2 * STEPS) :])'''


def show_noisy(spec: Spec, record: Record | None) -> str:
    """Returns the column of the batch size that is looked at as a script; a Record says nothing more."""
    del record
    assert isinstance(spec, NoisySpec)  # noqa: S101 - the registry goes by kind
    column = next(each for each in grid_of(*key_of(spec))["columns"] if each["batch"] == spec.batch)
    made = {name: optimizer(name, column["cells"][name]["rate"], {}) for name in WHO}
    race = [line for name, pair in made.items() for line in _entry(name, *pair)]
    real = spec.problem == "rows"
    return script(
        docstring(f"{spec.title or 'Noisy gradients'}: six optimizers at batch size {spec.batch}, in PyTorch."),
        [
            "import hashlib",
            "from functools import partial",
            "",
            "import numpy as np",
            "import torch",
            *(["from sklearn.datasets import load_diabetes"] if real else []),
            "",
            f"STEPS, DRAWS, BATCH = {column['steps']}, {REPEATS}, {spec.batch}",
            "",
            *generator_lines(spec.seed, "noisy", "draws", str(spec.batch)),
            *_problem(spec),
        ],
        *classes("\n".join(race)),
        WALK.splitlines(),
        [
            "RACE = {",
            *race,
            "}",
            "for name, make in RACE.items():",
            "    late = [late_loss(make, draw) for draw in range(DRAWS)]",
            '    print(f"{name}: {float(np.median(late))!r}")',
        ],
    )


def _entry(name: str, kind: str, arguments: dict[str, object]) -> list[str]:
    return call("partial", [kind, *keywords(arguments)], 1, before=f'"{name}": ', after=",")


def _problem(spec: NoisySpec) -> list[str]:
    if spec.problem == "rows":
        return ROWS.splitlines()
    shape = f"(STEPS, DRAWS, {WEIGHTS})"
    draws = f"scale / BATCH**0.5 * rng.standard_normal({shape})"
    if spec.problem == "heavy":
        draws = f"rng.standard_t({spec.degrees!r}, (STEPS, DRAWS, BATCH, {WEIGHTS}))"
        draws += "\nadded = scale * added.mean(axis=2)"
    text = QUADRATIC.format(
        condition=spec.condition, weights=WEIGHTS, noise=spec.noise, root=float(WEIGHTS**0.5), draws=draws
    )
    return text.splitlines()
