"""The service against a bare FastAPI + ONNX Runtime handler: the same model, the same rows, turn by turn."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from typing import Any

from fastapi import FastAPI, Request

from benchmarks.figure import Figure
from benchmarks.measure import median

CROWD = 32
ROUNDS, QUICK_ROUNDS = 15, 5
REQUESTS = 400
RECORD = "churn"


def figures(quick: bool) -> list[Figure]:
    """Measures both services with one connection and with many."""
    ports = {kind: free() for kind in ("ours", "bare")}
    started = [subprocess.Popen([sys.executable, "-m", "benchmarks.deploy", kind, str(ports[kind])]) for kind in ports]
    try:
        return asyncio.run(measured(ports, QUICK_ROUNDS if quick else ROUNDS))
    finally:
        for each in started:
            each.terminate()
            each.wait()


async def measured(ports: dict[str, int], rounds: int) -> list[Figure]:
    """Lets both answer in turns; ratios are of the same round."""
    body = json.dumps({"rows": [row()]}).encode()
    for port in ports.values():
        await until_it_answers(port, body)
    found = []
    for connections in (1, CROWD):
        rates: dict[str, list[float]] = {kind: [] for kind in ports}
        waits: dict[str, list[float]] = {kind: [] for kind in ports}
        for number in range(rounds):
            for kind in list(ports)[:: 1 if number % 2 else -1]:
                seconds, each = await asked(ports[kind], body, connections)
                rates[kind].append(len(each) / seconds)
                waits[kind].append(median(each) * 1000)
        ratio = median([ours / bare for ours, bare in zip(rates["ours"], rates["bare"], strict=True)])
        how = f"{connections} connection{'s' if connections > 1 else ''}, keep-alive, one row a request"
        against = f"a bare FastAPI + ONNX Runtime handler; {how}"
        found += [
            Figure("requests per second", median(rates["ours"]), "1/s", "", how),
            Figure("requests per second, ratio", ratio, "", ">= 0.9", against),
            Figure("p50", median(waits["ours"]), "ms", "< 2" if connections == 1 else "", how),
        ]
    return found


async def asked(port: int, body: bytes, connections: int) -> tuple[float, list[float]]:
    """Sends the requests over so many connections; returns seconds in all, and of each."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    began = time.perf_counter()
    each = await asyncio.gather(*(repeated(*pair, body, REQUESTS // connections) for pair in opened))
    seconds = time.perf_counter() - began
    for _, writer in opened:
        writer.close()
    return seconds, [wait for waits in each for wait in waits]


async def repeated(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, times: int) -> list[float]:
    """Asks again and again on one connection."""
    head = f"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    request = head.encode() + b"Content-Type: application/json\r\n\r\n" + body
    waits = []
    for _ in range(times):
        began = time.perf_counter()
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        content = await reader.readexactly(length)
        waits.append(time.perf_counter() - began)
        if b" 200 " not in answer.splitlines()[0]:
            raise RuntimeError(content.decode())
    return waits


async def until_it_answers(port: int, body: bytes) -> None:
    """Waits for a service and warms it."""
    for _ in range(600):
        try:
            await asked(port, body, 1)
            break
        except OSError:
            await asyncio.sleep(0.1)


def free() -> int:
    """Finds a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def served() -> Any:
    """The model of the shipped Record."""
    from fallline.deploy.model import ServedModel
    from fallline.runs.shipped import shipped_bytes, shipped_record

    return ServedModel.of(shipped_record(RECORD), shipped_bytes)


def row() -> dict[str, object]:
    """One customer with every column that the model reads."""
    return {column.name: column.levels[0] if column.kind == "word" else 12.0 for column in served().columns}


def bare() -> Any:
    """What one writes by hand: pydantic-free, unchecked, no metrics; one handler around one session."""
    import numpy as np
    import onnxruntime

    model = served()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.onnx, options, providers=["CPUExecutionProvider"])
    kinds = {column.name: object if column.kind == "word" else np.float32 for column in model.columns}
    app = FastAPI()

    @app.post("/predict")
    async def predict(request: Request) -> dict[str, Any]:
        rows = (await request.json())["rows"]
        inputs = {
            name: np.array([row[name] for row in rows], dtype=kind).reshape(-1, 1) for name, kind in kinds.items()
        }
        probability = session.run(["probability"], inputs)[0].reshape(-1)
        return {"predictions": [{"probability": float(p), "act": bool(p >= model.threshold)} for p in probability]}

    return app


def serve(kind: str, port: int) -> None:
    """Runs one of the two."""
    import uvicorn

    from fallline.deploy.app import create_service

    app = create_service(served()) if kind == "ours" else bare()
    uvicorn.run(app, port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
