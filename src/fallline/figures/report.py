"""The report of a Record: one HTML file without network, good enough to hand to a manager.

Verdict first, then the numbers that support it, then stage by stage; the model card and the Spec at the end.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any

from fallline.figures.registry import parts_of, stage_figures
from fallline.figures.roles import PAPER, ROLES, RULE
from fallline.figures.svg import svg
from fallline.figures.wording import money, number, share
from fallline.runs.record import Record

TITLES = {
    "frame": "What is wanted",
    "train": "Each family once",
    "tune": "The search",
    "tradeoff": "What is given up for what",
    "check": "Can it be trusted",
    "decide": "When to act",
    "explain": "What it looks at",
    "compress": "The file that is served",
}
"""Stage → heading."""


def report_html(record: Record) -> str:
    """Returns the whole report as one HTML document.

    Args:
        record: of a capstone that ended, or of any other kind.
    """
    when = datetime.fromtimestamp(record.observed["run"]["created"], UTC).strftime("%d %B %Y, %H:%M UTC")
    verdict = record.result.get("report", {}).get("verdict") or record.ending.sentence
    body = [
        f"<header><p class=muted>Fall Line · Record {escape(record.id)} · {when}</p>",
        f"<h1>{escape(record.title)}</h1><p class=verdict>{escape(verdict)}</p></header>",
        _headline(record),
        *(_section(stage, part) for stage, part in parts_of(record) if stage != "report"),
        _card(record),
        _fine_print(record),
    ]
    style = files("fallline.figures").joinpath("report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(record.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_colours()}{style}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _colours() -> str:
    """The palette as custom properties, light and dark."""

    def block(which: int) -> str:
        roles = "".join(f"--{name}:{(role.light, role.dark)[which]};" for name, role in ROLES.items())
        return f"--paper:{PAPER[which]};--rule:{RULE[which]};{roles}"

    return f":root{{{block(0)}}}@media (prefers-color-scheme:dark){{:root{{{block(1)}}}}}"


def _headline(record: Record) -> str:
    """The few numbers that a reader takes away."""
    if "report" not in record.result:
        return ""
    frame, check, decide, compress = (record.part(name) for name in ("frame", "check", "decide", "compress"))
    currency, fairness = frame["currency"], decide["fairness"]
    served = next(item for item in compress["variants"] if item["name"] == compress["service"]["variant"])
    gap = "not measured" if fairness is None or fairness["gap"] is None else share(fairness["gap"]["estimate"])
    profit, loss = decide["profit"], check["metrics"]["log_loss"]
    rows = (
        (f"Profit per 1,000 ({currency})", money(profit["estimate"], currency), _ends(profit, 0)),
        ("Test log loss", number(loss["estimate"], 4), _ends(loss, 4)),
        ("Act at and above", number(decide["threshold"], 3), "probability"),
        ("Fairness gap", gap, "" if fairness is None else escape(fairness["column"])),
        ("Served file", f"{served['size'] / 1000:.1f} kB", f"{served['latency_us']:.1f} µs a row by the cost model"),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{note}</small></dd></div>" for name, value, note in rows)
    return f"<dl class=headline>{cells}</dl>"


def _ends(interval: dict[str, float], decimals: int) -> str:
    return f"{interval['low']:,.{decimals}f} to {interval['high']:,.{decimals}f}".replace("-", "−")


def _section(stage: str, part: dict[str, Any]) -> str:
    drawn = "".join(
        f"<figure>{svg(figure, theme='page')}<figcaption>{escape(figure.caption or figure.alt)}</figcaption></figure>"
        for figure in stage_figures(stage, part)
    )
    sentence = escape(part.get("sentence", ""))
    return f"<section><h2>{escape(TITLES.get(stage, stage))}</h2><p>{sentence}</p>{drawn}</section>"


def _card(record: Record) -> str:
    card = record.result.get("report", {}).get("card")
    if card is None:
        return ""
    rows = [
        ("Model", f"{card['model']['family']}, {card['model']['chosen']}, served as {card['model']['file']}"),
        ("Hyperparameters", ", ".join(f"{key} = {value}" for key, value in card["model"]["params"].items())),
        ("Purpose", card["use"]["purpose"] or "not stated"),
        ("Not for", card["use"]["not_for"] or "not stated"),
        ("Contact", card["use"]["contact"] or "not stated"),
        ("Data", f"{card['data']['title']}: {card['data']['train']:,} rows to learn, {card['data']['test']:,} to test"),
        ("Target", f"{card['data']['target']}, {share(card['data']['base_rate'])} of rows"),
        ("Fairness", card["fairness"] or "not measured"),
        *(("Caveat", caveat) for caveat in card["caveats"]),
    ]
    body = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<section><h2>Model card</h2><table>{body}</table></section>"


def _fine_print(record: Record) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in record.identity.get("versions", {}).items())
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in record.warnings)
    spec = escape(json.dumps(record.spec, indent=1, ensure_ascii=False))
    return (
        "<section><h2>How to get this again</h2>"
        f"{f'<ul>{warnings}</ul>' if warnings else ''}"
        "<p>Same Spec, same data, same versions give the same result, to the bit. "
        f"Key <code>{record.key[:16]}…</code>, result <code>{record.result_digest()[:16]}…</code>, "
        f"data <code>{record.identity.get('data', '')[:16]}…</code>, seed {record.seed}. {escape(versions)}.</p>"
        f"<details><summary>The Spec</summary><pre>{spec}</pre></details></section>"
    )
