"""The guard at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers

from fallline.core.person import LOCAL
from fallline.web.security import BODY, HEADERS, Security, limited
from fallline.web.services import Services

FOREIGN = ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "a@localhost", "[", "localhost/x")
POSTED = "/labs/playground/prediction"


def here(headers: dict[str, str], client: httpx.Client) -> dict[str, str]:
    """Puts the site's own origin where a case says SITE."""
    return {name: value.replace("SITE", str(client.base_url).rstrip("/")) for name, value in headers.items()}


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused(client: httpx.Client, host: str) -> None:
    """A page elsewhere whose name was pointed at this machine gets nothing of the site."""
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "does not answer to the name" in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9999", "[::1]:80", "LOCALHOST"])
def test_loopback_names_are_answered(client: httpx.Client, host: str) -> None:
    """Every name of the loopback interface is the site's own, whatever the port."""
    assert client.get("/help", headers={"host": host}).status_code == 200


def test_a_configured_name_is_answered() -> None:
    """A name given when starting is the site's own, beside the loopback names."""
    guard = Security(None, ("Course.example",), None)  # type: ignore[arg-type]
    assert guard.refusal("GET", Headers({"host": "course.example"}), BODY) is None
    assert guard.refusal("GET", Headers({"host": "localhost"}), BODY) is None
    assert guard.refusal("GET", Headers({"host": "other.example"}), BODY) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9000"},
        {"origin": "SITE", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_an_unsafe_request_from_elsewhere_changes_nothing(
    client: httpx.Client, services: Services, headers: dict[str, str]
) -> None:
    """Without proof that the site's own page sent it, a POST is refused and nothing is kept."""
    answer = client.post(POSTED, data={"choice": "gd"}, headers=here(headers, client))
    assert answer.status_code == 403
    assert services.notebook.note(LOCAL, "prediction/playground") is None


@pytest.mark.parametrize("headers", [{"origin": "SITE"}, {"sec-fetch-site": "same-origin"}])
def test_the_sites_own_form_passes(client: httpx.Client, services: Services, headers: dict[str, str]) -> None:
    """A form of the site's own page is heard."""
    answer = client.post(POSTED, data={"choice": "gd"}, headers=here(headers, client))
    assert answer.status_code == 303
    assert services.notebook.note(LOCAL, "prediction/playground") == "gd"


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/x/base.css", "/labs/playground/answer"])
def test_every_answer_carries_the_headers(client: httpx.Client, path: str) -> None:
    """Pages, errors, files and data alike carry the policy; it allows nothing inline and nothing from elsewhere."""
    answer = client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    """More than a page takes is refused, with the size that it takes."""
    answer = client.post(POSTED, content=b"x" * (BODY + 1), headers=here({"origin": "SITE"}, client))
    assert answer.status_code == 413
    assert "2 MiB" in answer.text


def test_a_body_that_lies_about_its_length_is_cut(apart: Callable[..., Any]) -> None:
    """A body that goes on past the limit ends as a disconnect."""

    async def endless() -> dict[str, object]:
        return {"type": "http.request", "body": b"x" * 600, "more_body": True}

    async def two() -> list[str]:
        receive = limited(endless, 1000)
        return [(await receive())["type"], (await receive())["type"]]

    assert apart(two()) == ["http.request", "http.disconnect"]
