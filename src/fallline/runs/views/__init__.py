"""Views: one stage of a kept Record looked at with knobs: what would have been, had one asked otherwise."""

from __future__ import annotations

from fallline.runs.stage import Stage
from fallline.runs.views.comparison import comparison
from fallline.runs.views.explanation import explanation
from fallline.runs.views.front import front
from fallline.runs.views.prediction import prediction
from fallline.runs.views.profit import profit_view
from fallline.runs.views.study import study
from fallline.runs.views.variants import variants

VIEWS: dict[str, Stage] = {
    "study": study,
    "front": front,
    "variants": variants,
    "profit": profit_view,
    "explanation": explanation,
    "comparison": comparison,
    "prediction": prediction,
}
"""Kind → its stage."""
