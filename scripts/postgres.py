"""A private PostgreSQL for the tests: its programs found or installed, a server of one's own in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote

from scripts import apt

VARIABLE = "FALLLINE_TEST_POSTGRES_BIN"
PATIENCE = 60.0  # seconds that a server may take to start
# Nothing here outlives the tests, so nothing is flushed to disk.
SETTINGS = {
    "listen_addresses": "",  # a Unix socket alone: no port to collide on
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_connections": "100",
}
ADVICE = (
    "PostgreSQL's server is not installed here. On Debian and Ubuntu: `apt-get install postgresql`; with Homebrew: "
    f"`brew install postgresql`. Or set {VARIABLE} to the folder of its `initdb` and `postgres`."
)


def find() -> Path | None:
    """Returns the folder that holds `initdb` and `postgres`: the named one, else on PATH, else the newest installed."""
    named = os.environ.get(VARIABLE)
    on_path = shutil.which("initdb")
    debian = Path("/usr/lib/postgresql")
    newest = sorted(debian.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    folders = [Path(named)] if named else []
    folders += [Path(on_path).resolve().parent] if on_path else []
    folders += [*newest, Path("/usr/local/bin"), Path("/opt/homebrew/bin"), Path("/usr/local/opt/postgresql/bin")]
    return next(
        (folder for folder in folders if all((folder / name).exists() for name in ("initdb", "postgres"))), None
    )


def provide() -> Path | None:
    """Finds PostgreSQL's programs, or installs Debian's; None where neither can be."""
    found = find()
    if found is None and apt.available() and apt.install("postgresql"):
        found = find()
    return found


def account() -> str | None:
    """Names the account that the server runs as: PostgreSQL refuses root's; None is one's own."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


class PrivateServer:
    """A PostgreSQL server for this process alone, from `with` to the end of it.

    Listens on a Unix socket in a temporary folder; anyone of this machine who may enter the folder is let in, and only
    the server's account and root may. Dies with the process that started it, however that ends (on Linux).
    """

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="fallline-pg-"))  # short: a socket's path holds 107 bytes at most
        self.data = self.folder / "data"
        self.account = account()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Makes a cluster, starts the server and waits until it answers."""
        if self.account:
            entry = pwd.getpwnam(self.account)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        log = self.folder / "log"
        with log.open("wb") as kept:
            made = self._start(
                "initdb",
                "--no-sync",
                "-A",
                "trust",
                "-U",
                "fallline",
                "-E",
                "UTF8",
                "--locale=C",
                "-D",
                self.data,
                log=kept,
            )
            if made.wait() == 0:
                options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
                self.process = self._start("postgres", "-D", self.data, "-k", self.folder, *options, log=kept)
        if self.process is None or not self._answers():
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            self.stop()
            raise RuntimeError(f"PostgreSQL from {self.programs} did not start: {said}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops the server and removes its folder."""
        self.stop()

    def _start(self, program: str, *arguments: str | Path, log: BinaryIO) -> subprocess.Popen[bytes]:
        command = [str(self.programs / program), *map(str, arguments)]
        if shutil.which("setpriv"):
            command = ["setpriv", "--pdeathsig", "QUIT", *command]
        return subprocess.Popen(
            command,
            user=self.account,
            group=None if self.account is None else pwd.getpwnam(self.account).pw_gid,
            extra_groups=None if self.account is None else [],
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def _answers(self) -> bool:
        """Waits until the server says in its own lock file that it is ready."""
        deadline = time.monotonic() + PATIENCE
        lock = self.data / "postmaster.pid"
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            lines = lock.read_text(encoding="utf-8").splitlines() if lock.exists() else []
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
            time.sleep(0.02)
        return False

    def stop(self) -> None:
        """Stops at once (nothing is worth keeping) and removes the folder."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGQUIT)  # PostgreSQL's "immediate shutdown"
            self.process.wait(timeout=30)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """Returns the SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://fallline@/{database}?host={quote(str(self.folder), safe='')}"

    def fresh(self) -> str:
        """Makes an empty database and returns its URL."""
        import psycopg  # in the dev extra alone; the set-up script imports this file before it is installed

        name = f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(host=str(self.folder), user="fallline", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        return self.url(name)
