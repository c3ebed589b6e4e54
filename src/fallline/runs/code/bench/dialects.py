"""Two dialects shown as code: one script that walks the path in PyTorch, then in Keras."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile

from fallline.runs.bench.dialects import TITLES, TOOLS, runner_of
from fallline.runs.code.bench.descent import show_descent
from fallline.runs.code.layout import comment, docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.dialects import DialectsSpec

STANDARD = ("functools", "math")


def show_dialects(spec: Spec, record: Record | None) -> str:
    """Returns both paths as one script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, DialectsSpec)  # noqa: S101 - the registry goes by kind
    halves = [show_descent(_race(spec, tool), None).splitlines()[2:] for tool in TOOLS]
    imports = sorted({line for half in halves for line in half if _imports(line)})
    whole = sorted((line for line in imports if line.startswith("import ")), key=str.lower)
    standard = [line for line in imports if line.startswith("from ") and line.split()[1] in STANDARD]
    said = docstring(f"{spec.title or spec.optimizer}: one name in PyTorch and in Keras.")
    torch, keras = (list(_body(half, TITLES[tool])) for tool, half in zip(TOOLS, halves, strict=True))
    return script(said, [*standard, "", *whole, "", *torch], keras)


def _race(spec: DialectsSpec, tool: str) -> DescentSpec:
    """The half of one tool, as a race of one."""
    runner = runner_of(spec, "keras" if tool == "keras" else "torch", spec.numbers)
    kind = type(runner.optimizer)
    params = {each.name: float(getattr(runner.optimizer, each.name)) for each in kind.parameters}
    params = {each.name: params[each.name] for each in kind.parameters if params[each.name] != each.default}
    entry = RunnerSpec(rate=runner.rate, params=params, dialect="keras" if tool == "keras" else "torch")
    return DescentSpec(
        title=spec.title, surface=spec.surface, start=spec.start, steps=spec.steps, optimizers={spec.optimizer: entry}
    )


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))


def _body(half: list[str], title: str) -> Iterator[str]:
    """All but the imports, under the name of the tool."""
    yield from comment(f"In {title}")
    yield from dropwhile(lambda line: not line, [line for line in half if not _imports(line)])
