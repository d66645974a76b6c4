"""Kinto as its documentation runs it in production: uWSGI, PostgreSQL for records and permissions."""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import psycopg

from loadtests.cluster import Cluster
from loadtests.peers import records
from loadtests.peers.contender import WARM
from loadtests.peers.program import Program, call
from loadtests.service import free_port
from setup.peers import KINTO

COLLECTIONS: Final = 128
"""Records go into so many collections in turn: Kinto refuses a write to a collection in which another one has the same
millisecond (`bump_timestamp` in its schema.sql), and so many are never under way at once."""
PULLED: Final = "pulled"
_SEED: Final = "kinto_seed"
_BUCKET: Final = "/v1/buckets/city"
_AUTHORIZATION: Final = "Basic " + base64.b64encode(b"resident:any").decode()
_SETTINGS: Final = """\
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = known to all
kinto.bucket_create_principals = system.Authenticated
kinto.record_create_principals = system.Authenticated
kinto.explicit_permissions = false
multiauth.policies = basicauth
"""
"""The last lines spare Kinto a look for permissions and a row of them for each record."""
_APP: Final = """\
import os
from paste.deploy import loadapp
application = loadapp("config:" + os.environ["KINTO_INI"])
"""


class Kinto:
    """Kinto with `processes` web processes of `threads` threads each, on a database of `cluster`."""

    title = "Kinto on PostgreSQL"

    def __init__(self, folder: Path, *, cluster: Cluster, processes: int, threads: int) -> None:
        self.requests, self.warm = folder / "requests", folder / "warm"
        self._folder, self._cluster = folder, cluster
        self._processes, self._threads = processes, threads
        self._url = ""
        self._program: Program | None = None
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        folder.mkdir()
        (folder / "app.py").write_text(_APP)

    @property
    def pids(self) -> tuple[int, ...]:
        """uWSGI with its processes, and PostgreSQL."""
        found = (self._program.pid if self._program else None, self._cluster.postmaster)
        return tuple(pid for pid in found if pid is not None)

    def seed(self, documents: Iterable[str]) -> None:
        """Make tables, a bucket and its collections; prepare requests, the first `WARM` of them to warm up."""
        self._use(self._cluster.create(_SEED))
        subprocess.run([KINTO / "kinto", "migrate", "--ini", self._ini], check=True, capture_output=True)
        self._start()
        self._call("PUT", _BUCKET, {"permissions": {"write": ["system.Authenticated"]}})
        for name in (*map(str, range(COLLECTIONS)), PULLED):
            self._call("PUT", f"{_BUCKET}/collections/{name}", {})
        self.end()
        prepared = (self._request(number, document) for number, document in enumerate(documents))
        records.write(self.warm, itertools.islice(prepared, WARM))
        records.write(self.requests, prepared)

    def begin(self) -> None:
        """Start on a copy of what `seed` made."""
        self._use(self._cluster.create("kinto", template=_SEED))
        self._start()

    def count(self) -> int:
        """Return how many records stand in PostgreSQL."""
        with psycopg.connect(self._url) as database:
            query = "SELECT count(*) FROM objects WHERE resource_name = 'record' AND NOT deleted"
            ((found,),) = database.execute(query)
        return int(found)

    def end(self) -> None:
        """Stop in good order."""
        if self._program is not None:
            self._program.stop()

    def fill(self, documents: list[str]) -> str:
        """Put documents into one collection, 25 a request, as its clients do; return the path of its records."""
        path = f"{_BUCKET}/collections/{PULLED}/records"
        for start in range(0, len(documents), 25):
            bodies = [json.loads(document) for document in documents[start : start + 25]]
            asked = [{"path": f"{path}/{body['id']}", "body": {"data": body}} for body in bodies]
            self._call("POST", "/v1/batch", {"defaults": {"method": "PUT"}, "requests": asked})
        return path

    @property
    def headers(self) -> dict[str, str]:
        """What a request needs to be let in."""
        return {"Authorization": _AUTHORIZATION}

    @property
    def _ini(self) -> Path:
        return self._folder / "kinto.ini"

    def _use(self, url: str) -> None:
        self._url = url
        self._ini.write_text(_SETTINGS.format(url=url.replace("%", "%%")))

    def _start(self) -> None:
        options = {
            "--http": f"127.0.0.1:{self.port}",
            "--wsgi-file": str(self._folder / "app.py"),
            "--processes": str(self._processes),
            "--threads": str(self._threads),
            "--buffer-size": "65535",
            "--post-buffering": "65535",
        }
        switches = ["--http-keepalive", "--master", "--lazy-apps", "--single-interpreter", "--enable-threads"]
        self._program = Program(
            [str(KINTO / "uwsgi"), *itertools.chain(*options.items()), *switches, "--disable-logging", "--die-on-term"],
            folder=self._folder,
            environment={**os.environ, "KINTO_INI": str(self._ini)},
        )
        self._program.wait(f"{self.origin}/v1/__lbheartbeat__")

    def _call(self, method: str, path: str, body: object) -> None:
        call(method, self.origin + path, body, **self.headers)

    def _request(self, number: int, document: str) -> bytes:
        path = f"{_BUCKET}/collections/{number % COLLECTIONS}/records"
        host = self.origin.split("//")[1]
        return records.request("POST", path, f'{{"data":{document}}}', host=host, **self.headers)
