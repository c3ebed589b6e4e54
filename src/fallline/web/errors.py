"""Errors: what went wrong, why, and what to do, as a page or as JSON for a script that asked for it.

What is another's and what does not exist get the same answer, byte for byte.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from fallline.core.errors import Conflict, DataError, FallLineError, NotFound, SpecError, Unavailable
from fallline.web.render import render

STATUS: dict[type[FallLineError], int] = {
    NotFound: 404,
    SpecError: 400,
    DataError: 400,
    Conflict: 409,
    Unavailable: 503,
    FallLineError: 400,
}
"""Our error → status; the first that fits."""

WHAT: dict[int, tuple[str, str, str]] = {
    400: ("That cannot be read", "Something in the request is not what this page expects.", "Go back and correct it."),
    403: ("That is not allowed", "This request may not do what it asks.", "Go back to the page you came from."),
    404: (
        "Nothing is here",
        "There is no page at this address, or it belongs to somebody else.",
        "Check the address, or start from the course.",
    ),
    405: ("Not this way", "This address does not take that kind of request.", "Open it from its own page."),
    409: ("Too late, or twice", "What you sent meets something newer.", "Look at what is kept, then decide."),
    413: ("That is too large", "What was sent is larger than this page takes.", "Send a smaller file."),
    500: (
        "Fall Line made a mistake",
        "The server met something that it did not expect. Nothing you had kept is lost.",
        "Try again; if it stays, the server's log has the cause.",
    ),
    503: ("Not available here", "This needs a tool that is not installed.", "Install it and start again."),
}
"""Status → what happened, why, what to do."""


def error_response(request: Request, status: int, why: str = "") -> Response:
    """Writes an error as JSON where the request asks for that, else as a page."""
    unknown = (HTTPStatus(status).phrase, "The request could not be answered.", "Go back.")
    what, reason, remedy = WHAT.get(status, unknown)
    if wants_json(request):
        return JSONResponse({"error": what, "why": why or reason, "todo": remedy}, status)
    # the same bytes for every address: the line at the top marks no place
    page = {"path": "", "what": what, "why": why or reason, "todo": remedy, "code": status}
    return render(request, "error.html", status=status, **page)


def wants_json(request: Request) -> bool:
    """Tells whether a script asks: it says so in Accept."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


async def on_http(request: Request, error: Exception) -> Response:
    """Answers what the framework refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    detail = "" if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail)
    response = error_response(request, error.status_code, "" if error.status_code == 404 else detail)
    response.headers.update(error.headers or {})
    return response


async def on_ours(request: Request, error: Exception) -> Response:
    """Answers an error that Fall Line explains."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return error_response(request, status, "" if status == 404 else str(error))


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answers a query or form that does not fit."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return error_response(request, 400, f"{where}: {first['msg']}.")


async def on_unexpected(request: Request, _error: Exception) -> Response:
    """Answers a fault of our own; the cause goes to the server's log, not to the page."""
    return error_response(request, 500)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    """Answers what the guard at the door refuses."""
    await error_response(Request(scope), status, why)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Makes the app answer every error in this way."""
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(FallLineError, on_ours)
    app.add_exception_handler(Exception, on_unexpected)
