"""Sensitive attributes: columns that, by their names, may hold what people must not be judged by.

A guess from names alone. It knows no proxies (a postcode may stand for origin) and may be wrong both ways.
"""

from __future__ import annotations

import re

ATTRIBUTES: dict[str, frozenset[str]] = {
    "sex": frozenset(("sex", "gender", "female", "male", "woman", "women")),
    "age": frozenset(("age", "ages", "senior", "elderly", "birth", "birthdate", "birthday", "dob", "yob", "birthyear")),
    "origin": frozenset(
        (
            *("race", "ethnicity", "ethnic", "ethnicgroup", "black", "afam", "hispanic", "latino", "nationality"),
            *(
                "immigrant",
                "caste",
                "tribe",
                "origin",
                "citizenship",
                "foreign",
                "foreigner",
                "aboriginal",
                "indigenous",
            ),
        )
    ),
    "marital status": frozenset(("marital", "married", "single", "divorced", "widowed", "spouse", "maritalstatus")),
    "religion": frozenset(("religion", "religious", "faith")),
    "disability": frozenset(("disability", "disabled", "handicap", "handicapped")),
    "pregnancy": frozenset(("pregnant", "pregnancy")),
    "orientation": frozenset(("orientation", "lgbt")),
}
"""What people must not be judged by → the words by which a column's name gives it away."""

_OF_THINGS = frozenset(
    (
        *(
            "account",
            "car",
            "vehicle",
            "house",
            "home",
            "building",
            "loan",
            "policy",
            "device",
            "page",
            "credit",
            "file",
        ),
        *("line", "company", "contract", "property", "machine", "product", "image", "screen", "source", "month"),
    )
)


def sensitive_attribute(name: str) -> str | None:
    """Guesses from a column's name which sensitive attribute it holds.

    >>> [sensitive_attribute(name) for name in ("SeniorCitizen", "Age", "age_of_car", "usage", "marital")]
    ['age', 'age', None, None, 'marital status']
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = set(re.findall(r"[a-z]+", spaced.casefold()))
    for attribute, known in ATTRIBUTES.items():
        hits = words & known
        if hits and not (words - hits) & _OF_THINGS:
            return attribute
    return None
