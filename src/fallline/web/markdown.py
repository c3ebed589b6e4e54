"""Markdown: a lesson's text as HTML, with maths as MathML; cleaned, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from fallline.web.maths import mathml

MATH = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "msub", "msup", "msubsup", "mfrac", "msqrt"),
    *("mroot", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mpadded", "mphantom", "menclose"),
}
WORDS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "a",
        "hr",
        "br",
        "sup",
        "s",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "section", "div", "kbd"),
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class"},
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"align", "scope"},
    "td": {"align"},
    "math": {"xmlns", "display"},
    "mo": {"stretchy", "fence", "form", "lspace", "rspace", "movablelimits", "accent"},
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mover": {"accent"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
}


@lru_cache(maxsize=1)
def reader() -> MarkdownIt:
    """Builds the reader: CommonMark with tables, footnotes, maths and linkable headings; raw HTML is shown, not run."""
    made = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, renderer=_maths)
    made.use(footnote_plugin).use(anchors_plugin, max_level=3)
    made.add_render_rule("fence", _fence)
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    return made


def _maths(text: str, options: dict[str, Any]) -> str:
    return mathml(text, block=bool(options.get("display_mode")))


def _fence(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    # a block that scrolls must be reachable by keyboard
    return str(Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(tokens[index].content))


def _table_open(*_: Any) -> str:
    # likewise a table that is wider than a phone
    return '<div class="rows" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def clean(html: str) -> Markup:
    """Keeps the tags and attributes that text needs and drops the rest."""
    kept = nh3.clean(
        html, tags=WORDS | MATH, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener"
    )
    return Markup(kept)  # noqa: S704 - this is the one place where cleaned HTML becomes markup


def to_html(text: str) -> Markup:
    r"""Turns Markdown into HTML.

    >>> to_html("A **step** of $\\eta$.")[:27]
    Markup('<p>A <strong>step</strong> ')
    >>> to_html("<script>alert(1)</script>")
    Markup('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n')
    """
    return clean(reader().render(text))


def inline_html(text: str) -> Markup:
    """Turns one line of Markdown into HTML without a paragraph around it.

    >>> inline_html("a *b*")
    Markup('a <em>b</em>')
    """
    return clean(reader().renderInline(text))
