"""The first lab under a class: 200 students who each move a slider once a second, on one worker.

The site runs in a process of its own and tells its CPU time; the students are raw keep-alive connections, so that the
load costs little beside what it measures. Two rounds: every position new (nothing is found again), and twenty positions
that many look at.
"""

from __future__ import annotations

import asyncio
import math
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.figure import Figure
from benchmarks.measure import median, percentile

STUDENTS = 200
SECONDS, QUICK_SECONDS = 10.0, 4.0
LAB = "/labs/playground/answer"
CPU = "/benchmark/cpu"


@dataclass(frozen=True)
class Load:
    """What a class saw.

    Attributes:
        asked: the address of each request and its seconds.
        cpu: seconds that the site computed.
    """

    asked: list[tuple[str, float]]
    cpu: float

    @property
    def latencies(self) -> list[float]:
        """The seconds of each request."""
        return [seconds for _, seconds in self.asked]

    @property
    def each(self) -> float:
        """Milliseconds that the site computed for a request."""
        return self.cpu / len(self.asked) * 1000


def figures(quick: bool) -> list[Figure]:
    """Measures the playground."""
    with served() as port:
        return asyncio.run(measured(port, QUICK_SECONDS if quick else SECONDS))


@contextmanager
def served() -> Iterator[int]:
    """Runs the site in a process of its own; yields its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    site = subprocess.Popen([sys.executable, "-m", "benchmarks.playground", str(port)])
    try:
        yield port
    finally:
        site.terminate()
        site.wait()


async def measured(port: int, seconds: float) -> list[Figure]:
    """Lets the class work on a running site, then looks at it in a browser."""
    await until_it_answers(port)
    shown = await moved_in_browser(port, 20 if seconds < SECONDS else 60)
    draw = random.Random(1)  # noqa: S311 - a load, not a secret
    popular = [query(draw) for _ in range(20)]
    alone = await work(port, 1, seconds / 2, lambda: query(draw), pause=0.02)
    new = await work(port, STUDENTS, seconds, lambda: query(draw))
    again = await work(port, STUDENTS, seconds, lambda: draw.choice(popular))
    crowd = f"{STUDENTS} students at 1 change/s, one worker, loopback"
    return [
        Figure("slider to picture in Chromium, p50", median(shown), "ms"),
        Figure(
            "slider to picture in Chromium, p95", percentile(shown, 0.95), "ms", "<= 100", "one student, new positions"
        ),
        Figure("one student, new position, p50", median(alone.latencies) * 1000, "ms"),
        Figure("class, new positions, p50", median(new.latencies) * 1000, "ms", "", crowd),
        Figure("class, new positions, p95", percentile(new.latencies, 0.95) * 1000, "ms", "<= 100", crowd),
        Figure("class, new positions, server CPU", new.each, "ms/request", "<= 3", crowd),
        Figure("class, new positions, answered", len(new.latencies) / seconds, "requests/s", ">= 180", crowd),
        Figure("class, known positions, p95", percentile(again.latencies, 0.95) * 1000, "ms", "<= 100", crowd),
        Figure("class, known positions, server CPU", again.each, "ms/request", "<= 3", crowd),
    ]


MOVE = """async (count) => {
  const section = document.querySelector("[data-lab]");
  const slider = section.querySelector("[data-knob=rate] [data-slider]");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  for (let move = 0; move < count; move += 1) {
    const drawn = new Promise((done) => section.addEventListener("drawn", done, { once: true }));
    const began = performance.now();
    slider.stepDown();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    await frame();
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 120));
  }
  return times;
}"""


async def moved_in_browser(port: int, moves: int) -> list[float]:
    """Moves the learning rate in a real browser; returns the milliseconds from each move to its picture."""
    from playwright.async_api import async_playwright

    from scripts import browser

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=browser.find(), args=arguments)
        page = await started.new_page()
        await page.goto(f"http://127.0.0.1:{port}/labs/playground?rate=0.05", wait_until="networkidle")
        await page.evaluate(MOVE, 5)
        times: list[float] = await page.evaluate(MOVE, moves)
        await started.close()
    return times


def query(draw: random.Random) -> str:
    """Draws the address of a position of the knobs that hardly anyone else has."""
    x, y = draw.uniform(-4, 4), draw.uniform(-2, 2)
    return f"{LAB}?rate={10 ** draw.uniform(-3, -1):.4g}&beta={draw.uniform(0, 0.99):.2f}&start={x:.3f},{y:.3f}"


async def work(port: int, students: int, seconds: float, ask: Callable[[], str], pause: float = 1.0) -> Load:
    """Lets so many students ask, each once per `pause`, for so long."""
    before = await cpu(port)
    end = time.perf_counter() + seconds
    found = await asyncio.gather(
        *(student(port, end, ask, pause, pause * number / students) for number in range(students))
    )
    return Load([request for each in found for request in each], await cpu(port) - before)


async def student(port: int, end: float, ask: Callable[[], str], pause: float, late: float) -> list[tuple[str, float]]:
    """One connection that asks, waits and asks again; changes during a long answer are dropped, as on the page."""
    await asyncio.sleep(late)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = []
    due = time.perf_counter()
    while due < end:
        began = time.perf_counter()
        address = ask()
        await fetched(reader, writer, address)
        asked.append((address, time.perf_counter() - began))
        due += pause * max(1, math.ceil((time.perf_counter() - due) / pause))
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    writer.close()
    return asked


async def fetched(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    """Sends one request and reads its answer."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if " 200 " not in status:
        raise RuntimeError(f"{path}: {status}")
    fields = dict(line.lower().split(": ", 1) for line in lines if line)
    return await reader.readexactly(int(fields["content-length"]))


async def cpu(port: int) -> float:
    """Asks the site for its CPU seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = await fetched(reader, writer, CPU)
    writer.close()
    return float(body)


async def until_it_answers(port: int) -> None:
    """Waits for the site, and lets it compile what it compiles once."""
    for _ in range(600):
        try:
            await cpu(port)
            break
        except OSError:
            await asyncio.sleep(0.1)
    await work(port, 1, 1.0, lambda: LAB, pause=0.1)


def serve(port: int) -> None:
    """Runs the site with the course and nothing else: a lab's answer needs no storage."""
    import uvicorn
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from fallline.core.person import LOCAL
    from fallline.course.content import load_course
    from fallline.web.app import create_app
    from fallline.web.services import Services

    nothing = cast("Any", None)
    notebook = cast("Any", SimpleNamespace(note=lambda *_: None, keep_note=lambda *_: None))
    with TemporaryDirectory() as home:
        services = Services(
            course=load_course(),
            ledger=nothing,
            queue=nothing,
            roster=nothing,
            notebook=notebook,
            home=Path(home),
            clock=time.time,
            person=lambda _: LOCAL,
            version="benchmark",
        )
        app = create_app(services)
        app.router.routes.insert(0, Route(CPU, lambda _: PlainTextResponse(str(time.process_time()))))
        uvicorn.run(app, port=port, log_level="error", ws="none", lifespan="off", access_log=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
