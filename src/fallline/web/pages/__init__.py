"""The pages: one directory each, named as its address, with its routes, its templates and nothing else's."""

from __future__ import annotations

from fastapi import APIRouter

from fallline.web.pages.assessments.page import router as assessments
from fallline.web.pages.capstone.page import router as capstone
from fallline.web.pages.gradebook.page import router as gradebook
from fallline.web.pages.help.page import router as help_page
from fallline.web.pages.home.page import router as home
from fallline.web.pages.labs.page import router as labs
from fallline.web.pages.practice.page import router as practice
from fallline.web.pages.race.page import router as race
from fallline.web.pages.records.page import router as records
from fallline.web.pages.runs.page import router as runs
from fallline.web.pages.syllabus.page import router as syllabus
from fallline.web.pages.weeks.page import router as weeks

PAGES: dict[str, APIRouter] = {
    "home": home,
    "weeks": weeks,
    "practice": practice,
    "labs": labs,
    "capstone": capstone,
    "runs": runs,
    "records": records,
    "race": race,
    "assessments": assessments,
    "gradebook": gradebook,
    "syllabus": syllabus,
    "help": help_page,
}
"""Directory → its routes. A new page is a directory and a line here."""
