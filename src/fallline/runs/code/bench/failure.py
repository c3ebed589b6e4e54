"""A failure's mechanism shown as code: the function as it stands, in NumPy."""

from __future__ import annotations

import ast
import inspect
import textwrap

from fallline.runs.bench.failure import FAILURES, LEVELS, _fits
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.failure import FailureSpec


def show_failure(spec: Spec, record: Record | None) -> str:
    """Returns the mechanism as a script that prints effort, what is seen and what is wanted."""
    del record
    assert isinstance(spec, FailureSpec)  # noqa: S101 - the registry goes by kind
    case = FAILURES[spec.case]
    return script(
        docstring(f"{spec.title or case.title}: what is seen and what is wanted, in NumPy."),
        [
            "import hashlib",
            "",
            "import numpy as np",
            "",
            f"LEVELS = np.linspace(0.0, 1.0, {len(LEVELS)})",
            "",
            *generator_lines(spec.seed, "failure", spec.case),
        ],
        plain_function(_fits) if spec.case == "flu" else [],
        plain_function(case.run),
        [f"for row in zip(*{spec.case}(rng, cure={spec.cure}), strict=True):", "    print(*row)"],
    )


def plain_function(function: object) -> list[str]:
    """Returns the lines of a function without its docstring and annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]  # type: ignore[arg-type]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a mechanism is a plain function
    tree.returns = None
    for each in (*tree.args.args, *tree.args.kwonlyargs):
        each.annotation = None
    return ast.unparse(ast.FunctionDef(tree.name, tree.args, tree.body[1:], [], lineno=1)).splitlines()
