"""Two machines on one database behind nginx, as docs/operations/nginx.conf has it: they are upgraded one by one."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import websocket

from loadtests.audit import audit
from loadtests.service import REPOSITORY, Service, free_port
from tests.databases import NewDatabase, needs_postgresql
from tests.faults.conftest import make_residents
from tests.operations.phones import Phone, together, wait_for_each

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PHONES = 6
FORGIVEN = 2.5
"""Seconds after which the proxy tries a machine again that was away (`fail_timeout`): before that the next one must not
stop, for nobody would be left."""


@contextmanager
def nginx(folder: Path, port: int, *machines: Service) -> Iterator[None]:
    """Run nginx with the site of the manual on a port, without TLS, in front of these machines."""
    site = (REPOSITORY / "docs" / "operations" / "nginx.conf").read_text()
    site = re.sub(r"^ +ssl_.*\n", "", site, flags=re.MULTILINE).replace("443 ssl", f"127.0.0.1:{port}")
    for number, machine in enumerate(machines):
        site, changed = re.subn(rf"127.0.0.1:800{number}\b", f"127.0.0.1:{machine.port}", site)
        assert changed == 1
    folder.mkdir()
    temporary = "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi"))
    temporary += "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off;\n{temporary}{site}}}\n"
    )
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not _listens(port):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.fault
@needs_postgresql
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light)")
def test_machines_are_upgraded_one_after_the_other_and_no_request_fails(
    tmp_path: Path, new_database: NewDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    url, port = new_database(), free_port()
    machines = [Service(tmp_path / name, workers=1, database=url) for name in ("one", "two")]
    for each in machines:
        each.environment["MOTCUA_ORIGINS"] = ",".join([*(m.origin for m in machines), f"http://localhost:{port}"])
    machines[0].command("demo")
    over = threading.Event()
    phones = [Phone(resident, over, port=port) for resident in make_residents(machines[0], PHONES)]
    for each in machines:
        each.start()
    try:
        with nginx(tmp_path / "nginx", port, *machines):
            live = websocket.create_connection(f"ws://localhost:{port}/live", origin=machines[0].origin, timeout=20)
            assert "public" in live.recv()
            live.close()
            for phone in phones:
                phone.start()
            for each in (*machines, *machines):
                wait_for_each(phones, over)
                each.stop()
                wait_for_each(phones, over)
                each.start()
                over.wait(FORGIVEN)
            wait_for_each(phones, over)
            over.set()
            for phone in phones:
                phone.join()
    finally:
        over.set()
        for each in machines:
            each.stop()
    assert [phone.fault for phone in phones] == [None] * PHONES
    noted = together(phones)
    assert audit(machines[0].data, noted, database=url).faults == []
    with capsys.disabled():
        print(f"\n{len(noted.submissions)} submissions through nginx while each of two machines was stopped twice")
