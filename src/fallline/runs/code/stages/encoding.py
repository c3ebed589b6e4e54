"""The encoding of a run as source: a ColumnTransformer of scikit-learn, fitted inside the fold."""

from __future__ import annotations

from fallline.runs.code.layout import block
from fallline.runs.code.stages.table import Columns

FLAG = """\
    flag = make_pipeline(
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan),
        SimpleImputer(strategy="mean", add_indicator=True),
    )"""
"""A word of two → 0 or 1, and the share of 1 where it is missing."""

LEVEL = ("min_frequency=5", "max_categories=41", 'handle_unknown="infrequent_if_exist"', "sparse_output=False")
"""A column for each level; the rare ones are pooled, and so are those beyond the fortieth."""

SCALE = "encoder(MinMaxScaler(clip=True), StandardScaler())"
"""Numbers for linear models and nets: held to the range seen, then standardised."""


def encoding_lines(columns: Columns, styles: set[str]) -> list[str]:
    """Returns the function ``encoder``, for the kinds of columns and the styles (linear, trees) that there are."""
    scaled = bool(columns.numbers) and "linear" in styles
    lines = [f"def encoder({'*scale' if scaled else ''}):"]
    lines.append('    """Returns the encoding of all columns, in their order, unfitted."""')
    kinds = []
    if columns.numbers:
        lines += _number(gone=bool(columns.gone & {*columns.numbers}), scaled=scaled, bare="trees" in styles)
        kinds.append("dict.fromkeys(NUMBERS, number)")
    if columns.flags:
        lines += FLAG.splitlines()
        kinds.append("dict.fromkeys(FLAGS, flag)")
    if columns.levels:
        lines += block("level = OneHotEncoder(", LEVEL, ")", 1)
    lines.append(f"    kinds = {' | '.join(kinds) or '{}'}")
    chosen = "kinds.get(column, level)" if columns.levels else "kinds[column]"
    lines.append(f"    parts = [({chosen}, [column]) for column in X]")
    return [*lines, "    return make_column_transformer(*parts)"]


def _number(*, gone: bool, scaled: bool, bare: bool) -> list[str]:
    if gone:
        steps = 'SimpleImputer(strategy="median")' + (", *scale" if scaled else "")
        return [
            f"    number = make_pipeline({steps})",
            "    number = make_union(number, MissingIndicator(error_on_new=False))",
        ]
    if not scaled:
        return ['    number = "passthrough"']
    otherwise = ' if scale else "passthrough"' if bare else ""
    return [f"    number = make_pipeline(*scale){otherwise}"]


def encoder_of(style: str, columns: Columns) -> str:
    """Returns the call that makes the encoding of a style."""
    return SCALE if style == "linear" and columns.numbers else "encoder()"
