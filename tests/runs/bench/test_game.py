"""Stage ``game``: what the lab says of two players is so, on other seeds too."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.frames import at_step
from fallline.figures.game import game_figures
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def part(**asked: Any) -> dict[str, Any]:
    """The part of a match."""
    made: dict[str, Any] = answer(load_spec({"kind": "game", "seed": 1, **asked})).part("game")
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_judge_that_is_ahead_makes_all_eight_and_a_quick_maker_collapses(seed: int) -> None:
    """Three steps of D for each of G cover what a G that learns three times as fast does not."""
    ahead, behind = part(seed=seed, judge_steps=3)["end"], part(seed=seed, maker={"rate": 0.03})["end"]
    assert ahead["hit"] >= 7
    assert behind["hit"] < ahead["hit"]
    assert ahead["distance"]["value"] < behind["distance"]["value"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_penalty_takes_the_turning_away(seed: int) -> None:
    """At the start already: it adds a symmetric part to D's own block."""
    plain, held = (part(seed=seed, rounds=0, penalty=penalty)["rotation"][0]["share"] for penalty in (0.0, 3.0))
    assert held < 0.3 * plain


def test_slow_motion_shows_the_same_match() -> None:
    """The last moments are those of the whole match, and every stage of three rounds has a frame."""
    whole, slow = part(rounds=40), part(rounds=40, slow=True)
    assert slow["moments"][-1]["made"] == whole["moments"][-1]["made"]
    assert [each["round"] for each in slow["moments"]] == [37, 38, 39, 40]
    figures = game_figures(slow)
    assert {figure.steps for figure in figures} == {17}
    assert all(len(figure.frames) == 18 for figure in figures)


def test_frames_stand_still_where_nothing_plays() -> None:
    """A drawing without a player shows the last frame, at a step that step's; each has the moment's own marks."""
    figure = game_figures(part(rounds=20))[0]
    assert svg(figure) == svg(figure, step=figure.steps)
    assert svg(figure) != svg(figure, step=0)
    for step, place in ((None, -1), (0, 0), (3, 3)):
        shown = at_step(figure, step)
        assert shown.marks[1:] == figure.frames[place][1:]
        assert shown.frames == ()


def test_a_match_that_runs_away_is_told() -> None:
    """With figures of what was there before."""
    wild = {"rate": 10.0, "optimizer": "gd"}
    made = part(loss="squares", maker=wild, judge=wild)
    assert made["broken"]
    assert all(svg(figure) for figure in game_figures(made))
