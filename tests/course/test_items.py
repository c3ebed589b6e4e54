"""Items: what is shown, what is right, what is wrong and what is no answer at all."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import FallLineError, SpecError
from fallline.course.items import Item, grade, item_from, present
from fallline.course.items.draw import draw
from fallline.course.items.multiple import partial_score
from fallline.course.items.order import pairs_in_order

COMMON = {"week": 1, "title": "T", "topic": "t", "solution": "Because it is so."}
BECAUSE = "This is why that cannot be right."
NUMERIC: dict[str, Any] = COMMON | {
    "id": "limit",
    "kind": "numeric",
    "prompt": "Eigenvalues {flat:g} and {steep:g}: the limit?",
    "answer": "limit",
    "generate": {"builtin": "quadratic.stable_step"},
    "misconceptions": [{"id": "inverse", "value": "inverse", "feedback": BECAUSE, "score": "1/4"}],
}
CHOICE: dict[str, Any] = COMMON | {
    "id": "outcome",
    "kind": "choice",
    "prompt": "η = {rate:g}, λ = {steep:g}?",
    "generate": {"builtin": "quadratic.outcome"},
    "options": [
        {"text": "smooth", "correct": ["product < 1"], "wrong": [{"id": "other"}]},
        {"text": "overshoot", "correct": ["product > 1", "product < 2"], "wrong": [{"id": "other"}]},
        {"text": "diverges", "correct": ["product > 2"], "wrong": [{"id": "other"}]},
    ],
    "misconceptions": [{"id": "other", "feedback": BECAUSE}],
}
MULTIPLE: dict[str, Any] = COMMON | {
    "id": "even",
    "kind": "multiple",
    "prompt": "Which are even?",
    "options": [
        {"text": "2", "correct": []},
        {"text": "3", "wrong": [{"id": "odd"}]},
        {"text": "4", "correct": []},
        {"text": "5", "wrong": [{"id": "odd"}]},
    ],
    "missed": "left-out",
    "misconceptions": [{"id": "odd", "feedback": BECAUSE}, {"id": "left-out", "feedback": BECAUSE}],
}
ORDER: dict[str, Any] = COMMON | {
    "id": "loop",
    "kind": "order",
    "prompt": "Order one step of training.",
    "blocks": ["predict", "compute the loss", "compute the gradient", "step"],
    "distractors": [{"text": "look at the test set", "wrong": "peeks"}],
    "swapped": "step-first",
    "misconceptions": [{"id": "peeks", "feedback": BECAUSE}, {"id": "step-first", "feedback": BECAUSE}],
}


def item(tree: dict[str, Any], **changes: Any) -> Item:
    """An item from a tree, changed."""
    return item_from(tree | changes)


def key_of(made: Item, seed: int, text: str) -> str:
    """The letter under which an option is shown."""
    return next(key for key, shown in present(made, seed).options if shown == text)


@settings(deadline=None)
@given(st.integers(0, 2**53))
def test_every_known_answer_gets_its_score(seed: int) -> None:
    """For any seed and every kind: right is 1, a misconception its score and tag, nonsense is invalid."""
    for tree in (NUMERIC, CHOICE, MULTIPLE, ORDER):
        made = item(tree)
        for trial in made.trials(draw(made, seed), seed):
            verdict = grade(made, seed, trial.answer)
            assert verdict.valid == (trial.score is not None)
            assert verdict.score == (trial.score or 0)
            assert trial.misconception in ("", *verdict.misconceptions)


@settings(deadline=None)
@given(
    st.integers(0, 2**53),
    st.one_of(st.none(), st.floats(), st.text(max_size=20), st.lists(st.text(max_size=3), max_size=5)),
)
def test_no_answer_breaks_the_marking(seed: int, answer: Any) -> None:
    """Whatever a form sends, there is a verdict between 0 and 1 with a sentence."""
    for tree in (NUMERIC, CHOICE, MULTIPLE, ORDER):
        verdict = grade(item(tree), seed, answer)
        assert 0 <= verdict.score <= 1
        assert verdict.feedback


def test_numbers_as_people_write_them() -> None:
    """A true minus, blanks and an exponent are fine; a comma, a unit or a bool is no answer, and not wrong."""
    made, seed = item(NUMERIC), 7
    right = float(draw(made, seed)["limit"])
    for written in (f"  {right} ", f"{right:e}", right, f"{right * 1.019}", f"{right * 0.981}"):
        assert grade(made, seed, written).score == 1
    assert grade(made, seed, right * 1.021).score == 0
    for written in ("0,04", "0.04 steps", "", "1_000", True, "nan", "−", "0x1"):
        assert not grade(made, seed, written).valid


def test_a_misconception_may_earn_part_of_the_credit() -> None:
    """Half the limit points to 1/λ, with its feedback and its quarter."""
    made, seed = item(NUMERIC), 7
    verdict = grade(made, seed, float(draw(made, seed)["inverse"]))
    assert (verdict.score, verdict.misconceptions, verdict.feedback) == (Fraction(1, 4), ("inverse",), BECAUSE)


def test_significant_figures_are_counted() -> None:
    """With three figures asked for, one off in the last is right and two are not."""
    made, seed = item(NUMERIC, sigfigs=3), 3
    right = float(draw(made, seed)["limit"])
    step = 10 ** (len(str(int(1 / right))) * -1 - 2) if right < 1 else 0.01
    assert grade(made, seed, f"{right:.3g}").score == 1
    assert grade(made, seed, right + 30 * step).score == 0


def test_options_are_shuffled_by_the_seed_and_marked_as_shown() -> None:
    """Every order occurs, the letter of an option moves with it, and the verdict follows the option."""
    made = item(MULTIPLE)
    orders = {tuple(text for _, text in present(made, seed).options) for seed in range(400)}
    assert orders == set(permutations(["2", "3", "4", "5"]))
    for seed in range(30):
        two, four, three = (key_of(made, seed, text) for text in ("2", "4", "3"))
        assert grade(made, seed, f"{two},{four}").score == 1
        assert grade(made, seed, [two, four, three]).score == Fraction(1, 2)
        assert grade(made, seed, [two]).misconceptions == ("left-out",)


def test_an_item_may_keep_its_order() -> None:
    """Options with letters of their own stay where they are; lines to be ordered never do."""
    assert [text for _, text in present(item(MULTIPLE, shuffle=False), 5).options] == ["2", "3", "4", "5"]
    with pytest.raises(SpecError, match="shows its answer"):
        item(ORDER, shuffle=False)


@settings(deadline=None)
@given(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 5), min_size=1))
def test_partial_credit_by_its_definition(ticked: set[int], right: set[int]) -> None:
    """Each rule agrees with a count over the options one by one; all give 1 exactly for the right ticks."""
    hits = sum(option in right for option in ticked)
    same = sum((option in ticked) == (option in right) for option in range(6))
    expected = {
        "off": Fraction(int(ticked == right)),
        "each-answer": Fraction(same, 6),
        "net-correct": max(Fraction(0), Fraction(2 * hits - len(ticked), len(right))),
        "coverage": Fraction(hits * hits, len(right) * len(ticked)),
    }
    for rule, score in expected.items():
        got = partial_score(rule, ticked, right, 6)  # type: ignore[arg-type]
        assert got == score
        assert (got == 1) == (ticked == right)


@settings(deadline=None)
@given(st.permutations(range(5)))
def test_pairs_in_order_count_inversions(order: list[int]) -> None:
    """The share of pairs in order is one less the share of inversions."""
    inversions = sum(order[i] > order[j] for i in range(5) for j in range(i + 1, 5))
    assert pairs_in_order(order, 5) == 1 - Fraction(inversions, 10)


def test_lines_that_do_not_belong_earn_nothing() -> None:
    """Using one points to its misconception; leaving a line out costs its pairs; the order is read from text."""
    made, seed = item(ORDER), 2
    letters = [key_of(made, seed, text) for text in ORDER["blocks"]]
    strange = key_of(made, seed, "look at the test set")
    assert grade(made, seed, " ".join(letters)).score == 1
    assert grade(made, seed, [*letters, strange]).misconceptions == ("peeks",)
    assert grade(made, seed, letters[:3]).score == Fraction(1, 2)
    assert grade(made, seed, [letters[1], letters[0], *letters[2:]]).score == Fraction(5, 6)


@settings(deadline=None)
@given(st.integers(2**40, 2**53))
def test_nothing_is_given_away(seed: int) -> None:
    """What is shown holds no seed, no tag, no feedback, no solution, and no key beyond the few that it needs."""
    for tree in (NUMERIC, CHOICE, MULTIPLE, ORDER):
        made = item(tree)
        text = json.dumps(present(made, seed).to_dict())
        assert str(seed) not in text
        assert "misconception" not in text
        assert BECAUSE not in text
        assert COMMON["solution"] not in text
        assert all(known.id not in text for known in made.misconceptions)
        assert set(present(made, seed).to_dict()) == {"item", "kind", "prompt", "options", "unit", "instruction"}


def test_rejection_keeps_answers_apart() -> None:
    """With a gap asked for, no variant has two values closer than it; ranges that leave no room are told."""
    made = item(
        NUMERIC,
        min_gap=0.2,
        misconceptions=[*NUMERIC["misconceptions"], {"id": "fastest", "value": "fastest", "feedback": BECAUSE}],
    )
    narrow = {"generate": {"builtin": "quadratic.stable_step", "settings": {"kappa": [1.0, 6.0]}}}
    for seed in range(50):
        params = draw(item_from(made.to_tree() | narrow), seed)
        assert 1 - float(params["fastest"]) / float(params["limit"]) > 0.2
    with pytest.raises(FallLineError, match="Widen"):
        draw(
            item_from(
                made.to_tree() | {"generate": {"builtin": "quadratic.stable_step", "settings": {"kappa": [9.0, 9.0]}}}
            ),
            0,
        )


@pytest.mark.parametrize(
    ("tree", "changes", "message"),
    [
        (NUMERIC, {"generate": None}, "generate"),
        (NUMERIC, {"misconceptions": [{"id": "x", "feedback": BECAUSE}]}, "'x' has none"),
        (NUMERIC, {"prompt": "{flat.real()}"}, "path:format"),
        (CHOICE, {"options": CHOICE["options"][:1]}, "options"),
        (CHOICE, {"misconceptions": []}, "other"),
        (MULTIPLE, {"partial": "some"}, "partial"),
        (ORDER, {"blocks": ["one"]}, "blocks"),
        (CHOICE, {"kind": "choise"}, "Did you mean 'choice'"),
        (CHOICE, {"generate": {"builtin": "quadratic.outcom"}}, "quadratic.outcome"),
    ],
)
def test_a_malformed_item_is_refused(tree: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    """Each mistake is told when the item is read, not when somebody sits it."""
    with pytest.raises(SpecError, match=message):
        item(tree, **changes)


def test_an_item_survives_storage() -> None:
    """Its plain tree builds the same item, which is how an attempt keeps it."""
    for tree in (NUMERIC, CHOICE, MULTIPLE, ORDER):
        made = item(tree)
        assert item_from(json.loads(json.dumps(made.to_tree()))) == made
