"""A PostgreSQL of one's own: a cluster in a temporary folder, reached by a socket there, gone in the end."""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from setup.postgres import MISSING, installed

USER: Final = "motcua"
_FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """Starts, stops and kills a PostgreSQL server.

    `durable=False` is for tests that never stop it: nothing is forced to the disk. `settings` are those of
    postgresql.conf. PostgreSQL refuses to run as root: then it runs as `postgres`, or `nobody`.
    """

    def __init__(self, *, durable: bool = True, **settings: str) -> None:
        programs = installed()
        if programs is None:
            raise RuntimeError(MISSING)
        self._programs = programs
        self._as: dict[str, Any] = _someone_else() if os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
        self.data = self.folder / "data"
        self._log = self.folder / "log"
        self.settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            **({} if durable else _FAST),
            **settings,
        }
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", USER, "--locale=C.UTF-8", "-E", "UTF8", "-N")
        atexit.register(self.close)

    def start(self) -> None:
        """Start, and wait until it takes connections: after a kill, until it has recovered."""
        options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-t", "60", "-w", "-o", options, "start"
        )

    def stop(self) -> None:
        """End in good order; connections are closed."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """End at once, as a crash would (SIGQUIT): nothing is written that was not."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def crash(self) -> None:
        """Kill all of its processes where they are (SIGKILL), the first one first (on Linux)."""
        leader = self.postmaster
        if leader is None:
            return
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        processes = [leader, *map(int, children)]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(map(_runs, processes)):  # PostgreSQL does not start while one of them still holds its memory
            time.sleep(0.01)
        # One that is dead, but whose end nobody has asked for yet, would count as a running server.
        for lock in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    @property
    def postmaster(self) -> int | None:
        """The process id of the server, or None when it does not run."""
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def url(self, name: str) -> str:
        """Return what `MOTCUA_DATABASE` takes for a database of this cluster."""
        return f"postgresql://{USER}@/{name}?host={quote(str(self.folder), safe='')}"

    def create(self, name: str, *, template: str = "template1") -> str:
        """Make a database, anew if it is there; return its URL. `template` is a database to copy."""
        self.drop(name)
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """End it, and leave nothing behind."""
        if self.folder.exists():
            leader = self.postmaster
            if leader is not None:
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.kill(leader, signal.SIGQUIT)
                    subprocess.run(["tail", f"--pid={leader}", "-f", "/dev/null"], timeout=10, check=False)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            **self._as,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(
                f"{program} failed: {done.stdout or ''}{log.read_text()[-2000:] if log.exists() else ''}"
            )


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _someone_else() -> dict[str, Any]:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("expected a user `postgres` or `nobody`, since PostgreSQL does not run as root")
