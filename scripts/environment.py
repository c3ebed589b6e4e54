"""Makes `.venv` and installs Fall Line into it; a second time, does nothing unless something changed.

Runs under the Python that the Makefile found, so it uses the standard library alone.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import apt, pip

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "fallline.json"
SPACE = 4 * 2**30  # bytes: what `make serve` takes, with room for pip to unpack
TITLES = {"serve": "Fall Line and the libraries it runs on", "dev": "Fall Line and all that its tests need"}


def wanted() -> dict[str, object]:
    """Describes the environment that this checkout asks for: where, by which Python, with which dependencies."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [declared["project"], declared["build-system"], declared["tool"]["hatch"]]
    return {
        "root": str(ROOT),
        "dependencies": hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(),
    }


def installed() -> dict[str, object]:
    """Reads what was installed last; empty when nothing was, or when it did not end well."""
    if not (STAMP.exists() and PYTHON.exists()):
        return {}
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def ready(extra: str) -> bool:
    """Whether `.venv` already holds what `extra` asks for; `dev` holds all that `serve` does."""
    found = installed()
    return all(found.get(key) == value for key, value in wanted().items()) and found.get("extra") in {extra, "dev"}


def create() -> None:
    """Makes `.venv`, unless a working one of this very folder is there: a moved checkout gets a new one."""
    moved = installed().get("root", str(ROOT)) != str(ROOT)
    if not moved and works():
        return
    print(f"1/3  Making .venv with Python {sys.version.split()[0]}", flush=True)
    free = shutil.disk_usage(ROOT).free
    if free < SPACE:
        print(f"     Only {free / 2**30:.1f} GB are free here and about {SPACE / 2**30:.0f} are wanted.", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if done.returncode and apt.available() and apt.install(package):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(
            f"Python could not make a virtual environment: {(done.stdout + done.stderr).strip()[-400:]}\n"
            f"On Debian and Ubuntu, `apt-get install {package}` as root, then run this again."
        )


def works() -> bool:
    """Whether `.venv` has a Python new enough that starts and has pip."""
    if not PYTHON.exists():
        return False
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0


def torch(index: str) -> None:
    """Installs the pinned PyTorch by itself: the one large download, and the one with a choice of build."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pin = declared["project"]["optional-dependencies"]["torch"][0]
    check = "import importlib.metadata as m, sys; sys.exit(m.version('torch').split('+')[0] != sys.argv[1])"
    if subprocess.run([PYTHON, "-c", check, pin.split("==")[1]], capture_output=True, check=False).returncode == 0:
        return
    print(f"2/3  Installing PyTorch ({pin})", flush=True)
    if sys.platform == "linux" and not index:
        print(
            "     Linux gets the build with CUDA, several GB, unless pip is set up otherwise. For the small one:\n"
            "     make serve TORCH_INDEX=<the CPU index that pytorch.org names on its install page>",
            flush=True,
        )
    pip.install(PYTHON, [pin, *(["--extra-index-url", index] if index else [])], VENV / "install.log")


@contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up at a time work on this checkout; a second waits."""
    folder = ROOT / ".make"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another set-up of this folder is at work; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> None:
    """Brings `.venv` to what is asked for."""
    parser = argparse.ArgumentParser(prog="scripts.environment", description=__doc__)
    parser.add_argument("extra", choices=sorted(TITLES))
    parser.add_argument("--torch-index", default="")
    chosen = parser.parse_args(arguments)
    if ready(chosen.extra):
        return
    with alone():
        if ready(chosen.extra):
            return
        began = time.monotonic()
        create()
        STAMP.unlink(missing_ok=True)
        torch(chosen.torch_index)
        print(f"3/3  Installing {TITLES[chosen.extra]}", flush=True)
        pip.install(PYTHON, ["--editable", f"{ROOT}[{chosen.extra}]"], VENV / "install.log")
        STAMP.write_text(json.dumps(wanted() | {"extra": chosen.extra}, indent=2) + "\n", encoding="utf-8")
        print(f"     Ready after {time.monotonic() - began:.0f} s.", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
