"""Identity: what makes two runs the same computation.

Key = SHA-256 of the Spec with defaults filled in (its seed included), the SHA-256 of the data, the digest of the
sources and versions that its stages use, and the thread count. Same key, same `result`.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fallline.core.canonical import digest
from fallline.runs.spec.base import Spec

THREADS = 1
"""Every stage computes on one thread: BLAS gives other bits on two. Speed comes from processes, each with one."""

ENGINE = ("core", "engine")
SOURCES: dict[str, tuple[str, ...]] = {
    "capstone": (*ENGINE, "peers", "runs/sources", "runs/stages", "runs/spec"),
    "descent": (
        "core",
        "engine/surfaces",
        "engine/optim",
        "engine/schedules",
        "engine/descent",
        "engine/data",
        "runs/bench",
        "runs/sources",
        "runs/spec",
    ),
    "basins": ("core", "engine/surfaces", "engine/optim", "engine/schedules", "engine/descent", "runs/bench"),
    "line-fit": ("core", "engine/train", "runs/sources", "runs/bench"),
    "drawn-schedule": (
        "core",
        "engine/data",
        "engine/nets",
        "engine/optim",
        "engine/schedules",
        "engine/train",
        "runs/sources",
        "runs/spec",
        "runs/bench",
    ),
    "rate-finder": (*ENGINE, "runs/sources", "runs/spec", "runs/bench"),
    "batches": ("core", "engine/surfaces", "engine/optim", "engine/descent", "runs/sources", "runs/bench"),
    "framing": ("core", "runs/sources", "runs/bench"),
    "problem": ("core", "engine/train", "runs/sources", "runs/bench"),
    "failure": ("core", "runs/bench"),
    "breakdown": ("core", "runs/bench"),
    "dialects": ("core", "engine/surfaces", "engine/optim", "engine/schedules", "engine/descent", "runs/bench"),
    "sick": ("core", "engine/schedules", "engine/train", "runs/bench"),
    "tiny-net": (*ENGINE, "runs/sources", "runs/bench"),
    "noisy": ("core", "engine/optim", "engine/descent", "engine/surfaces", "runs/sources", "runs/bench"),
    "game": ("core", "engine/games", "engine/optim", "runs/bench"),
    "momentum": ("core", "engine/nets", "engine/descent", "runs/bench"),
    "signal": ("core", "engine/nets", "runs/bench"),
    "next-point": ("core", "engine/tune", "runs/bench"),
    "train": (*ENGINE, "peers", "runs/sources", "runs/training", "runs/spec"),
    "finder": (*ENGINE, "runs/bench", "runs/spec"),
    "race": (*ENGINE, "peers", "runs/sources", "runs/race", "runs/spec"),
}
"""Kind → folders whose sources decide its result; a kind not named here is a view."""
VIEW = ("core", "engine/decide", "engine/fronts", "engine/metrics", "runs/views")

PACKAGES: dict[str, tuple[str, ...]] = {
    "capstone": (
        "numpy",
        "scipy",
        "scikit-learn",
        "lightgbm",
        "torch",
        "optuna",
        "onnx",
        "onnxruntime",
        "shap",
        "pyarrow",
    ),
    "descent": ("numpy", "numba"),
    "basins": ("numpy", "numba"),
    "line-fit": ("numpy", "scikit-learn"),
    "drawn-schedule": ("numpy", "scipy", "scikit-learn", "numba"),
    "rate-finder": ("numpy", "scipy", "scikit-learn", "numba"),
    "batches": ("numpy", "scipy", "scikit-learn", "numba"),
    "framing": ("numpy",),
    "problem": ("numpy", "scikit-learn"),
    "failure": ("numpy",),
    "breakdown": ("numpy",),
    "dialects": ("numpy", "numba"),
    "sick": ("numpy",),
    "tiny-net": ("numpy", "numba"),
    "noisy": ("numpy", "numba", "scikit-learn"),
    "game": ("numpy", "scipy"),
    "momentum": ("numpy", "scikit-learn"),
    "signal": ("numpy",),
    "next-point": ("numpy", "scipy"),
    "train": ("numpy", "scipy", "scikit-learn", "torch", "tensorflow-cpu", "keras", "safetensors", "pyarrow"),
    "finder": ("numpy", "scipy", "scikit-learn", "torch"),
    "race": ("numpy", "scipy", "scikit-learn", "torch", "tensorflow-cpu", "keras"),
}


@lru_cache
def source_digest(folders: tuple[str, ...]) -> str:
    """Returns the SHA-256 of all Python sources below folders of the package."""
    root = Path(__file__).parent.parent
    whole = hashlib.sha256()
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if path.name.startswith("code_"):  # shows a Spec as code, and computes nothing
                continue
            whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@lru_cache
def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Returns package → installed version, ``absent`` for one that is not installed."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def identity(spec: Spec, data_sha256: str) -> dict[str, Any]:
    """Returns what goes into the key besides the Spec: data, sources, versions, threads."""
    return {
        "data": data_sha256,
        "sources": source_digest(SOURCES.get(spec.kind, VIEW)),
        "versions": versions(PACKAGES.get(spec.kind, ("numpy",))),
        "threads": THREADS,
    }


def key_of(spec: Spec, known: dict[str, Any]) -> str:
    """Returns the key, 64 hex digits. The title names a run; it does not change what is computed."""
    tree = spec.to_tree()
    tree.pop("title")
    return digest({"spec": tree, "identity": known})
