"""`fallline serve`: the course in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    host: Annotated[
        str, typer.Option(help="Interface to listen on; others than loopback need a login to come.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
    content: Annotated[Path | None, typer.Option(help="Another course content directory.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the course in the browser.")] = True,
    dates: Annotated[bool, typer.Option("--dates", help="Hold to the calendar; else go at your own pace.")] = False,
) -> None:
    """Open the course: fourteen weeks, labs, capstone, records, gradebook. Everything stays on this machine."""
    import threading
    import webbrowser

    import uvicorn

    from fallline.cli.environment import database, home
    from fallline.cli.port import bind
    from fallline.cli.site import open_site

    listening = bind(host, port)
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{listening.getsockname()[1]}/"
    with database() as opened, open_site(opened, home(), content, dates=dates) as app:
        print(f"Fall Line is open at {address}")
        print(f"  what you do is kept in {home()}; nothing leaves this machine. Ctrl-C closes it.", flush=True)
        if browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
        uvicorn.Server(config).run(sockets=[listening])
