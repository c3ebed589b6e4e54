"""The finder on a surface, where the limit of stability is the optimizer's own."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.optim import OPTIMIZERS
from fallline.engine.surfaces import SURFACES
from fallline.engine.train.finder.on_surface import find_rate_on


def test_on_a_surface_the_limit_is_the_optimizers_own() -> None:
    """The curvature rule is a third of the limit that the optimizer states; noise makes as many sweeps as asked."""
    ravine = SURFACES["ravine"]
    for name in ("gd", "momentum", "nesterov"):
        optimizer = OPTIMIZERS[name]()
        finding = find_rate_on(ravine, optimizer, steps=150, noise=0.0)
        largest = float(np.linalg.eigvalsh(ravine.hessian(np.array(ravine.start)))[-1])
        limit = optimizer.largest_stable_rate(largest)
        assert limit is not None
        assert finding.suggestion("curvature").rate == pytest.approx(limit / 3)
        assert finding.seeds == 1
    noisy = find_rate_on(ravine, OPTIMIZERS["gd"](), noise=1.0, seeds=4)
    assert noisy.seeds == 4
    assert noisy.sweeps[0].losses != noisy.sweeps[1].losses
    assert noisy == find_rate_on(ravine, OPTIMIZERS["gd"](), noise=1.0, seeds=4)
