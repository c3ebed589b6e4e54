"""Value: what a hyperparameter may be."""

from __future__ import annotations

Value = bool | int | float | str | None
"""What a hyperparameter may be."""
