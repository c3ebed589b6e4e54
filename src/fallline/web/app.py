"""The site: one application made of pages, each a directory under ``pages/`` whose name is its address."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from fallline.web import errors
from fallline.web.assets import Assets
from fallline.web.pages import PAGES
from fallline.web.pages.home.slope import terrain
from fallline.web.pages.labs.answering import Answers
from fallline.web.pages.labs.page import ANSWER
from fallline.web.pages.labs.shelf import Shelf
from fallline.web.pages.weeks.lesson import Lessons
from fallline.web.security import Security
from fallline.web.services import Services


def create_app(services: Services) -> FastAPI:
    """Builds the site.

    Args:
        services: everything the pages may reach.

    Returns:
        the ASGI application; it opens nothing by itself.
    """
    guard = Middleware(Security, hosts=services.hosts, refuse=errors.refuse)
    app = FastAPI(title="Fall Line", version=services.version, openapi_url=None, middleware=[guard])
    app.state.services = services
    app.state.assets = Assets(terrain(len(services.course.weeks)))
    app.state.answers = Answers(Shelf())
    app.state.lessons = Lessons(services.course)
    app.router.routes.insert(0, ANSWER)
    app.router.routes.append(Route("/static/{digest}/{name:path}", app.state.assets.serve, methods=["GET", "HEAD"]))
    for router in PAGES.values():
        app.include_router(router)
    errors.install(app)
    return app
