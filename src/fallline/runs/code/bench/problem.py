"""A problem's tell-tales shown as code: the objective as it stands, and the tests, in NumPy."""

from __future__ import annotations

import ast
import inspect
import textwrap

from fallline.runs.bench.problem import ASKED
from fallline.runs.bench.problem_cases import CASES
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.problem import ProblemSpec

TESTS = """\
left, right = {left}, {right}
places = np.linspace(left, right, 81)
values = np.array([{name}(theta, x, y, rng) for theta in places])
above = values - np.linspace(values[0], values[-1], len(values))
print("Above the chord:", max(above.max(), 0))
answers = [{name}(0.0, x, y, rng) for _ in range({asked})]
print("Spread of answers:", np.ptp(answers))"""


def show_problem(spec: Spec, record: Record | None) -> str:
    """Returns the objective, the chord and the repeated question as a script."""
    del record
    assert isinstance(spec, ProblemSpec)  # noqa: S101 - the registry goes by kind
    objective = CASES[spec.case].objective
    left, right = min(spec.left, spec.right), max(spec.left, spec.right)
    name = getattr(objective, "__name__", "objective")
    return script(
        docstring(f"{spec.title or CASES[spec.case].title}: what kind of problem it is, in NumPy."),
        [
            "import hashlib",
            "",
            "import numpy as np",
            "from sklearn.datasets import load_diabetes",
            "",
            "table = load_diabetes(scaled=False)",
            'x, y = table.data[:, table.feature_names.index("bmi")], table.target',
            "x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()",
            "",
            *generator_lines(spec.seed, "problem", "chord"),
        ],
        _plain(objective),
        TESTS.format(left=left, right=right, name=name, asked=ASKED).splitlines(),
    )


def _plain(objective: object) -> list[str]:
    """The function without its annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(objective))).body[0]  # type: ignore[arg-type]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a case is a plain function
    tree.returns = None
    for each in tree.args.args:
        each.annotation = None
    return ast.unparse(tree).splitlines()
