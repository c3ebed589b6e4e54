"""Specs that must be refused before any work starts: text → what the refusal must mention."""

from __future__ import annotations

import json

DESCENT = 'kind = "descent"\n'
CHURN = 'kind = "capstone"\n[data]\nsource = "named"\nname = "telco_churn"\n'


PARTS = '[schedule]\nname = "{}"\nparts = [{}]\n'
EIGHT = '{ name = "sequence", parts = [' + ", ".join(["{}"] * 8) + "] }"


def _nested(levels: int) -> str:
    """A warm-up to a warm-up to a warm-up; as inline tables, which are the deepest that TOML takes."""
    inner = "{}"
    for _ in range(levels - 1):
        inner = f'{{ name = "warmup", parts = [{inner}] }}'
    return f'name = "warmup"\nparts = [{inner}]\n'


def _deep(levels: int) -> str:
    return '{"kind": "descent", "x": ' + '{"a": ' * levels + "1" + "}" * levels + "}"


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "a billion trials": (CHURN + "[tune]\ntrials = 1_000_000_000\n", "tune.trials"),
    "a billion steps": (DESCENT + "steps = 1_000_000_000\n", "steps"),
    "no steps": (DESCENT + "steps = 0\n", "steps"),
    "negative seed": (DESCENT + "seed = -1\n", "seed"),
    "seed of a thousand digits": (DESCENT + "seed = " + "9" * 1000 + "\n", "seed"),
    "seed of a hundred thousand digits": (DESCENT + "seed = " + "9" * 100_000 + "\n", "TOML"),
    "NaN rate": (DESCENT + "[optimizers.gd]\nrate = nan\n", "optimizers.gd.rate"),
    "infinite rate": (DESCENT + "[optimizers.gd]\nrate = inf\n", "optimizers.gd.rate"),
    "1e400": (DESCENT + "noise = 1e400\n", "noise"),
    "JSON 1e400": ('{"kind": "descent", "noise": 1e400}', "noise"),
    "JSON NaN": ('{"kind": "descent", "noise": NaN}', "finite"),
    "duplicate TOML key": (DESCENT + "seed = 1\nseed = 2\n", "TOML"),
    "duplicate JSON key": ('{"kind": "descent", "seed": 1, "seed": 2}', "seed"),
    "ten megabytes": (DESCENT + "#" * 10_000_000, "KiB"),
    "ten megabytes of bytes": (b"#" * 10_000_000, "KiB"),
    "JSON of depth 10,000": (_deep(10_000), ""),
    "JSON of depth 40": (_deep(40), "nesting"),
    "TOML arrays of depth 10,000": (DESCENT + "x = " + "[" * 10_000 + "]" * 10_000 + "\n", "TOML"),
    "twenty thousand values": (DESCENT + "x = [" + "1," * 20_000 + "]\n", "small enough"),
    "path as data name": (CHURN.replace("telco_churn", "../../etc/passwd"), "data.name"),
    "absolute path as data name": (CHURN.replace("telco_churn", "/etc/passwd"), "data.name"),
    "path as surface": (DESCENT + 'surface = "../bowl"\n', "surface"),
    "NUL in a name": ('{"kind": "descent", "surface": "bowl\\u0000"}', "surface"),
    "unknown surface": (DESCENT + 'surface = "rosenbrok"\n', "rosenbrock"),
    "unknown optimizer": (DESCENT + "[optimizers.adm]\nrate = 0.1\n", "adam"),
    "unknown parameter": (DESCENT + "[optimizers.momentum.params]\nmomentun = 0.9\n", "momentum"),
    "parameter out of range": (DESCENT + "[optimizers.momentum.params]\nmomentum = 1.5\n", "optimizers.momentum"),
    "unknown schedule": (DESCENT + '[schedule]\nname = "cosin"\n', "cosine"),
    "unknown key": (DESCENT + "step = 3\n", "steps"),
    "parts of a schedule that has none": (DESCENT + PARTS.format("cosine", '{ name = "step" }'), "it has none"),
    "shares that are no whole": (DESCENT + PARTS.format("sequence", "{ share = 0.5 }, { share = 0.4 }"), "sums to 1"),
    "a share outside a sequence": (DESCENT + PARTS.format("warmup", "{ share = 0.5 }"), "sequence"),
    "milestones that fall": (DESCENT + PARTS.format("sequence", "{ until = 9 }, { until = 5 }, {}"), "schedule.until"),
    "an end for the last part": (DESCENT + PARTS.format("sequence", "{ until = 9 }, { until = 10 }"), "last part"),
    "an unknown schedule within": (DESCENT + PARTS.format("warmup", '{ name = "cosin" }'), "schedule.parts.0.name"),
    "a setting within": (DESCENT + PARTS.format("warmup", "{ params = { floor = 1 } }"), "schedule.parts.0.params"),
    "nine parts": (DESCENT + PARTS.format("sequence", ", ".join(["{}"] * 9)), "at most 8"),
    "schedules too deep": (DESCENT + "[schedule]\n" + _nested(5), "levels deep"),
    "too many schedules": (DESCENT + PARTS.format("sequence", ", ".join([EIGHT] * 8)), "at most 32"),
    "milestones as text": (
        DESCENT + '[schedule]\nname = "multi_step"\nparams = { milestones = ["a"] }\n',
        "milestones",
    ),
    "a list for a number": (DESCENT + '[schedule]\nname = "cosine"\nparams = { floor = [0.1] }\n', "floor"),
    "seventeen milestones": (
        DESCENT + f'[schedule]\nname = "multi_step"\nparams = {{ milestones = {[*range(1, 18)]} }}\n',
        "milestones",
    ),
    "Cyrillic look-alike key": ('{"kind": "descent", "s\\u0435ed": 1}', "CYRILLIC"),
    "full-width look-alike key": ('{"kind": "descent", "\\uff53eed": 1}', "FULLWIDTH"),
    "right-to-left override": ('{"kind": "descent", "title": "abc\\u202edcba"}', "title"),
    "zero-width space in a name": ('{"kind": "descent", "surface": "bo\\u200bwl"}', "surface"),
    "__proto__": ('{"kind": "descent", "__proto__": {"steps": 1}}', "__proto__"),
    "constructor": ('{"kind": "descent", "constructor": {"steps": 1}}', "constructor"),
    "true for an integer": (DESCENT + "steps = true\n", "steps"),
    "text for a number": (DESCENT + 'noise = "0.1"\n', "noise"),
    "float for an integer": (DESCENT + "steps = 10.5\n", "steps"),
    "list for a table": (DESCENT + "optimizers = [1, 2]\n", "optimizers"),
    "date for a number": (DESCENT + "noise = 2024-01-01\n", "noise"),
    "three coordinates": (DESCENT + "start = [1.0, 2.0, 3.0]\n", "start"),
    "no optimizer": (DESCENT + "[optimizers]\n", "optimizers"),
    "every optimizer off": (DESCENT + "[optimizers.gd]\non = false\n", "optimizers"),
    "nine optimizers": (DESCENT + "".join(f"[optimizers.o{i}]\noptimizer = 'gd'\n" for i in range(9)), "optimizers"),
    "no kind": ("seed = 1\n", "kind"),
    "a finder of a million steps": ('kind = "finder"\nsteps = 1_000_000\n', "steps"),
    "twenty sweeps of a thousand steps": ('kind = "finder"\nsteps = 1000\nseeds = 20\n', "in all sweeps"),
    "a finder that goes down": ('kind = "finder"\nlow = 1.0\nhigh = 0.1\n', "high"),
    "a finder from zero": ('kind = "finder"\nlow = 0.0\n', "low"),
    "a finder for L-BFGS": ('kind = "finder"\n[optimizer]\nname = "lbfgs"\n', "optimizer.name"),
    "a rate tried for ever": ('kind = "finder"\n[probe]\nsteps = 1_000_000_000\n', "probe.steps"),
    "unknown kind": ('kind = "decent"\n', "descent"),
    "kind is a list": ('kind = ["descent"]\n', "kind"),
    "not a table": ("[1, 2, 3]", ""),
    "a bare JSON string": ('"descent"', ""),
    "binary": (bytes(range(256)), ""),
    "Latin-1": ('kind = "descent"\ntitle = "Gef\xe4lle"\n'.encode("latin-1"), "UTF-8"),
    "width of ten million": (
        CHURN + '[[train.families]]\nfamily = "mlp"\nparams = { hidden = 10_000_000 }\n',
        "hidden",
    ),
    "unknown family": (CHURN + '[[train.families]]\nfamily = "forest"\n', "family"),
    "pay-off of NaN": (CHURN + "[frame.payoff]\ntp = nan\n", "frame.payoff.tp"),
    "pay-off that never pays": (CHURN + "[frame.payoff]\ntp = -1.0\n", "frame.payoff"),
    "test share of one": (CHURN + "[frame.split]\ntest = 1.0\n", "frame.split.test"),
    "grouped without a column": (CHURN + '[frame.split]\nkind = "grouped"\n', "column"),
    "one fold": (CHURN + "[train]\nfolds = 1\n", "train.folds"),
    "record with a slash": ('kind = "profit"\nrecord = "../secret"\n', "record"),
    "title of a megabyte": (json.dumps({"kind": "descent", "title": "x" * 200_000}), "title"),
}
