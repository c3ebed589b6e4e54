"""The service: FastAPI and ONNX Runtime, direct. Open Inference Protocol v2, a plain ``/predict``, health and metrics.

No batching: with a model of some 20 µs, HTTP and JSON are the time, and a batch window only adds to it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import numpy as np
import orjson
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.routing import Route

from fallline.core.errors import DataError
from fallline.deploy.model import ServedModel
from fallline.peers import onnxruntime

MAX_BYTES = 16 * 1024 * 1024
BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)

Inputs = dict[str, "np.ndarray[Any, Any]"]
Floats = np.ndarray[Any, np.dtype[np.float32]]
Marks = np.ndarray[Any, np.dtype[np.bool_]]


class _Metrics:
    """What Prometheus reads."""

    def __init__(self, model: ServedModel) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("fallline_requests_total", "Prediction requests.", ["status"], registry=self.registry)
        self.ended = {status: self.requests.labels(str(status)) for status in (200, 400)}
        self.rows = Counter("fallline_rows_total", "Rows predicted.", registry=self.registry)
        self.acted = Counter("fallline_acted_total", "Rows at or above the threshold.", registry=self.registry)
        self.seconds = Histogram(
            "fallline_request_seconds", "Time in the handler.", buckets=BUCKETS, registry=self.registry
        )
        info = Gauge("fallline_model_info", "The model served.", ["name", "version"], registry=self.registry)
        info.labels(model.name, model.version).set(1)


def create_service(model: ServedModel) -> FastAPI:
    """Returns the service of one model.

    Args:
        model: what to serve; its graph is loaded once, here.
    """
    app = FastAPI(title=f"{model.title} · {model.version}", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    session = onnxruntime.session(model.onnx)
    metrics = _Metrics(model)

    def predict(inputs: Inputs) -> tuple[Floats, Marks]:
        probability = session.run(["probability"], inputs)[0].reshape(-1)
        acted = probability >= np.float32(model.threshold)
        metrics.rows.inc(len(probability))
        metrics.acted.inc(int(acted.sum()))
        return probability, acted

    async def answer(request: Request, read: Callable[[Any], Inputs], write: Callable[..., Any]) -> Response:
        began = time.perf_counter()
        try:
            content = read(_body(await request.body()))
            status, reply = 200, write(*predict(content))
        except DataError as error:
            status, reply = 400, {"error": str(error)}
        metrics.ended[status].inc()
        metrics.seconds.observe(time.perf_counter() - began)
        return _json(reply, status)

    _add_health(app, model, metrics)
    _add_predictions(app, model, answer)
    return app


Answer = Callable[[Request, Callable[[Any], Inputs], Callable[..., Any]], Awaitable[Response]]


def _add_predictions(app: FastAPI, model: ServedModel, answer: Answer) -> None:
    """Adds the two routes that predict.

    They are plain routes: solving a function's parameters takes the framework longer than the model takes to answer.
    """

    async def predict_rows(request: Request) -> Response:
        """Takes ``{"rows": [{column: value, …}, …]}``; gives probability and decision per row."""
        return await answer(request, lambda body: model.from_rows(_field(body, "rows")), partial(_rows, model))

    async def infer(request: Request) -> Response:
        """Open Inference Protocol v2: inputs by column, outputs ``probability`` and ``act``."""
        name, version = request.path_params["name"], request.path_params.get("version", "")
        if name != model.name or version not in {"", model.version}:
            return _json({"error": f"No model {name!r} here; this service serves {model.name!r}."}, 404)
        asked: list[Any] = [None]

        def read(body: Any) -> Inputs:
            asked[0] = body.get("id") if isinstance(body, dict) else None
            return model.from_tensors(_field(body, "inputs"))

        return await answer(request, read, lambda chances, acted: _tensors(model, chances, acted, asked[0]))

    for path, handler in (
        ("/predict", predict_rows),
        ("/v2/models/{name}/infer", infer),
        ("/v2/models/{name}/versions/{version}/infer", infer),
    ):
        app.router.routes.append(Route(path, handler, methods=["POST"]))


def _rows(model: ServedModel, probability: Floats, acted: Marks) -> dict[str, Any]:
    """The reply of ``/predict``."""
    return {
        "model": model.name,
        "version": model.version,
        "positive": model.positive,
        "threshold": model.threshold,
        "predictions": [
            {"probability": chance, "act": act}
            for chance, act in zip(probability.tolist(), acted.tolist(), strict=True)
        ],
    }


def _tensors(model: ServedModel, probability: Floats, acted: Marks, asked: Any) -> dict[str, Any]:
    """The reply of the Open Inference Protocol."""
    shape = [len(probability), 1]
    reply: dict[str, Any] = {
        "model_name": model.name,
        "model_version": model.version,
        "outputs": [
            {"name": "probability", "datatype": "FP32", "shape": shape, "data": probability.tolist()},
            {"name": "act", "datatype": "BOOL", "shape": shape, "data": acted.tolist()},
        ],
    }
    return reply | ({"id": asked} if asked is not None else {})


def _add_health(app: FastAPI, model: ServedModel, metrics: _Metrics) -> None:
    @app.get("/v2/health/live")
    @app.get("/v2/health/ready")
    @app.get("/v2/models/{name}/ready")
    async def healthy(name: str = "") -> Response:
        """Whether the process lives and its model is loaded."""
        known = name in {"", model.name}
        return _json({"live": True, "ready": known, "model": model.name}, 200 if known else 404)

    @app.get("/v2")
    async def server() -> Response:
        """What this server is."""
        return _json({"name": "fallline", "version": model.version, "extensions": []}, 200)

    @app.get("/v2/models/{name}")
    async def metadata(name: str) -> Response:
        """What the model takes and gives."""
        if name != model.name:
            return _json({"error": f"No model {name!r} here; this service serves {model.name!r}."}, 404)
        inputs = [
            {"name": column.name, "datatype": "BYTES" if column.kind == "word" else "FP32", "shape": [-1, 1]}
            for column in model.columns
        ]
        outputs = [
            {"name": "probability", "datatype": "FP32", "shape": [-1, 1]},
            {"name": "act", "datatype": "BOOL", "shape": [-1, 1]},
        ]
        return _json(
            {"name": name, "versions": [model.version], "platform": "onnx", "inputs": inputs, "outputs": outputs}, 200
        )

    @app.get("/metrics")
    async def prometheus() -> Response:
        """Counters and times for Prometheus."""
        return Response(generate_latest(metrics.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


def _body(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise DataError(f"The request has {len(content):,} bytes; send at most {MAX_BYTES:,}.")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise DataError(f"The request is not JSON: {error}.") from None


def _field(body: Any, name: str) -> Any:
    if not isinstance(body, dict) or name not in body:
        raise DataError(f'Send an object with the key "{name}".')
    return body[name]


def _json(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")
