"""The stylesheet's colours are the figures' colours, and can be read on paper."""

from __future__ import annotations

import re

import pytest

from fallline.figures.roles import PAPER, ROLES
from fallline.web.palette import SURFACES, stylesheet


def blocks() -> dict[str, dict[str, str]]:
    """Selector → custom property → colour."""
    found = re.findall(r"([^{}\n]+) \{\n([^{}]*)\}", stylesheet())
    return {name.strip(): dict(re.findall(r"--([\w-]+): (#\w{6});", body)) for name, body in found}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_role_has_its_colours() -> None:
    """Light, dark by the system and dark by hand give each role exactly the figures' colours."""
    made = blocks()
    for name, role in ROLES.items():
        assert made[":root"][name] == role.light
        assert made[':root:not([data-theme="light"])'][name] == role.dark
        assert made[':root[data-theme="dark"]'][name] == role.dark
        assert f'[data-role="{name}"] {{ --role: var(--{name}); }}' in stylesheet()


@pytest.mark.parametrize("name", ["ink", "muted", "accent", "link", "good", "warning", "bad"])
def test_words_can_be_read(name: str) -> None:
    """Whatever is written as text stands out at least 4.5 : 1 from its paper."""
    assert contrast(ROLES[name].light, PAPER[0]) >= 4.5
    assert contrast(ROLES[name].dark, PAPER[1]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "sunken"])
def test_the_border_of_a_control_can_be_seen(ground: str) -> None:
    """The edge of a field or button stands out at least 3 : 1 from paper."""
    for side in (0, 1):
        assert contrast(SURFACES["edge"][side], SURFACES[ground][side]) >= 3
