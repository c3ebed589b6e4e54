"""Palette: the colours of `fallline.figures.roles` as custom properties, for light and dark paper.

``--gd`` is the colour of the role ``gd``; ``[data-role=gd]`` sets ``--role`` to it. Dark is chosen by the reader's
system, or by hand (``data-theme`` on the root).
"""

from __future__ import annotations

from fallline.figures.palettes import RELIEF
from fallline.figures.roles import PAPER, ROLES, RULE

SURFACES: dict[str, tuple[str, str]] = {
    "paper": PAPER,
    "rule": RULE,
    **RELIEF,
    "sunken": ("#F3F1EB", "#181D26"),
    "edge": ("#7F858F", "#6D7787"),
}
"""What is not a role: paper, hairlines, a field to write in, the border of a control (3:1 on paper), maps."""


def stylesheet() -> str:
    """Writes the stylesheet.

    >>> "--adam: #C2410C;" in stylesheet()
    True
    """
    light = {name: role.light for name, role in ROLES.items()} | {name: pair[0] for name, pair in SURFACES.items()}
    dark = {name: role.dark for name, role in ROLES.items()} | {name: pair[1] for name, pair in SURFACES.items()}
    return "\n".join(
        [
            block(":root", "light", light),
            "@media screen and (prefers-color-scheme: dark) {",
            block(':root:not([data-theme="light"])', "dark", dark),
            "}",
            "@media screen {",
            block(':root[data-theme="dark"]', "dark", dark),
            "}",
            *(f'[data-role="{name}"] {{ --role: var(--{name}); }}' for name in ROLES),
            "",
        ]
    )


def block(selector: str, scheme: str, colours: dict[str, str]) -> str:
    """Writes one rule that sets every colour."""
    lines = [f"  --{name}: {colour};" for name, colour in colours.items()]
    return "\n".join([f"{selector} {{", f"  color-scheme: {scheme};", *lines, "}"])
