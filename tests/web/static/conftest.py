"""A page of figures alone, in a browser that reports what it should not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.figures.gallery import GALLERY
from tests.figures.hostile import HOSTILE
from tests.web.static.figure_site import Site, plain, site

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def figures() -> Iterator[Site]:
    """Serves the gallery and the hostile figures."""
    with site({name: plain(make().to_dict()) for name, make in {**GALLERY, **HOSTILE}.items()}) as server:
        yield server


@pytest.fixture
def opened(browser: Browser, figures: Site) -> Iterator[Opened]:
    """Opens figures by id; fails at the end on a console message, a script error or a request to elsewhere."""
    contexts, faults = [], []

    def open_page(ids: str, theme: str = "light", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 1000}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda sent: None if is_own(sent.url, figures.url) else faults.append(sent.url))
        page.on("requestfailed", lambda sent: faults.append(f"{sent.url} {sent.failure}"))
        page.goto(f"{figures.url}?ids={ids}&theme={theme}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert figures.missing == []


def is_own(url: str, home: str) -> bool:
    """Whether a request stays on this site."""
    return url.startswith((home, "data:", f"blob:{home}"))
