"""The capstone: choose a table or upload one, say what outcomes are worth, run, and read the decision."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from fallline.core.errors import FallLineError, SpecError, Unavailable
from fallline.runs.sources import NAMED, load, store_upload
from fallline.runs.sources.spec import Named, Upload
from fallline.runs.spec import load_spec, to_toml
from fallline.runs.submit import submit
from fallline.web.pages.capstone.form import FIELDS, CapstoneForm, tree_of
from fallline.web.pages.records.rows import row_views
from fallline.web.render import render
from fallline.web.services import Asker, At, Services

router = APIRouter()
OFFERED = [name for name, table in NAMED.items() if table.problem == "binary"]
"""Named tables that a capstone can learn: two classes."""


@router.get("/capstone")
def choose(request: Request, services: At, person: Asker) -> HTMLResponse:
    """Step one: which table."""
    rows = row_views(services.ledger.rows(person, kind="capstone", limit=5))
    return render(
        request, "capstone/page.html", tables=[(name, NAMED[name]) for name in OFFERED], rows=rows, problem=""
    )


@router.post("/capstone/table")
def upload(request: Request, services: At, person: Asker, file: Annotated[UploadFile, File()]) -> Response:
    """Takes a person's own table; a bad one is refused in a sentence and nothing of it stays."""
    try:
        sha256 = store_upload(file.file, services.home, name=file.filename or "The file")
        load(Upload(id=sha256), uploads=services.home / "uploads")
    except FallLineError as refusal:
        rows = row_views(services.ledger.rows(person, kind="capstone", limit=5))
        tables = [(name, NAMED[name]) for name in OFFERED]
        return render(request, "capstone/page.html", status=400, tables=tables, rows=rows, problem=str(refusal))
    return RedirectResponse(f"/capstone/frame?upload={sha256}&title={_plain(file.filename)}", 303)


@router.get("/capstone/frame")
def frame(
    request: Request,
    services: At,
    table: Annotated[str, Query(max_length=60)] = "telco_churn",
    upload: Annotated[str, Query(max_length=64)] = "",
    title: Annotated[str, Query(max_length=120)] = "",
) -> HTMLResponse:
    """Step two: the target, the money, the limits."""
    form = CapstoneForm(table=table, upload=upload, title=title)
    return _frame(request, services, form, "")


@router.post("/capstone")
async def run(request: Request, services: At, person: Asker) -> Response:
    """Step three: runs it; what is wrong is said beside the field, and nothing that was typed is lost."""
    given = await request.form(max_files=0, max_fields=40)
    form = CapstoneForm.read({key: str(value) for key, value in given.items()})
    try:
        spec = load_spec(tree_of(form))
        done = submit(spec, services.ledger, person, services.home / "uploads", services.clock())
    except FallLineError as refusal:
        return _frame(request, services, form, str(refusal), getattr(refusal, "path", ""))
    return RedirectResponse(f"/{'records' if done.record else 'runs'}/{done.id}", 303)


def _frame(request: Request, services: Services, form: CapstoneForm, problem: str, path: str = "") -> HTMLResponse:
    try:
        loaded = load(_source(form), uploads=services.home / "uploads")
    except (SpecError, Unavailable) as refusal:
        problem, loaded = problem or str(refusal), None
    seen: dict[str, Any] = {
        "loaded": loaded,
        "form": form.filled(loaded),
        "fields": FIELDS,
        "problem": problem,
        "path": path,
    }
    if loaded is not None and loaded.table.schema.target is not None:
        seen["toml"] = _toml(form.filled(loaded))
    return render(request, "capstone/frame.html", status=400 if problem else 200, **seen)


def _toml(form: CapstoneForm) -> str:
    try:
        return to_toml(load_spec(tree_of(form)))
    except FallLineError:
        return ""


def _source(form: CapstoneForm) -> Named | Upload:
    target, positive = form.target or None, form.positive or None
    if form.upload:
        return Upload(id=form.upload, target=target, positive=positive)
    return Named(name=form.table, target=target, positive=positive)


def _plain(name: str | None) -> str:
    return "".join(char for char in (name or "") if char.isalnum() or char in "-_. ")[:80]
