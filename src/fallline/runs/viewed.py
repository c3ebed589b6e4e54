"""What a view looks at: the Records that its Spec names, as one digest for its key.

A name such as ``shipped:churn`` may lead to another Record after an update; the view of it is then another view.
"""

from __future__ import annotations

from fallline.core.canonical import digest
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import ViewSpec
from fallline.runs.stage import Reader


def viewed(spec: Spec) -> tuple[str, ...]:
    """Returns the names of the Records that a Spec looks at; none for a Spec that computes from data.

    >>> from fallline.runs.spec import load_spec
    >>> viewed(load_spec({"kind": "comparison"}))
    ('shipped:churn', 'shipped:churn-random')
    """
    return tuple(getattr(spec, field) for field in spec.looks_at) if isinstance(spec, ViewSpec) else ()


def viewed_sha256(spec: Spec, read: Reader) -> str:
    """Returns a digest of the keys of the Records that a Spec looks at; empty when it looks at none.

    Same key, same `result`: the keys stand for what the Records hold, and cost nothing to read.

    Raises:
        NotFound: there is no such Record.
    """
    keys = [read(name).key for name in viewed(spec)]
    return digest(keys) if keys else ""
