"""Text from content files becomes clean HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from fallline.web.markdown import inline_html, to_html


class Tags(HTMLParser):
    """Collects the tags of a text as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes one tag."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "![x](https://elsewhere.example/x.png)",
        '<a href="#" style="position:fixed">x</a>',
        "$\\href{javascript:alert(1)}{x}$",
        "```\n</code></pre><script>alert(1)</script>\n```",
        '[x](https://a.example "onmouseover=alert(1)")',
    ],
)
def test_nothing_runs_and_nothing_is_loaded(hostile: str) -> None:
    """Scripts, handlers, styles, pictures from elsewhere and odd addresses do not survive."""
    seen = Tags()
    seen.feed(to_html(hostile))
    assert not {"script", "img", "style", "iframe", "object"} & {name for name, _ in seen.found}
    for _, attributes in seen.found:
        assert not {name for name in attributes if name == "style" or name.startswith("on")}
        assert not attributes.get("href", "https:").lower().startswith(("javascript:", "data:"))


def test_maths_becomes_mathml() -> None:
    """Dollars give MathML that survives cleaning, in a line and on its own."""
    assert "<msub><mi>w</mi><mi>t</mi></msub>" in to_html("Step $w_t$.")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in to_html("$$\\frac{2}{\\lambda}$$")
    assert "<mfrac>" in to_html("$$\\frac{2}{\\lambda}$$")


@pytest.mark.parametrize("text", ["$x = 1$ and 2", "$\\eta$ is 0.1", "$a$ and $b$ make 2", "$x$ ends in \\\\"])
def test_a_formula_may_open_any_paragraph(text: str) -> None:
    """How a text ends does not decide whether its first formula is one."""
    assert to_html(text).startswith("<p><math")
    assert "$" not in to_html(text)


def test_no_line_begins_with_what_closes_a_formula() -> None:
    """A comma right behind a formula is held to it; a word is not."""
    assert re.search(r'<span class="held"><math.*</math>,</span> so', to_html("The rate $\\eta$, so"))
    assert "held" not in to_html("The rate $\\eta$ so")


def test_a_price_is_not_maths() -> None:
    """Two amounts of money in a sentence stay money."""
    assert "<math" not in to_html("It costs $5 now and $6 later.")


def test_maths_that_cannot_be_read_is_shown() -> None:
    """A broken formula is shown as written instead of breaking the page."""
    assert "\\begin{nothing}" in inline_html("$\\begin{nothing}$")


def test_tables_footnotes_and_headings() -> None:
    """What lessons use comes through: tables, footnotes with links back, headings that can be linked to."""
    made = to_html("## A heading\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nText[^1].\n\n[^1]: A note.")
    assert '<h2 id="a-heading"' in made
    assert '<div class="rows" tabindex="0"><table>' in made
    assert 'href="#fn1"' in made
    assert 'href="#fnref1"' in made


def test_a_wide_table_is_read_row_below_row_on_a_phone() -> None:
    """Its cells carry the heads of their columns, formulas as plain letters; a table of short numbers stays one."""
    wide = to_html(
        "| schedule | over $T$ steps |\n|---|---|\n| warm-up | rises in a line over the first few steps of the run |"
    )
    assert '<div class="rows stacked" tabindex="0">' in wide
    assert '<td data-head="over T steps">rises' in wide
    assert "stacked" not in to_html("| rows | the loss where it wanders |\n|---|---|\n| 4 | 0.0549 |")


def test_code_can_be_reached_by_keyboard() -> None:
    """A block of code may scroll, so it takes the focus."""
    assert '<pre tabindex="0"><code>a &lt; b\n</code></pre>' in to_html("```python\na < b\n```")
