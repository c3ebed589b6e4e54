"""Content: the course as data, read from a directory and validated whole before anything uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from fallline.course.assessment import Assessment
from fallline.course.course import FOLDER, Course, CourseFile
from fallline.course.items import load_item
from fallline.course.lab import Lab
from fallline.course.loader import ContentError, ContentFiles
from fallline.course.references import check_calendar, check_references
from fallline.course.week import Week

SHIPPED = Path(__file__).resolve().parent.parent / "content"
"""The course that comes with Fall Line."""

T = TypeVar("T")


def load_course(directory: Path | None = None) -> Course:
    """Reads and validates the course.

    Args:
        directory: the content; None is the course that comes with Fall Line.

    Raises:
        ContentError: names file, key, value, what was expected and the nearest known name.

    >>> len(load_course().weeks)
    14
    """
    files = ContentFiles(directory or SHIPPED)
    file = files.model("course.toml", CourseFile)
    labs, weeks = _weeks(files, file)
    items = _by_name(files, "items", load_item)
    assessments = _by_name(files, "assessments", _load_assessment)
    course = Course(
        file=file,
        weeks=weeks,
        labs=labs,
        items=items,
        assessments=assessments,
        lessons={week.number: files.text(f"{week.folder}/{week.lesson}") for week in weeks if week.lesson},
        instructor={week.number: files.text(f"{week.folder}/{week.instructor}") for week in weeks if week.instructor},
        lesson_specs={week.number: _lesson_specs(files, week) for week in weeks},
        digest=files.digest(),
    )
    check_calendar(course)
    check_references(course)
    return course


def _weeks(files: ContentFiles, file: CourseFile) -> tuple[dict[str, Lab], tuple[Week, ...]]:
    labs: dict[str, Lab] = {}
    weeks: list[Week] = []
    for position, folder in enumerate(file.weeks, start=1):
        place = f"weeks/{folder}"
        match = FOLDER.fullmatch(folder)
        if match is None or int(match[1]) != position:
            raise ContentError(
                "course.toml", f"weeks.{position - 1}", folder, f"a folder that starts with {position:02d}-"
            )
        found = [_load_lab(files, name, position) for name in files.names(f"{place}/labs", ".toml")]
        found.sort(key=lambda lab: (lab.order, lab.slug))
        for lab in found:
            if lab.slug in labs:
                raise ContentError(f"{place}/labs/{lab.slug}.toml", "slug", lab.slug, "a slug that no other lab has")
            labs[lab.slug] = lab
        slugs = [lab.slug for lab in found]
        extra = {"number": position, "slug": match[2], "folder": place, "labs": slugs}
        weeks.append(files.model(f"{place}/week.toml", Week, **extra))
    return labs, tuple(weeks)


def _load_lab(files: ContentFiles, name: str, week: int) -> Lab:
    return files.model(name, Lab, slug=Path(name).stem, week=week)


def _load_assessment(files: ContentFiles, name: str) -> Assessment:
    return files.model(name, Assessment, slug=Path(name).stem)


def _by_name(files: ContentFiles, folder: str, load: Callable[[ContentFiles, str], T]) -> dict[str, T]:
    return {Path(name).stem: load(files, name) for name in files.names(folder, ".toml")}


def _lesson_specs(files: ContentFiles, week: Week) -> dict[str, dict[str, object]]:
    return {Path(name).stem: files.tree(name) for name in files.names(f"{week.folder}/specs", ".toml")}


__all__ = ["SHIPPED", "Course", "CourseFile", "load_course"]
