"""Files of the site: found by digest, kept for good, never outside their folder."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from fallline.web.assets import Assets


def test_a_file_is_kept_for_good_under_todays_digest(client: httpx.Client) -> None:
    """The address holds the digest of all files, so a browser need never ask again."""
    address = re.search(r"/static/[0-9a-f]{16}/base.css", client.get("/help").text)
    assert address
    answer = client.get(address[0])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["content-encoding"] == "gzip"
    assert "--serif" in answer.text


def test_an_old_digest_gets_todays_file_but_not_for_good(client: httpx.Client) -> None:
    """A page from before an update still works, and asks again next time."""
    answer = client.get("/static/0000/base.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_a_file_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    """The ETag of a file answers 304 without a body."""
    tag = client.get("/static/0000/base.css").headers["etag"]
    again = client.get("/static/0000/base.css", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "none.css", "vendor", "/etc/hosts"])
def test_nothing_outside_the_folder_is_served(client: httpx.Client, name: str) -> None:
    """Only names that were found at the start are answered."""
    assert client.get(f"/static/0000/{name}", follow_redirects=True).status_code == 404


def test_one_changed_file_changes_the_digest() -> None:
    """Two trees that differ in one byte have different addresses."""
    assert Assets({"a.css": b"1"}).digest != Assets({"a.css": b"2"}).digest
    assert Assets({"a.css": b"1"}).digest == Assets({"a.css": b"1"}).digest


def test_fonts_are_not_compressed_twice() -> None:
    """Text is gzipped and says the same as the file; fonts are sent as they are."""
    files = Assets().files
    assert gzip.decompress(files["base.css"].zipped or b"") == files["base.css"].content
    fonts = [asset for name, asset in files.items() if name.endswith(".woff2")]
    assert fonts
    assert all(font.zipped is None and font.media == "font/woff2" for font in fonts)


def test_a_name_that_is_not_there_is_an_error_in_the_template() -> None:
    """A page that refers to a missing file fails loudly instead of linking to nothing."""
    with pytest.raises(KeyError):
        Assets().url("nothing.css")
