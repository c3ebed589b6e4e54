"""Lettering: how much room words take, so that labels are placed without a font to measure.

The page's renderer reads the same table (`lettering.js`), so both place every label alike. Advance widths are those of
Inter 4 at weight 400, rounded up to the next 50 thousandths of an em; digits all count as tabular.
"""

from __future__ import annotations

TICK = 12.0
LABEL = 13.0
TITLE = 15.0
LEADING = 1.3
BOLD = 1.06

ADVANCES: dict[int, str] = {
    250: "ijl",
    300: " !',.:I·ι",
    350: ";`t|",
    400: "()/[\\]fr",
    450: "{}⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉",
    500: '"-^_–°∂τ',
    550: "*?ksx≤≥≈√⁻εζκ",
    600: "FJLacehnouvyzµβγδημνξοςυχ",
    650: "0123456789#$&EPRSTZbdgpqθλπρσ",
    700: "+<=>ABKVXY~−×±∇ΔαΛΣ",
    750: "CDGHU∞∑φ",
    800: "NOQψΩ",
    850: "wω",
    900: "m…",
    950: "M",
    1000: "%@W—→←",
}
"""Thousandths of an em → the characters that take it."""

ADVANCE = {ord(character): width for width, characters in ADVANCES.items() for character in characters}
UNKNOWN, WIDE = 800, 1050
COMBINING = range(0x300, 0x370)


def measure(text: str, size: float) -> float:
    """Returns the width of one line of text in pixels.

    >>> round(measure("loss", 12.0), 1)
    23.4
    """
    total = 0
    for character in text:
        code = ord(character)
        if code not in COMBINING:
            total += ADVANCE.get(code, WIDE if code >= 0x1100 else UNKNOWN)
    return total * size / 1000.0


def wrap(text: str, size: float, width: float, most: int = 3) -> tuple[str, ...]:
    """Breaks text into lines no wider than a width, at spaces; what does not fit ends in an ellipsis.

    Args:
        text: what to write.
        size: of the letters, in pixels.
        width: of the column, in pixels.
        most: lines allowed.

    >>> wrap("heavy ball with momentum", 12.0, 90.0)
    ('heavy ball with', 'momentum')
    """
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return tuple(shorten(line, size, width) for line in lines)


def shorten(text: str, size: float, width: float) -> str:
    """Cuts a line that is too wide, and says so with an ellipsis.

    >>> shorten("logistic regression", 12.0, 60.0)
    'logistic…'
    """
    if measure(text, size) <= width:
        return text
    kept = text
    while kept and measure(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
