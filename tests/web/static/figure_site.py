"""A tiny server for the figure modules alone: strict policy, real palette, the gallery as JSON."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from fallline.web.palette import stylesheet

STATIC = Path(__file__).parents[3] / "src" / "fallline" / "web" / "static"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".json": "application/json"}

PAGE = """<!doctype html><html lang="en" {theme}><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/palette.css"><link rel="stylesheet" href="/vendor/fonts.css">
<link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/figure/figure.css">
<script type="module" src="/start.js"></script></head>
<body><main><h1>Figures</h1><div id="player"></div>{hosts}</main></body></html>"""

STYLE = """body { margin: 0; background: var(--paper); color: var(--ink); font: 16px Inter, sans-serif; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); }
main { gap: 40px; padding: 24px; }
h1, #player { grid-column: 1 / -1; margin: 0; font-size: 18px; } .host { min-width: 0; }
"""

START = """import { draw } from "/figure/figure.js";
import { player } from "/figure/player.js";
import { standalone } from "/figure/compose.js";
import { printPaint } from "/figure/sheet.js";
import * as ticks from "/figure/ticks.js";
import { extent } from "/figure/extent.js";
const figures = await (await fetch("/figures.json")).json();
const pictures = {};
for (const host of document.querySelectorAll(".host")) {
  const figure = figures[host.id];
  if (figure) pictures[host.id] = draw(host, figure);
}
const steps = Math.max(0, ...Object.values(pictures).map((picture) => picture.figure.steps));
const knobs = [];
addEventListener("knob", (event) => knobs.push(event.detail));
const playing = player(document.getElementById("player"), { steps, pictures: () => Object.values(pictures) });
Object.assign(window, { figures, pictures, playing, knobs, draw, standalone, printPaint, ticks, extent });
document.documentElement.dataset.ready = "yes";
"""


class Site(ThreadingHTTPServer):
    """Serves the modules and one page of figures; counts what it could not find."""

    daemon_threads = True

    def __init__(self, figures: dict[str, dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.figures = figures
        self.missing: list[str] = []

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def content(self, path: str) -> tuple[bytes, str] | None:
        """The body and media type at a path; None where nothing is."""
        name, _, query = path.partition("?")
        asked = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        if name == "/":
            ids = asked["ids"].split(",") if asked.get("ids") else list(self.figures)
            hosts = "".join(f'<div class="host" id="{name}"></div>' for name in ids)
            theme = f'data-theme="{asked["theme"]}"' if "theme" in asked else ""
            return PAGE.format(hosts=hosts, theme=theme).encode(), "text/html; charset=utf-8"
        made = {
            "/palette.css": stylesheet(),
            "/page.css": STYLE,
            "/start.js": START,
            "/figures.json": json.dumps(self.figures),
        }
        if name in made:
            return made[name].encode(), TYPES[Path(name).suffix]
        file = (STATIC / name.lstrip("/")).resolve()
        if file.is_relative_to(STATIC) and file.is_file():
            return file.read_bytes(), TYPES.get(file.suffix, "image/svg+xml")
        return None


class Answer(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self) -> None:
        """Answers with a file or 404, always under the policy."""
        found = self.server.content(self.path)  # type: ignore[attr-defined]
        if found is None:
            self.server.missing.append(self.path)  # type: ignore[attr-defined]
        body, media = found or (b"nothing here", "text/plain")
        self.send_response(200 if found else 404)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def plain(value: Any) -> Any:
    """Plain data as it travels: what is not finite becomes null."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def site(figures: dict[str, dict[str, Any]]) -> Iterator[Site]:
    """Serves figures while the block runs."""
    server = Site(figures)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
