"""Every question of the bank as a page shows it: no formula is left in its source, every link leads into the site."""

from __future__ import annotations

import re

import pytest

from fallline.course.content import load_course
from fallline.course.items import present
from fallline.course.items.draw import draw
from fallline.web.markdown import inline_html, to_html

COURSE = load_course()
HREF = re.compile(r'href="([^"]*)"')


@pytest.mark.parametrize("name", sorted(COURSE.items))
def test_a_question_reads_as_text(name: str) -> None:
    """Prompt, options, solution and feedback of several variants: no dollar, no brace, links only to labs."""
    item = COURSE.items[name]
    for seed in range(2**52, 2**52 + 8):
        params = draw(item, seed)
        shown = present(item, seed)
        html = str(to_html(shown.prompt)) + "".join(str(inline_html(text)) for _, text in shown.options)
        said = [item.solution, *(known.feedback for known in item.misconceptions)]
        html += "".join(str(inline_html(item.filled(text, params))) for text in said)
        assert not set("${}") & set(html), html
        for href in HREF.findall(html):
            assert href.split("?")[0].removeprefix("/labs/") in COURSE.labs
