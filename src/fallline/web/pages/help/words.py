"""Words: the keys of the site and the terms that it uses."""

from __future__ import annotations

KEYS: tuple[tuple[str, str], ...] = (
    ("Tab", "go to the next control; the ring shows where you are"),
    ("← →", "move a slider by one stop; Page Up and Page Down by ten"),
    ("← ↑ → ↓", "move a point or a line on a figure, when it has the focus; with Shift ten times as far"),
    ("← →", "read the values of a figure one by one, when the figure has the focus"),
    ("Space", "play and pause, when the player has the focus; ← and → go one step, Home and End to the ends"),
    ("T", "show the table behind a figure, when it has the focus"),
)
"""Key → what it does."""

WORDS: tuple[tuple[str, str], ...] = (
    ("Spec", "what to do: a validated tree of named values. Moving a slider makes another Spec."),
    ("Run", "doing it: a Spec carried out, stage by stage."),
    ("Record", "what happened: the result, which anyone can compute again, and what was observed on this machine."),
    ("Lab", "a question with a picture, a few knobs and a prediction to make first."),
    ("Stage", "one step of a Run, such as tuning or deciding on a threshold."),
    ("Ending", "why something stopped, with the reason and what to try."),
    ("Problem", "what is minimised: a loss, its start and its data."),
    ("Optimizer", "the rule that turns a gradient into a step."),
    ("Schedule", "how the learning rate changes over the steps."),
    ("Trial", "one set of hyperparameters, tried once."),
    ("Study", "a search: a space, a sampler and its trials."),
    ("Front", "the trials that no other trial beats on every objective."),
    ("Item", "one question of a quiz or exam; everyone draws their own variant."),
    ("Attempt", "one sitting of an assessment; content and variant are fixed when it starts."),
)
"""Term → meaning."""
