"""Links to labs: the lab exists, and the state in the address is one that its knobs can take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from fallline.course.content import Course

LAB_LINK = re.compile(r"\]\((/labs/[^)\s]*)\)")


def bad_lab_links(course: Course, text: str) -> Iterator[str]:
    """Yields a sentence for every link to a lab that leads nowhere, or into a state that the lab does not have."""
    for match in LAB_LINK.finditer(text):
        address = urlsplit(match[1])
        slug = address.path.removeprefix("/labs/")
        if slug not in course.labs:
            yield f"the link {match[1][:60]!r} names no lab; known: {', '.join(course.labs)}."
            continue
        for note in course.labs[slug].read(dict(parse_qsl(address.query))).notes:
            yield f"the link {match[1][:60]!r}: {note}"
