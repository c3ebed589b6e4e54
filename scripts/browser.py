"""The browser that the tests drive: an installed one, else Debian's, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from scripts import apt

VARIABLE = "FALLLINE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def runs(path: str | None) -> bool:
    """Whether it is a browser that starts at all: Ubuntu's `chromium-browser` may be a stub that only advises."""
    if not path:
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def find() -> str | None:
    """Returns the path of a browser that is here already, the one that FALLLINE_CHROMIUM names first."""
    candidates = [os.environ.get(VARIABLE), *map(shutil.which, NAMES), *APPLICATIONS, playwrights_own()]
    return next((path for path in candidates if runs(path)), None)


def playwrights_own() -> str | None:
    """Returns where Playwright keeps the browser that it downloaded, if it did."""
    script = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def provide() -> str:
    """Finds a browser or installs one; leaves the program with a sentence when it can do neither."""
    path = find()
    if path is None and apt.available() and apt.install("chromium"):
        path = find()
    if path is None:
        print("Installing Playwright's Chromium.", flush=True)
        extra = ["--with-deps"] if apt.available() else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *extra, "chromium"], check=False)
        path = find()
    if path is None:
        raise SystemExit(
            "The tests drive a browser and found none. Install Chromium or Chrome, "
            f"or set {VARIABLE} to the path of one, then run `make test` again."
        )
    return path
