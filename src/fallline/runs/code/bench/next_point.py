"""The next point of a search shown as code: a Gaussian process in scikit-learn."""

from __future__ import annotations

import ast
import inspect
import sys

from fallline.engine.tune.gp import JITTER
from fallline.runs.bench.next_point import FIRST, GRID, MOST, OBJECTIVES, SPREAD
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import WIDTH, docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.bench import NextPointSpec

BEST = "    best = process.predict(x[:, None]).min()\n"

ACQUISITIONS = {
    "ei": f"""\
{BEST}    z = (best - EXPLORE - mean) / sd
    worth = sd * (z * norm.cdf(z) + norm.pdf(z))""",
    "pi": f"{BEST}    worth = norm.cdf((best - EXPLORE - mean) / sd)",
    "lcb": "    worth = EXPLORE * sd - mean",
}
"""Acquisition function → its worth, from mean and standard deviation."""

SEARCH = '''\
def look(x):
    """Returns where to go after some evaluations, and what is believed there."""
    y = objective(x){noise}
    process = GaussianProcessRegressor(
        {spread!r} ** 2 * Matern(length_scale={length!r}, nu=2.5),
        alpha={jitter!r} * (y.var() + {spread!r} ** 2){alpha},
        optimizer=None,
    )
    process.fit(x[:, None], y - y.mean())
    mean, sd = process.predict(GRID[:, None], return_std=True)
{worth}
    place = np.lexsort((-GRID, sd, worth))[-1]
    return GRID[place], y.mean() + mean[place], sd[place]'''

REPORT = """\
x = np.array({first!r})
for _ in range({chosen}):
    x = np.append(x, look(x)[0])
following, mean, sd = look(x)
print("Tried:", *x)
print("Losses:", *objective(x))
print("Next:", following)
print("Mean there:", mean)
print("Deviation there:", sd)"""


def show_next_point(spec: Spec, record: Record | None) -> str:
    """Returns the search as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, NextPointSpec)  # noqa: S101 - the registry goes by kind
    noisy = spec.noise > 0
    text = SEARCH.format(
        noise=" + noise[: len(x)]" if noisy else "",
        length=spec.length,
        spread=SPREAD,
        jitter=JITTER,
        alpha=f" + {spec.noise!r} ** 2" if noisy else "",
        worth=ACQUISITIONS[spec.acquisition],
    )
    report = REPORT.format(first=list(FIRST), chosen=spec.evaluations - len(FIRST))
    if noisy:
        report = report.replace("*objective(x))", "*(objective(x) + noise[: len(x)]))")
    draws = [f"noise = {spec.noise!r} * rng.standard_normal({MOST})"]
    explore = [] if spec.acquisition == "lcb" and not spec.explore else [f"EXPLORE = {spec.explore!r}"]
    return script(
        docstring(f"{spec.title or 'Next point'}: a search by a Gaussian process, in scikit-learn."),
        [
            *(["import hashlib", ""] if noisy else []),
            "import numpy as np",
            *(["from scipy.stats import norm"] if "norm." in text else []),
            "from sklearn.gaussian_process import GaussianProcessRegressor",
            "from sklearn.gaussian_process.kernels import Matern",
            "",
            f"GRID = np.arange({len(GRID)}) / {len(GRID) - 1}",
            *(explore or ["EXPLORE = 0.0"]),
            *(["", *generator_lines(spec.seed, "next-point", "evaluation"), *draws] if noisy else []),
        ],
        ["def objective(x):", *_objective(spec.objective)],
        text.splitlines(),
        report.splitlines(),
    )


def _objective(name: str) -> list[str]:
    """The body of the hidden function, read from where it stands."""
    source = inspect.getsource(sys.modules[OBJECTIVES[name].__module__])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "OBJECTIVES":
            assert isinstance(node.value, ast.Dict)  # noqa: S101 - as it is written there
            found = dict(zip((ast.literal_eval(key) for key in node.value.keys if key), node.value.values, strict=True))
            formula = found[name]
            assert isinstance(formula, ast.Lambda)  # noqa: S101 - as it is written there
            return _returned(formula.body)
    raise AssertionError(name)


def _returned(body: ast.expr) -> list[str]:
    """A return on one line, or split before its last sign."""
    whole = f"    return {ast.unparse(body)}"
    if len(whole) <= WIDTH or not isinstance(body, ast.BinOp):
        return [whole]
    sign = {ast.Add: "+", ast.Sub: "-"}[type(body.op)]
    left, right = ast.unparse(body.left), ast.unparse(body.right)
    return ["    return (", f"        {left}", f"        {sign} {right}", "    )"]
