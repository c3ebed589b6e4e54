"""`fallline schema`: the JSON Schema of Specs, for editors."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    kind: Annotated[str, typer.Argument(help="One kind of Spec; all of them when left out.")] = "",
) -> None:
    """Print the JSON Schema of Specs, so that an editor can complete and check them."""
    import json

    from fallline.core.choice import lookup
    from fallline.runs.spec import SPECS

    kinds = {kind: lookup(kind, SPECS, "kind")} if kind else SPECS
    schemas = {name: model.model_json_schema() for name, model in kinds.items()}
    whole = schemas[kind] if kind else {"$schema": "https://json-schema.org/draft/2020-12/schema", "kinds": schemas}
    print(json.dumps(whole, indent=2))
