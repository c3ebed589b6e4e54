"""Security: what every request must pass and every response carries, as pure ASGI so that streams pass through.

- `Host` must be a loopback name or a configured one, so that a foreign page cannot reach the site by rebinding a name.
- An unsafe method must come from the site's own page: `Origin`, or `Sec-Fetch-Site` where the browser sends no Origin.
- A body is no longer than its page allows.
- A strict Content-Security-Policy: nothing is loaded from elsewhere, no script or style stands inline.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
BODY = 2 * 1024 * 1024
UPLOADS = {"/capstone": 512 * 1024 * 1024}
"""Path prefix → bytes, where more than `BODY` may be sent."""

Refuse = Callable[[Scope, Receive, Send, int, str], Awaitable[None]]


class Security:
    """The middleware.

    Args:
        app: what it guards.
        hosts: names besides loopback under which the site answers.
        refuse: writes an error page: ``await refuse(scope, receive, send, status, sentence)``.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], refuse: Refuse) -> None:
        self.app, self.refuse = app, refuse
        self.hosts = frozenset((*LOOPBACK, *(host.casefold() for host in hosts)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request pass or refuses it; adds the headers to whatever is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a report that travels alone carries a policy of its own
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        headers = Headers(scope=scope)
        limit = body_limit(scope["path"])
        refusal = self.refusal(scope["method"], headers, limit)
        if refusal:
            await self.refuse(scope, receive, guarded, *refusal)
            return
        await self.app(scope, limited(receive, limit), guarded)

    def refusal(self, method: str, headers: Headers, limit: int) -> tuple[int, str] | None:
        """Returns the status and sentence with which a request is refused, or None.

        >>> guard = Security(None, (), None)
        >>> guard.refusal("GET", Headers({"host": "evil.example"}), BODY)[0]
        400
        >>> guard.refusal("POST", Headers({"host": "localhost:8000", "origin": "http://evil.example"}), BODY)[0]
        403
        >>> guard.refusal("POST", Headers({"host": "localhost:8000", "origin": "http://localhost:8000"}), BODY)
        """
        host = headers.get("host", "")
        if host_name(host) not in self.hosts:
            return 400, (
                f"This site does not answer to the name {host[:80]!r}. "
                "Open it as localhost, or name the host when starting it."
            )
        if method not in SAFE and not same_origin(headers, host):
            return 403, (
                "This request came from another site's page, so nothing was changed. "
                "Go back to the page here and send it again."
            )
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limit:
            return (
                413,
                f"What was sent is larger than the {limit // 1024**2} MiB that this page takes. Nothing was kept.",
            )
        return None


def host_name(host: str) -> str:
    """Returns the name in a `Host` header, without its port; empty when it makes no sense.

    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000"), host_name("a@b")
    ('localhost', '::1', '')
    """
    if "@" in host or "/" in host:
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def same_origin(headers: Headers, host: str) -> bool:
    """Tells whether the site's own page sent the request: by Origin, else by Sec-Fetch-Site, else no."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return "sec-fetch-site" in headers
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.casefold() == host.casefold()


def body_limit(path: str) -> int:
    """Returns how many bytes may be sent to a path."""
    return next((limit for prefix, limit in UPLOADS.items() if path.startswith(prefix)), BODY)


def limited(receive: Receive, limit: int) -> Receive:
    """Wraps `receive`: a body that goes on past the limit, whatever its header said, ends as a disconnect."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > limit else message

    return counted
