"""What a page says when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from fallline.core.errors import Conflict, DataError, FallLineError, NotFound, SpecError, Unavailable
from fallline.web.app import create_app
from fallline.web.errors import STATUS, on_ours, on_unexpected
from fallline.web.services import Services


def asked(services: Services, accept: str = "text/html") -> Request:
    """A request as a handler sees it."""
    headers = [(b"accept", accept.encode())]
    app = create_app(services)
    return Request({"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": headers, "app": app})


@pytest.mark.parametrize(
    "path", ["/nothing", "/weeks/99", "/labs/nothing", "/labs/nothing/answer", "/labs/playground/x"]
)
def test_what_is_not_there_always_looks_the_same(client: httpx.Client, path: str) -> None:
    """A missing page, week and lab give the same bytes: the answer tells nothing about what exists."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content == client.get("/another").content
    assert "Nothing is here" in answer.text


def test_a_script_gets_json(client: httpx.Client) -> None:
    """Who asks for JSON reads what, why and what to do as JSON."""
    answer = client.get("/labs/nothing", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "why", "todo"}


def test_a_number_that_is_none_is_explained(client: httpx.Client) -> None:
    """A week that is not a number gets a sentence, not a trace."""
    answer = client.get("/weeks/three")
    assert answer.status_code == 400
    assert "number" in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("secret"), 404),
        (SpecError("rate", -1, "a number above 0"), 400),
        (DataError("Row 3 is odd."), 400),
        (Conflict("Too late."), 409),
        (Unavailable("pip install x"), 503),
        (FallLineError("No."), 400),
    ],
)
def test_our_errors_keep_their_sentence(
    services: Services, apart: Callable[..., Any], error: FallLineError, status: int
) -> None:
    """Each of our errors has its status; its sentence is shown, except where it would tell what exists."""
    answer = apart(on_ours(asked(services), error))
    assert answer.status_code == status
    assert (str(error).replace("'", "&#39;") in bytes(answer.body).decode()) == (status != 404)


def test_every_kind_of_our_errors_has_a_status() -> None:
    """A new subclass of our error is answered at least as bad input, never as a fault."""
    assert list(STATUS)[-1] is FallLineError


def test_a_fault_of_ours_tells_no_cause(services: Services, apart: Callable[..., Any]) -> None:
    """An unexpected error gets a page that blames us and shows nothing of the inside."""
    answer = apart(on_unexpected(asked(services), RuntimeError("password=x")))
    assert answer.status_code == 500
    assert b"password" not in bytes(answer.body)
    assert b"Fall Line made a mistake" in bytes(answer.body)


def test_a_wrong_method_is_refused(client: httpx.Client) -> None:
    """A page that is only read cannot be written to."""
    answer = client.put("/help", headers={"origin": str(client.base_url).rstrip("/")})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
