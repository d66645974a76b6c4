"""A real Prometheus asks a real service: each panel of the dashboard has data, and each alert can be judged."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from loadtests.service import free_port
from tests.cities import NewDemo
from tests.operations.test_figures import OPERATIONS, send, use

TOKEN = "a token for rehearsals"
PROMETHEUS = shutil.which("prometheus")
CONFIGURATION = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: motcua
    authorization: {{credentials: {token}}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def ask(port: int, path: str, **parameters: str) -> Any:
    """Ask Prometheus over its HTTP API."""
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode(parameters)}", timeout=20
    ) as it:
        return json.loads(it.read())["data"]


def samples(port: int, name: str) -> int:
    """Return how often a figure was asked for so far."""
    try:
        found = ask(port, "/api/v1/query", query=f"max(count_over_time({name}[5m]))")["result"]
    except OSError:
        return 0  # it is starting
    return int(found[0]["value"][1]) if found else 0


@pytest.mark.skipif(PROMETHEUS is None, reason="Prometheus is not installed (Debian: prometheus)")
def test_each_panel_has_data_and_each_alert_can_be_judged(tmp_path: Path, new_demo: NewDemo) -> None:
    service, port = new_demo(tmp_path / "data", workers=2, metrics_token=TOKEN), free_port()
    configuration = CONFIGURATION.format(rules=OPERATIONS / "alerts.yml", token=TOKEN, port=service.port)
    (tmp_path / "prometheus.yml").write_text(configuration)
    assert PROMETHEUS is not None
    command = [
        PROMETHEUS,
        f"--config.file={tmp_path / 'prometheus.yml'}",
        f"--storage.tsdb.path={tmp_path / 'figures'}",
    ]
    with (tmp_path / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        residents = use(service, tmp_path, token=TOKEN)
        deadline = time.monotonic() + 60
        while samples(port, "motcua_letters_total") < 4 or samples(port, "motcua_backup_age_seconds") < 4:
            assert time.monotonic() < deadline, (tmp_path / "prometheus.log").read_text()[-2000:]
            send(residents[0])
            time.sleep(0.2)
        panels = json.loads((OPERATIONS / "dashboard.json").read_text())["panels"]
        empty = [
            panel["title"]
            for panel in panels
            for target in panel.get("targets", ())
            if not ask(port, "/api/v1/query", query=target["expr"].replace("$__rate_interval", "1m"))["result"]
        ]
        assert empty == []
        rules = [rule for group in ask(port, "/api/v1/rules")["groups"] for rule in group["rules"]]
        assert len(rules) > 10
        assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
        firing = {alert["labels"]["alertname"] for alert in ask(port, "/api/v1/alerts")["alerts"]}
        assert firing <= {"MotcuaDiskFills"}  # that one speaks of this machine
    finally:
        process.terminate()
        process.wait(20)
        service.kill()
