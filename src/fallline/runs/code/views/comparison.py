"""View ``comparison`` shown as code: two Records side by side."""

from __future__ import annotations

from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import ComparisonViewSpec

HEAD = """\
import json
from pathlib import Path"""

LEAVES = '''\
def leaves(path, node):
    """Yields every value of a tree with its dotted path; long lists stay whole."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(f"{path}.{key}", value)
    elif isinstance(node, list) and 0 < len(node) <= 12 and isinstance(node[0], dict):
        for place, value in enumerate(node):
            yield from leaves(f"{path}.{place}", value)
    else:
        yield path, node'''

BODY = """\
first, second = (
    json.loads(Path(f"{name}.json").read_text(encoding="utf-8"))
    for name in ("first", "second")
)
for half in ("spec", "result"):
    one, other = dict(leaves(half, first[half])), dict(leaves(half, second[half]))
    paths = sorted(one | other)
    different = [path for path in paths if one.get(path) != other.get(path)]
    print(f"Different in {half}: {len(different)}")
    for path in different:
        print(f"  {path}: {one.get(path)} | {other.get(path)}"[:120])"""


def show_comparison(spec: Spec, record: Record | None) -> str:
    """Returns the differences of two Records as a script."""
    del record
    assert isinstance(spec, ComparisonViewSpec)  # noqa: S101 - the registry goes by kind
    sides = {"first": spec.first, "second": spec.second}
    more = [f"{name}.json: from `fallline show {who} --json`." for name, who in sides.items()]
    said = docstring("Two Records side by side.", more)
    return script(said, HEAD.splitlines(), LEAVES.splitlines(), BODY.splitlines())
