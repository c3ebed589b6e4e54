"""Variant seed: which variant a person gets, the same each time they look and unguessable without the secret."""

from __future__ import annotations

import hashlib
import hmac


def variant_seed(secret: bytes, course: str, assessment: str, person: str, number: int) -> int:
    """Returns HMAC-SHA256(secret, course | assessment | person | attempt), its first 53 bits as a seed.

    53 bits stay exact in JSON and in a Spec. Lengths are written with the parts, so that no two tuples run together.

    Raises:
        ValueError: an empty secret, which would let anyone compute anyone's variant.

    >>> variant_seed(b"k", "mlos", "quiz-1", "p1", 1) == variant_seed(b"k", "mlos", "quiz-1", "p1", 2)
    False
    """
    if not secret:
        msg = "a secret of at least one byte"
        raise ValueError(msg)
    parts = [course, assessment, person, str(number)]
    message = "|".join(f"{len(part)}:{part}" for part in parts).encode()
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:7], "big") >> 3
