"""Debian's packages, where they can be had: as root, with apt-get."""

from __future__ import annotations

import os
import shutil
import subprocess


def available() -> bool:
    """Whether this account may install Debian packages without asking anyone."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """Installs one package, after `apt-get update`; returns whether apt-get said that it worked."""
    print(f"Installing Debian's {package}.", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    )
    codes = [
        subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        ).returncode
        for command in commands
    ]
    return codes[-1] == 0  # a mirror that is down fails the update, and the list may still be good
