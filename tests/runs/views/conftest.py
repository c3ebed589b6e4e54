"""What the tests of views ask: a Record that comes with the course, looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.spec import load_spec

View = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def view() -> View:
    """Runs a view and returns its part."""

    def look(kind: str, **asked: Any) -> dict[str, Any]:
        part: dict[str, Any] = answer(load_spec({"kind": kind, **asked})).part(kind)
        return part

    return look
