"""Runs pip so that a person sees that it works: one short line a package, and a sign of life when it is silent."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

FETCHED = re.compile(r"^\s*(?:Downloading|Using cached) (?:\S*/)?([A-Za-z0-9_.]+?)-(\d[^-\s]*)-\S+\.whl \(([^)]+)\)")
LOCAL = re.compile(r"^\s*Processing (?:\S*/)([A-Za-z0-9_.]+?)-(\d[^-\s]*)-\S+\.whl")
UNPACKING = re.compile(r"^Installing collected packages: (.*)$")
SILENCE = 15.0  # seconds


def line(text: str, count: int) -> str | None:
    """Says one line of pip's in short, or nothing when it is of no interest to a person.

    >>> line("  Downloading numpy-2.4.1-cp311-cp311-manylinux_2_27_x86_64.whl (16.6 MB)", 12)
    '      12  numpy 2.4.1, 16.6 MB'
    >>> line("Installing collected packages: a, b, c", 3)
    '          unpacking 3 packages'
    >>> line("Requirement already satisfied: numpy", 3)
    """
    if found := FETCHED.match(text):
        return f"     {count:>3}  {found[1]} {found[2]}, {found[3]}"
    if found := LOCAL.match(text):
        return f"     {count:>3}  {found[1]} {found[2]}"
    if found := UNPACKING.match(text):
        return f"          unpacking {len(found[1].split(','))} packages"
    return None


def install(python: Path, arguments: Sequence[str], log: Path) -> None:
    """Runs `pip install`; on failure shows the end of what pip said and leaves the program.

    Args:
        python: of the environment to install into.
        arguments: what follows `pip install`.
        log: all that pip said is appended here.
    """
    command = [str(python), "-m", "pip", "install", "--progress-bar", "off", "--no-input", *arguments]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1"}
    said: list[str] = []
    count = 1
    with (
        log.open("a", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running,
    ):
        for text in lines(running):
            kept.write(text)
            said.append(text)
            short = line(text, count)
            if short:
                print(short, flush=True)
                count += short.strip()[0].isdigit()
    if running.returncode:
        raise SystemExit(
            "".join(said[-25:])
            + f"\npip could not install this (all it said is in {log}). Read its last lines above; when the network "
            "was the reason, run the same command again: what was fetched is kept."
        )


def lines(running: subprocess.Popen[str]) -> Iterator[str]:
    """Yields what the process prints, and meanwhile tells the person how long it has been silent."""
    waiting: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for text in running.stdout or ():
            waiting.put(text)
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    began = time.monotonic()
    while True:
        try:
            text = waiting.get(timeout=SILENCE)
        except queue.Empty:
            print(f"          still at work, {time.monotonic() - began:.0f} s", flush=True)
            continue
        if text is None:
            return
        yield text
