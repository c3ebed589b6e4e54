"""A breakdown's mechanism shown as code: the function as it stands, in NumPy."""

from __future__ import annotations

import textwrap

from fallline.runs.bench.breakdown import BREAKDOWNS
from fallline.runs.bench.breakdown_cases import _told
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.bench.failure import plain_function
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.breakdown import BreakdownSpec


def show_breakdown(spec: Spec, record: Record | None) -> str:
    """Returns the mechanism as a script that prints, for each strength of the cause, how it ends."""
    del record
    assert isinstance(spec, BreakdownSpec)  # noqa: S101 - the registry goes by kind
    case = BREAKDOWNS[spec.case]
    name = getattr(case.run, "__name__", "")
    return script(
        docstring(f"{spec.title or case.title}: how it ends, by {case.cause}, in NumPy."),
        [
            "import hashlib",
            "",
            "import numpy as np",
            "",
            "STRENGTHS = np.array(",
            *textwrap.wrap(f"{list(case.strengths)}", 80, initial_indent="    ", subsequent_indent="     "),
            ")",
            "",
            *generator_lines(spec.seed, "breakdown", spec.case),
        ],
        plain_function(_told) if spec.case in {"cliff", "logarithm"} else [],
        plain_function(case.run),
        [
            f"courses = {name}(rng, STRENGTHS, mended={spec.mended})",
            "for strength, course in zip(STRENGTHS, courses.T, strict=True):",
            "    print(abs(strength), course[~np.isnan(course)][-1])",
        ],
    )
