"""The generator of a run as source: the very draws of its stage."""

from __future__ import annotations


def generator_lines(seed: int, *path: str) -> list[str]:
    """Returns the lines that make ``rng``, the stream that belongs to a path of names under a seed.

    >>> generator_lines(0, "signal", "net")[-1]
    'rng = np.random.Generator(np.random.PCG64(seed))'
    """
    name = "\\x1f".join([str(seed), *(f"str:{part}" for part in path)])
    return [
        "# The draws of the run: PCG64, seeded by SHA-256 of the seed and a name.",
        f'name = hashlib.sha256(b"{name}").digest()',
        'seed = np.random.SeedSequence(np.frombuffer(name, "<u4").tolist())',
        "rng = np.random.Generator(np.random.PCG64(seed))",
    ]
