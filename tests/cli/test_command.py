"""The command as a person types it: every verb, on a home of its own; an error is one sentence and exit status 2."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fallline.runs.spec import parse_spec

VERBS = ("serve", "run", "resume", "records", "show", "compare", "code", "report", "deploy", "new", "schema", "content")
DESCENT = 'kind = "descent"\ntitle = "a ravine"\nsurface = "ravine"\nsteps = {steps}\n'
ROW = "K{n:04};{age};{spent},5; {town} ;{left}\r\n"
MESSY = "\ufeffKunde;Alter;Betrag;Stadt;Gekündigt\r\n" + "".join(
    ROW.format(n=n, age=20 + n % 50 if n % 9 else "", spent=n % 13, town="Köln" if n % 2 else "", left=left)
    for n, left in enumerate(["ja", "nein", "nein", "nein"] * 60)
)


def fallline(home: Path, *arguments: str, status: int = 0) -> str:
    """Runs the command; returns what it said, on standard error when it is to be refused."""
    done = subprocess.run(
        [sys.executable, "-m", "fallline.cli.main", *arguments],
        env={**os.environ, "FALLLINE_HOME": str(home), "FALLLINE_DATABASE": "", "COLUMNS": "200", "NO_COLOR": "1"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


def test_help_names_every_verb_and_each_verb_has_help(tmp_path: Path) -> None:
    """The first thing that anyone types."""
    whole = fallline(tmp_path, "--help")
    assert all(re.search(rf"\b{verb}\b", whole) for verb in VERBS)
    for verb in ("run", "new", "deploy"):
        assert "Usage" in fallline(tmp_path, verb, "--help")


REFUSED = {
    "no such file": (["run", "nowhere.toml"], "nowhere.toml"),
    "a directory": (["run", "."], "can be read"),
    "not a Spec": (["run", "bad.toml"], "surface: 'ravin' is not a known name. Did you mean 'ravine'?"),
    "no such run to resume": (["resume", "nothing"], "fallline records"),
    "no such Record": (["show", "nothing"], "fallline records"),
    "an empty name": (["show", ""], "fallline records"),
    "no such Record to compare": (["compare", "nothing", "nothing"], "fallline records"),
    "no such Record to serve": (["deploy", "nothing"], "fallline records"),
    "no such Record to report": (["report", "nothing"], "fallline records"),
    "no such shipped Record": (["show", "shipped:nothing"], "comes with the course"),
    "a shipped Record that climbs": (["show", "shipped:../../x"], "comes with the course"),
    "no such kind": (["schema", "descend"], "Did you mean 'descent'?"),
    "no such kind to make": (["new", "capston", "--data", "x.csv"], "Did you mean 'capstone'?"),
    "no such table": (["new", "capstone", "--data", "x.csv"], "x.csv"),
    "a table without a target": (["new", "capstone", "--data", "plain.csv"], "target"),
    "a wrong target": (["new", "capstone", "--data", "messy.csv", "--target", "Gekundigt"], "Gekündigt"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_a_mistake_is_one_sentence_and_status_two(case: str, tmp_path: Path) -> None:
    """No traceback, the mistake named, and nothing left behind."""
    (tmp_path / "bad.toml").write_text('kind = "descent"\nsurface = "ravin"\n')
    (tmp_path / "plain.csv").write_text("a,b\n" + "".join(f"{n / 7},{n / 3}\n" for n in range(50)))
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    arguments, says = REFUSED[case]
    said = fallline(tmp_path, *arguments, status=2)
    assert said.startswith("fallline: ")
    assert said.count("\n") == 1
    assert says in said
    assert {path.name for path in tmp_path.iterdir()} - before <= {"fallline.db", "fallline.db-journal"}


def test_a_table_from_a_spreadsheet_becomes_a_spec_once(tmp_path: Path) -> None:
    """Semicolons, a BOM, decimal commas and blanks: written, parsed, and never written over."""
    (tmp_path / "kunden.csv").write_text(MESSY, encoding="utf-8")
    said = fallline(tmp_path, "new", "capstone", "--data", "kunden.csv", "--target", "Gekündigt")
    assert "240 rows, target Gekündigt = ja" in said
    text = (tmp_path / "kunden.capstone.toml").read_text(encoding="utf-8")
    spec = parse_spec(text)
    assert spec.kind == "capstone"
    assert "#   Kunde: " in text
    again = fallline(tmp_path, "new", "capstone", "--data", "kunden.csv", "--target", "Gekündigt", status=2)
    assert "already there" in again
    assert (tmp_path / "kunden.capstone.toml").read_text(encoding="utf-8") == text


def test_from_a_run_to_its_comparison(tmp_path: Path) -> None:
    """Two runs: listed, shown, as JSON, side by side, as a report."""
    assert "No runs yet" in fallline(tmp_path, "records")
    for steps in (20, 30):
        (tmp_path / f"{steps}.toml").write_text(DESCENT.format(steps=steps))
        assert "Executed" in fallline(tmp_path, "run", f"{steps}.toml")
    listed = fallline(tmp_path, "records").splitlines()[1:]
    second, first = (line.split()[0] for line in listed)
    assert all("finished" in line and "a ravine" in line for line in listed)
    assert fallline(tmp_path, "records", "no such text").strip() == "None match."
    assert "a ravine" in fallline(tmp_path, "show", first[:8])
    whole = json.loads(fallline(tmp_path, "show", first, "--json"))
    assert whole["spec"]["steps"] == 20
    assert whole["ending"]["kind"] == "finished"
    compared = fallline(tmp_path, "compare", first, second)
    assert "1 thing asked (steps)" in compared
    assert "spec.surface" not in compared
    assert "spec.surface" in fallline(tmp_path, "compare", first, second, "--all")
    assert "looked up" in fallline(tmp_path, "resume", first)
    assert "no exported model" in fallline(tmp_path, "deploy", first, status=2)


def test_the_shipped_record_is_shown_and_reported_in_one_file(tmp_path: Path) -> None:
    """What comes with the course needs no run; its report asks the network for nothing."""
    assert "report" in fallline(tmp_path, "show", "shipped:churn")
    said = fallline(tmp_path, "report", "shipped:churn", "--out", "r.html")
    assert "needs no network" in said
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|srcset|poster|action)\s*=\s*["']?\s*(?:https?:)?//""", html)
    assert not re.search(r"""<link[^>]+href\s*=\s*["']?\s*(?:https?:)?//""", html)
    assert not re.search(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", html)
    assert html.count("<svg") >= 5


def test_the_schema_is_json_for_one_kind_and_for_all(tmp_path: Path) -> None:
    """An editor reads it; each kind is there."""
    one = json.loads(fallline(tmp_path, "schema", "descent"))
    every = json.loads(fallline(tmp_path, "schema"))
    assert "surface" in one["properties"]
    assert every["kinds"]["descent"] == one
    assert {"capstone", "signal", "next-point"} <= set(every["kinds"])


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """The sentence names the port and the way out."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = fallline(tmp_path, "serve", "--port", port, "--no-browser", status=2)
    assert f"Port {port}" in said
    assert "--port" in said
