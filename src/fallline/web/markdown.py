"""Markdown: a lesson's text as HTML, with maths as MathML; cleaned, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
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
    *("table", "thead", "tbody", "tr", "th", "td", "section", "div", "span", "kbd"),
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class"},
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"align", "scope"},
    "td": {"align", "data-head"},
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

CLOSING = re.compile(r"[.,;:!?)\]]")
ROOMY = 40
"""Characters that a phone shows in one line of a table, the space between its columns taken off."""


@lru_cache(maxsize=1)
def reader() -> MarkdownIt:
    """Builds the reader: CommonMark with tables, footnotes, maths and linkable headings; raw HTML is shown, not run."""
    made = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, renderer=_maths)
    made.inline.ruler.at("math_inline", _dollars)
    made.core.ruler.push("glue", _glue)
    made.core.ruler.push("stack", _stack)
    made.use(footnote_plugin).use(anchors_plugin, max_level=3)
    made.add_render_rule("math_inline", _maths_in_line)
    made.add_render_rule("fence", _fence)
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", _table_close)
    return made


def _maths(text: str, options: dict[str, Any]) -> str:
    return mathml(text, block=bool(options.get("display_mode")))


_READ_MATHS = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _dollars(state: StateInline, silent: bool) -> bool:
    # The plugin looks at the character before a dollar; before the first one that is, in Python, the text's last, and
    # a digit there would turn maths into money. A space at the end decides nothing.
    text = state.src
    state.src = f"{text} "
    try:
        return _READ_MATHS(state, silent)
    finally:
        state.src = text


def _glue(state: StateCore) -> None:
    # a line may break around a formula, but no line begins with the comma that follows one
    for token in state.tokens:
        children = token.children or []
        for before, after in pairwise(children):
            if before.type == "math_inline" and after.type == "text" and CLOSING.match(after.content):
                before.meta["followed"], after.content = after.content[0], after.content[1:]


def _length(part: Token) -> float:
    # of a formula about half of what is typed is seen
    return len(part.content) / (2 if part.type == "math_inline" else 1)


def _stack(state: StateCore) -> None:
    # a cell knows the head of its column, for phones, where a wide table is shown row below row
    heads: list[str] = []
    opened, column, widths = None, 0, dict[int, float]()
    for token, inner in zip(state.tokens, [*state.tokens[1:], None], strict=True):
        if token.type == "table_open":
            opened, heads, widths = token, [], {}
        elif token.type == "tr_open":
            column = 0
        elif inner and token.type in {"th_open", "td_open"}:
            length = 0.0
            if token.type == "th_open":
                heads.append(inner.content.replace("$", ""))
            else:
                token.attrSet("data-head", heads[column])
                length = sum(_length(each) for each in inner.children or [])
            widths[column] = max(widths.get(column, 0), length)
            column += 1
        elif token.type == "table_close" and opened and sum(widths.values()) > ROOMY:
            opened.meta["stacked"] = True


def _maths_in_line(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    made, mark = mathml(token.content), token.meta.get("followed")
    return f'<span class="held">{made}{mark}</span>' if mark else str(made)


def _fence(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    # a block that scrolls must be reachable by keyboard
    return str(Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(tokens[index].content))


def _table_open(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    # likewise a table that is wider than a phone
    kind = "rows stacked" if tokens[index].meta.get("stacked") else "rows"
    return f'<div class="{kind}" tabindex="0"><table>\n'


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
