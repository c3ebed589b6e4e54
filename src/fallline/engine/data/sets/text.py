"""Text from a small grammar: letters of which the next is sometimes certain and sometimes not."""

from __future__ import annotations

import numpy as np

from fallline.engine.data.sets.data import Data, set_apart

GRAMMAR: dict[str, tuple[str, ...]] = {
    "sentence": ("noun verb noun", "noun verb noun when noun rest", "noun rest"),
    "noun": ("the kind", "a kind", "the look kind"),
    "kind": ("hill", "slope", "stream", "stone", "cloud", "path", "ridge"),
    "look": ("steep", "narrow", "old", "quiet", "bright"),
    "verb": ("follows", "crosses", "meets", "leaves"),
    "rest": ("sleeps", "falls", "shines", "waits"),
}
"""What stands for each symbol; a word that is no symbol stands for itself."""
LETTERS = " .abcdefghijklmnopqrstuvwxyz"
LENGTH = 32


def sentence(rng: np.random.Generator, symbol: str = "sentence") -> str:
    """Draws what stands for a symbol, each alternative as likely.

    >>> sentence(np.random.default_rng(0), "noun").split()[0] in {"the", "a"}
    True
    """
    if symbol not in GRAMMAR:
        return symbol
    alternatives = GRAMMAR[symbol]
    return " ".join(sentence(rng, word) for word in alternatives[int(rng.integers(len(alternatives)))].split())


def text(rows: int, noise: float, rng: np.random.Generator) -> Data:
    """Returns stretches of 32 letters, and for each letter the one after it.

    Args:
        rows: how many stretches; they follow one another.
        noise: share of the letters that are replaced by any other.
        rng: where the sentences come from.
    """
    need, written = rows * LENGTH + 1, ""
    while len(written) < need:
        written += sentence(rng) + ". "
    codes = np.array([LETTERS.index(letter) for letter in written[:need]], dtype=np.int64)
    if noise:
        wrong = rng.random(need) < noise
        codes = np.where(wrong, rng.integers(len(LETTERS), size=need), codes)
    x, y = codes[:-1].reshape(rows, LENGTH), codes[1:].reshape(rows, LENGTH)
    parts = set_apart(y, "tokens", 0.2, 0.0, rng)
    return Data("text", "tokens", x, y, *parts, vocabulary=len(LETTERS), words=tuple(LETTERS))
