"""`fallline content`: check the course as data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def content(
    directory: Annotated[
        Path | None, typer.Argument(help="A content directory; the course's own when left out.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Variants per generator.", min=1, max=10_000)] = 200,
) -> None:
    """Check the course's content: schema, weights, dates, every variant, every number that a lesson names."""
    from fallline.core.errors import FallLineError
    from fallline.course.check import check_content
    from fallline.course.content import load_course

    problems = check_content(load_course(directory), seeds=seeds)
    for problem in problems:
        print(problem)
    if problems:
        raise FallLineError(f"The content has {len(problems)} problem{'s' if len(problems) > 1 else ''}.")
    print(f"The content is sound; {seeds} variants of each generator were checked.")
