"""Models of the Boston mortgages, trained and measured once; `scripts.mortgages` makes the file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parents[2] / "content" / "records" / "mortgages.json"


@lru_cache
def mortgages() -> dict[str, Any]:
    """Returns the table's name, the date of measurement, and the models with accuracy, time and gap."""
    made: dict[str, Any] = json.loads(PLACE.read_text(encoding="utf-8"))
    return made
