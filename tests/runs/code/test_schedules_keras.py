"""Every schedule as Keras source gives the rates of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from fallline.engine.schedules import (
    SCHEDULES,
    Constant,
    InverseTime,
    MultiStep,
    Polynomial,
    Schedule,
    Sequence,
    Step,
    Triangular,
    WarmRestarts,
    Warmup,
)
from fallline.peers.code_keras_schedules import FACTORS, schedule
from fallline.peers.code_schedules import functions, imported

RATE, STEPS = 0.3, 60
OTHERS: list[Schedule] = [
    Step(7, 0.5),
    MultiStep((1, 20, 21), 0.5),
    InverseTime(5.0),
    Polynomial(2.0, 0.1),
    WarmRestarts(9, 1.0, 0.7, 0.1),
    WarmRestarts(5, 1.5),
    Triangular(0.0, 4, 7, shrink=0.5),
    Sequence((Warmup((Step(3),)), Constant()), until=(13,)),
]
DRIVER = "print(json.dumps([[float(each(step)) for step in range(STEPS)] for each in FOUND]))"


def test_keras_sets_our_rates(tmp_path: Path) -> None:
    """Its own schedules where it has them, a table of factors elsewhere: within 1e-6, in Keras' single precision."""
    made = [*(kind() for kind in SCHEDULES.values() if kind is not Constant), *OTHERS]
    calls = [call for each in made if (call := schedule(each, RATE, STEPS)) is not None]
    assert len(calls) == len(made)
    own = {name for name, _ in calls if name != "Factors"}
    assert len(own) == 6  # all that keras.optimizers.schedules has
    text = repr([arguments for _, arguments in calls])
    lines = [
        "import json",
        *(f"from {module} import {', '.join(names)}" for module, names in imported(text).items()),
        "import keras",
        "import numpy as np",
        f"from keras.optimizers.schedules import {', '.join(sorted(own))}",
        *(line for part in functions(text) for line in part),
        FACTORS,
        f"STEPS = {STEPS}",
        "FOUND = [",
        *(f"    {name}({', '.join(f'{key}={value!r}' for key, value in given.items())})," for name, given in calls),
        "]",
        DRIVER,
    ]
    path = tmp_path / "schedules.py"
    path.write_text("\n".join(lines))
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    for each, theirs in zip(made, json.loads(done.stdout.splitlines()[-1]), strict=True):
        np.testing.assert_allclose(theirs, RATE * each.factors(STEPS), rtol=0, atol=1e-6, err_msg=str(each))
    assert schedule(Constant(), RATE, STEPS) is None
