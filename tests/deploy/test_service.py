"""The service: says what the model said offline, and answers every mistake with a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from fallline.core.errors import FallLineError
from fallline.deploy.app import create_service
from fallline.deploy.model import ServedModel


@pytest.fixture
def client(exported: Any) -> TestClient:
    """The service of the small churn model."""
    return TestClient(create_service(exported.model), raise_server_exceptions=False)


def test_predict_equals_the_offline_prediction_on_every_test_row(client: TestClient, exported: Any) -> None:
    """What is served is what was evaluated, to 1e-5."""
    reply = client.post("/predict", json={"rows": exported.rows()}).json()
    served = np.array([each["probability"] for each in reply["predictions"]])
    assert np.abs(served - exported.probabilities).max() <= 1e-5
    acted = [each["act"] for each in reply["predictions"]]
    assert acted == (served >= np.float32(exported.model.threshold)).tolist()


def test_the_open_inference_protocol_gives_the_same(client: TestClient, exported: Any) -> None:
    """A client of the protocol needs to know no more than the names of the columns."""
    rows = exported.rows()
    inputs = [
        {
            "name": column.name,
            "datatype": "BYTES" if column.kind == "word" else "FP32",
            "shape": [len(rows), 1],
            "data": [row[column.name] for row in rows],
        }
        for column in exported.model.columns
    ]
    name = exported.model.name
    reply = client.post(f"/v2/models/{name}/infer", json={"id": "7", "inputs": inputs}).json()
    probability = next(output for output in reply["outputs"] if output["name"] == "probability")
    assert reply["id"] == "7"
    assert probability["shape"] == [len(rows), 1]
    assert np.abs(np.array(probability["data"]) - exported.probabilities).max() <= 1e-5


def test_health_and_metadata_name_the_model(client: TestClient, exported: Any) -> None:
    """A load balancer and a client find what the protocol promises them."""
    name = exported.model.name
    assert client.get("/v2/health/live").status_code == 200
    assert client.get("/v2/health/ready").json()["ready"]
    assert client.get(f"/v2/models/{name}/ready").status_code == 200
    assert client.get("/v2/models/other/ready").status_code == 404
    about = client.get(f"/v2/models/{name}").json()
    assert {each["name"] for each in about["inputs"]} == {column.name for column in exported.model.columns}
    assert about["versions"] == ["small-1"]


def test_metrics_count_requests_and_rows(client: TestClient, exported: Any) -> None:
    """Prometheus reads what happened."""
    rows = exported.rows()[:5]
    client.post("/predict", json={"rows": rows})
    client.post("/predict", json={"rows": "none"})
    text = client.get("/metrics").text
    assert "fallline_rows_total 5.0" in text
    assert 'fallline_requests_total{status="200"} 1.0' in text
    assert 'fallline_requests_total{status="400"} 1.0' in text
    assert 'version="small-1"' in text


def test_missing_values_and_unseen_words_are_answered(client: TestClient, exported: Any) -> None:
    """A row with nothing in it, and one with words never seen, get a probability, as the model was trained to."""
    strange = {column.name: "never seen" if column.kind == "word" else None for column in exported.model.columns}
    reply = client.post("/predict", json={"rows": [{}, strange]})
    assert reply.status_code == 200
    assert all(0 < each["probability"] < 1 for each in reply.json()["predictions"])


def test_true_and_false_are_the_words_of_the_table(client: TestClient, exported: Any) -> None:
    """A boolean may be sent as JSON's own."""
    pairs = ({"no", "yes"}, {"0", "1"})
    column = next(each for each in exported.model.columns if {word.lower() for word in each.levels} in pairs)
    no, yes = sorted(column.levels, key=str.lower)
    row = exported.rows()[0]
    sent = [{**row, column.name: value} for value in (True, yes, False, no)]
    found = [each["probability"] for each in client.post("/predict", json={"rows": sent}).json()["predictions"]]
    assert found[0] == found[1]
    assert found[2] == found[3]


BAD: dict[str, tuple[Any, str]] = {
    "not JSON": (b"{", "JSON"),
    "no rows": (b"{}", "rows"),
    "empty rows": ({"rows": []}, "list of rows"),
    "rows of numbers": ({"rows": [1]}, "Row 0"),
    "unknown column": ({"rows": [{}, {"tenur": 3}]}, "Row 1: the model has no column 'tenur'. Did you mean 'tenure'"),
    "word for a number": ({"rows": [{"tenure": "long"}]}, "column 'tenure': 'long' is not a number"),
    "truth for a number": ({"rows": [{"tenure": True}]}, "column 'tenure'"),
    "list for a word": ({"rows": [{"contract": ["One year"]}]}, "column 'contract'"),
    "too many rows": ({"rows": [{}] * 10_001}, "10,001"),
    "a number too large": (b'{"rows": [{"tenure": 1e39}]}', "column 'tenure'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_get_one_sentence(client: TestClient, name: str) -> None:
    """Each mistake is answered with 400 and a sentence that names the place; nothing is a server error."""
    content, mentioned = BAD[name]
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    reply = client.post("/predict", content=body)
    assert reply.status_code == 400, reply.text
    assert mentioned in reply.json()["error"]


def test_inputs_of_different_lengths_are_refused(client: TestClient, exported: Any) -> None:
    """A tensor that does not fit the others or its own shape is named."""
    url = f"/v2/models/{exported.model.name}/infer"
    one = {"name": "tenure", "datatype": "FP32", "shape": [2, 1], "data": [1, 2]}
    other = {"name": "contract", "datatype": "BYTES", "shape": [1, 1], "data": ["One year"]}
    assert "different numbers of rows" in client.post(url, json={"inputs": [one, other]}).json()["error"]
    assert "shape" in client.post(url, json={"inputs": [{**one, "shape": [3, 1]}]}).json()["error"]
    assert client.post("/v2/models/none/infer", json={}).status_code == 404


def test_a_variant_that_is_not_there_is_named(exported: Any) -> None:
    """Asking for another variant lists those that exist."""
    with pytest.raises(FallLineError, match="fp32"):
        ServedModel.of(exported.record, exported.read, "int4")
