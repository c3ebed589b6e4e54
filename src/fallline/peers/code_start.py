"""The first weights of a net as NumPy source: the draws of the run, whoever trains it."""

from __future__ import annotations

from fallline.engine.nets.initialisations import Initialisation

SCALES = {
    "small-normal": "0.01",
    "large-normal": "",
    "xavier": "(2 / (fan_in + fan_out)) ** 0.5",
    "he": "(2 / fan_in) ** 0.5",
    "lecun": "fan_in**-0.5",
    "xavier-uniform": "(6 / (fan_in + fan_out)) ** 0.5",
    "he-uniform": "(6 / fan_in) ** 0.5",
    "torch": "fan_in**-0.5",
}
"""Initialisation → its standard deviation or, of a uniform law, its bound."""

ORTHOGONAL = '''\
def orthogonal(shape, rng):
    """Draws a matrix with orthonormal rows or columns (Saxe and others, 2014)."""
    rows, columns = shape[0], int(np.prod(shape[1:]))
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diagonal(r) < 0, -1, 1)
    return (q if rows >= columns else q.T).reshape(shape)'''


def law_name(initialiser: Initialisation) -> str:
    """Returns the name of the function that draws a matrix by an initialisation."""
    return "orthogonal" if initialiser.law == "orthogonal" else "drawn"


def start_functions(initialiser: Initialisation, *, recurrent: bool) -> list[list[str]]:
    """Returns the functions that draw first weights of a shape, outputs first.

    Args:
        initialiser: by which the net starts; one of the zero law draws nothing.
        recurrent: whether there are recurrent matrices, which always start orthogonal.
    """
    if initialiser.law == "zero":
        return []
    found = [ORTHOGONAL.splitlines()] if recurrent or initialiser.law == "orthogonal" else []
    return [*found, _drawn(initialiser)] if initialiser.law != "orthogonal" else found


def _drawn(initialiser: Initialisation) -> list[str]:
    who, year = initialiser.source
    scale = SCALES[initialiser.name]
    said = f'    """Draws first weights: {initialiser.title} ({who}, {year})."""'
    fans = "    fan_in, fan_out = np.prod(shape[1:]), shape[0] * np.prod(shape[2:])"
    if "fan_out" not in scale:
        fans = "    fan_in = np.prod(shape[1:])"
    if initialiser.law == "uniform":
        body = [f"    bound = {scale}", "    return rng.uniform(-bound, bound, shape)"]
    else:
        body = [f"    return {scale}{' * ' if scale else ''}rng.standard_normal(shape)"]
    return ["def drawn(shape, rng):", said, *([fans] if "fan" in scale else []), *body]
