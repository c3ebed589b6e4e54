"""A training shown as code: the loop in PyTorch or in Keras, over the same rows from the same start."""

from __future__ import annotations

import re

from fallline.engine.nets import NETS
from fallline.peers.code_schedules import functions, imported
from fallline.runs.code.layout import docstring, script
from fallline.runs.code.training.facts import facts_of
from fallline.runs.code.training.keras_script import keras_imports, keras_script
from fallline.runs.code.training.rows import rows_of
from fallline.runs.code.training.torch_script import torch_imports, torch_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.train import TrainSpec

STANDARD = {"partial": "from functools import partial", "hashlib.": "import hashlib", "runpy.": "import runpy"}
"""What a script uses of the standard library, besides what schedules do."""


def show_train(spec: Spec, record: Record | None) -> str:
    """Returns the training as a script in the tool of its backend.

    Raises:
        DataError: something that no short script says.
        SpecError: net, rows and optimizer do not fit each other.
    """
    del record
    assert isinstance(spec, TrainSpec)  # noqa: S101 - the registry goes by kind
    facts = facts_of(spec)
    rows = rows_of(spec, facts)
    own, lines = torch_script(spec, facts) if spec.backend == "torch" else keras_script(spec, facts)
    text = "\n".join(lines)
    parts = [*rows.functions, *functions(text), *own]
    whole = "\n".join([text, *(line for part in parts for line in part)])
    tool = torch_imports(whole) if spec.backend == "torch" else keras_imports(whole)
    precise = spec.precision == "float64"
    double = {"torch": "torch.set_default_dtype(torch.float64)"}.get(spec.backend, 'keras.config.set_floatx("float64")')
    title = spec.code or NETS[spec.net.name].title
    named = spec.title or f"{title} on {spec.set.name if spec.data is None else 'a table'}"
    return script(
        docstring(f"{named}: trained in {'PyTorch' if spec.backend == 'torch' else 'Keras'}."),
        [*_imports(whole, [*rows.imports, *tool]), *(["", double] if precise else [])],
        *parts,
        [*rows.lines, *lines],
    )


def _imports(whole: str, more: list[str]) -> list[str]:
    """The import lines: standard library first, each part sorted as isort does."""
    standard = [line for name, line in STANDARD.items() if re.search(rf"(?<![\w.]){re.escape(name)}", whole)]
    needed = imported(whole)
    standard += [f"from {module} import {', '.join(names)}" for module, names in needed.items()]
    known = {"hashlib", "functools", "bisect", "math", "runpy", "warnings", "itertools"}
    tools = {"import numpy as np", *(line for line in more if _module(line) not in known)}
    standard = list({*standard, *(line for line in more if _module(line) in known)})
    return [*sorted(standard, key=_order), "", *sorted(tools, key=_order)]


def _order(line: str) -> tuple[bool, str, str]:
    return (not line.startswith("import"), _name(line).lower(), line)


def _module(line: str) -> str:
    return _name(line).partition(".")[0]


def _name(line: str) -> str:
    return line.split()[1]
