"""`fallline deploy`: serve the model of a Record."""

from __future__ import annotations

from typing import Annotated

import typer


def deploy(
    record: Annotated[str, typer.Argument(help="The Record's id, or the start of it.", metavar="RECORD")],
    host: Annotated[str, typer.Option(help="Interface to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8080,
    variant: Annotated[str, typer.Option(help="Which variant; the Record's own choice when empty.")] = "",
) -> None:
    """Serve a Record's model over HTTP: Open Inference Protocol v2, /predict, health, Prometheus metrics."""
    import uvicorn

    from fallline.cli.environment import database
    from fallline.cli.find import find_record
    from fallline.cli.port import bind
    from fallline.deploy.app import create_service
    from fallline.deploy.model import ServedModel
    from fallline.runs.shipped import shipped_bytes
    from fallline.storage.ledger import SqlLedger

    with database() as opened:
        ledger = SqlLedger(opened)
        found = find_record(ledger, record)
        read = shipped_bytes if record.startswith("shipped:") else ledger.artifact
        model = ServedModel.of(found, read, variant)
    listening = bind(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}"
    print(f"Serving {model.name} (Record {model.version}) at {address}")
    print(f"  {address}/v2/models/{model.name}         what it takes and gives")
    print(f"  {address}/v2/models/{model.name}/infer   predictions, Open Inference Protocol v2")
    print(f"  {address}/predict                        predictions, plain rows")
    print(f"  {address}/metrics                        Prometheus")
    config = uvicorn.Config(create_service(model), log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])
