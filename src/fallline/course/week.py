"""A week of the course: its title and topics as the outline has them, its aims, its links, its lesson."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from fallline.course.loader import ContentModel

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Sentence = Annotated[str, Field(min_length=1, max_length=600)]


class Twin(ContentModel):
    """What Fall Line has beside an outside link.

    Attributes:
        lab: slug of the lab; empty takes the week's first one.
        page: a page of the site instead, as in ``/capstone``.
        adds: one sentence on what one can do there.
    """

    lab: Slug | None = None
    page: Annotated[str, Field(pattern=r"^/[a-z0-9/-]*$")] | None = None
    adds: Sentence

    @model_validator(mode="after")
    def _one(self) -> Twin:
        if self.lab is not None and self.page is not None:
            msg = "a lab or a page, not both"
            raise ValueError(msg)
        return self


class Link(ContentModel):
    """One of the outline's own links.

    Attributes:
        title: as the outline has it.
        url: as the outline has it.
        twin: what stands beside it.
    """

    title: Annotated[str, Field(min_length=1, max_length=120)]
    url: Annotated[str, Field(pattern=r"^https://[^\s\"'<>]+$", max_length=300)]
    twin: Twin


class Week(ContentModel):
    """One week.

    Attributes:
        number: 1 is the first.
        slug: of its folder, without the number.
        title: exactly the outline's.
        topics: the outline's, split at ``; ``; joined again they are its text.
        aims: what a student can do afterwards.
        links: the outline's.
        lesson: Markdown file in the week's folder; None while there is none.
        instructor: Markdown file with notes for whoever teaches it.
        labs: slugs of the labs in the week's folder, in order of their `order`; filled in by the loader.
        folder: relative to the content directory; filled in by the loader.
    """

    number: Annotated[int, Field(ge=1, le=52)]
    slug: Slug
    title: Annotated[str, Field(min_length=1, max_length=120)]
    topics: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=12)]
    aims: Annotated[tuple[Sentence, ...], Field(min_length=2, max_length=4)]
    links: Annotated[tuple[Link, ...], Field(max_length=6)] = ()
    lesson: str | None = None
    instructor: str | None = None
    labs: tuple[str, ...] = ()
    folder: str

    @field_validator("lesson", "instructor")
    @classmethod
    def _plain_file(cls, name: str | None) -> str | None:
        if name is not None and ("/" in name or "\\" in name or name.startswith(".") or not name.endswith(".md")):
            msg = "the plain name of a .md file in the week's folder"
            raise ValueError(msg)
        return name

    @property
    def topics_text(self) -> str:
        """The topics as the outline prints them."""
        return "; ".join(self.topics)

    def twin_href(self, link: Link) -> str:
        """Returns where the twin of a link is: a page, a lab, or the week itself while it has no lab."""
        if link.twin.page is not None:
            return link.twin.page
        slug = link.twin.lab or (self.labs[0] if self.labs else None)
        return f"/labs/{slug}" if slug else f"/weeks/{self.number}"
