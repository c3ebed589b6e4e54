"""Assets: scripts, styles and fonts under a URL that holds the digest of them all, so that browsers keep them for good.

One digest for the tree, not one per file: modules and styles may then refer to one another by relative paths.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fallline.web.palette import stylesheet

TEXT = ("text/", "application/json", "image/svg+xml", "application/javascript")
FOREVER = "public, max-age=31536000, immutable"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True)
class Asset:
    """One file of the site.

    Attributes:
        content: its bytes.
        media: its media type.
    """

    content: bytes
    media: str

    @cached_property
    def tag(self) -> str:
        """Its ETag."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:20]}"'

    @cached_property
    def zipped(self) -> bytes | None:
        """The gzipped bytes, or None where that saves nothing."""
        return gzip.compress(self.content, 6, mtime=0) if self.media.startswith(TEXT) else None


class Assets:
    """All files under ``static/``, and those made in Python.

    Args:
        made: name → content, besides ``palette.css``.

    >>> assets = Assets()
    >>> assets.url("palette.css").startswith("/static/")
    True
    """

    def __init__(self, made: Mapping[str, bytes] | None = None) -> None:
        found = dict(walk(files("fallline.web") / "static", ""))
        found |= {"palette.css": stylesheet().encode(), **(made or {})}
        self.files = {name: Asset(content, media_type(name)) for name, content in sorted(found.items())}
        whole = hashlib.sha256()
        for name, asset in self.files.items():
            whole.update(f"{name}\0{asset.tag}\0".encode())
        self.digest = whole.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Returns where a file is served.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self.files:
            raise KeyError(name)
        return f"/static/{self.digest}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answers ``/static/DIGEST/NAME``; an old digest gets today's file, to be asked for again next time."""
        asset = self.files.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        current = request.path_params["digest"] == self.digest
        headers = {"etag": asset.tag, "cache-control": FOREVER if current else "no-cache", "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=headers)
        content = asset.content
        if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content = asset.zipped
            headers["content-encoding"] = "gzip"
        return Response(content, media_type=asset.media, headers=headers)


def walk(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    """Lists the files of a folder and of those in it, by path."""
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        name = f"{prefix}{entry.name}"
        found.extend(walk(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_bytes())])
    return found


def media_type(name: str) -> str:
    """Returns the media type by the ending of a name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
