"""pouchdb-server with its usual storage, LevelDB: as it comes, and with each write forced to the disk."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from loadtests.peers import records
from loadtests.peers.contender import WARM
from loadtests.peers.program import Program, call
from loadtests.service import REPOSITORY, free_port
from setup.peers import MODULES, node

_SERVER: Final = MODULES / "pouchdb-server" / "bin" / "pouchdb-server"
_REPLICATE: Final = REPOSITORY / "loadtests" / "peers" / "replicate.mjs"
_DURABLE: Final = REPOSITORY / "loadtests" / "peers" / "durable.cjs"
_DATABASE: Final = "/city"


class PouchDBServer:
    """One process, as it is made; its log is off.

    As it comes it answers before anything is forced to the disk; `durable` makes LevelDB do so first.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.title = f"pouchdb-server (LevelDB, {'fsync' if durable else 'as it comes: no fsync'})"
        self._storage = ["--level-backend", str(_DURABLE)] if durable else []
        self.requests, self.warm = folder / "requests", folder / "warm"
        self._folder = folder
        self._program: Program | None = None
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        folder.mkdir()

    @property
    def pids(self) -> tuple[int, ...]:
        """Its process."""
        return () if self._program is None else (self._program.pid,)

    def seed(self, documents: Iterable[str]) -> None:
        """Prepare requests, the first `WARM` of them to warm up."""
        prepared = (self._request(document) for document in documents)
        records.write(self.warm, itertools.islice(prepared, WARM))
        records.write(self.requests, prepared)

    def begin(self) -> None:
        """Start with an empty database."""
        data = self._folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        (data / "config.json").write_text(json.dumps({"log": {"level": "none"}}))
        options = ["--port", str(self.port), "--dir", "databases", "--config", "config.json", "--no-stdout-logs"]
        self._program = Program([node(), str(_SERVER), *options, *self._storage], folder=data)
        self._program.wait(self.origin)
        call("PUT", self.origin + _DATABASE)

    def count(self) -> int:
        """Return how many documents the database says it has."""
        return int(call("GET", self.origin + _DATABASE)["doc_count"])

    def end(self) -> None:
        """Stop."""
        if self._program is not None:
            self._program.stop()

    def fill(self, documents: list[str]) -> str:
        """Put documents into the database; return its path."""
        bodies = [_named(document) for document in documents]
        call("POST", f"{self.origin}{_DATABASE}/_bulk_docs", {"docs": bodies})
        return _DATABASE

    def _request(self, document: str) -> bytes:
        host = self.origin.split("//")[1]
        return records.request("POST", _DATABASE, records.compact(_named(document)), host=host)


def replicate(url: str, *, batch: int) -> Any:
    """Replicate a database into a PouchDB in memory; return its documents, requests and seconds."""
    command = [node(), str(_REPLICATE), str(MODULES), url, str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"the replication failed: {done.stderr}")
    return json.loads(done.stdout)


def _named(document: str) -> dict[str, Any]:
    """Return a document with its id as PouchDB calls it."""
    body = json.loads(document)
    return {"_id": body.pop("id"), **body}
