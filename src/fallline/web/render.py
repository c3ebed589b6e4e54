"""Render: the one Jinja environment. Templates of a page live beside it, in its directory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from fallline.course.calendar import shown, until
from fallline.course.knob import Value, in_query
from fallline.figures.wording import number
from fallline.web.assets import Assets
from fallline.web.markdown import inline_html, to_html
from fallline.web.maths import mathml

NAVIGATION = (
    ("Course", "/"),
    ("Capstone", "/capstone"),
    ("Records", "/records"),
    ("Gradebook", "/gradebook"),
    ("Syllabus", "/syllabus"),
    ("Help", "/help"),
)


@cache
def environment() -> Environment:
    """Builds the environment: everything is escaped, an unknown name is an error."""
    loader = ChoiceLoader([PackageLoader("fallline.web", "templates"), PackageLoader("fallline.web", "pages")])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {
        "markdown": to_html,
        "inline": inline_html,
        "math": mathml,
        "number": number,
        "moment": shown,
        "until": until,
    }
    made.filters |= {"query": in_query, "as_query": as_query}
    made.globals |= {"navigation": NAVIGATION}
    return made


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Writes a page.

    Args:
        request: what is answered; the template sees its path as ``path``.
        template: ``directory/file.html`` of the page, or a file of ``templates/``.
        status: of the response.
        **context: names for the template.
    """
    assets: Assets = request.app.state.assets
    shared = {
        "asset": assets.url,
        "has_asset": assets.files.__contains__,
        "path": request.url.path,
        "version": request.app.state.services.version,
    }
    return HTMLResponse(environment().get_template(template).render(shared | context), status)


def as_query(values: Mapping[str, Value]) -> str:
    """Writes values of knobs as a query string.

    >>> as_query({"rate": 0.03, "start": (-2.0, 1.5)})
    'rate=0.03&start=-2,1.5'
    """
    return urlencode({name: in_query(value) for name, value in values.items()}, safe=",")
