"""What a load tester sets on the command line; every scenario imports this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from locust import events

from loadtests.ledger import Ledger


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def _options(parser: Any) -> None:
    parser.add_argument("--think", type=float, default=1.0, help="mean time (s) that people think; 0: none")
    parser.add_argument("--sockets", type=float, default=0.25, help="share of people with a live socket, 0 to 1")
    parser.add_argument("--idle", type=int, default=0, help="people who only keep a live socket open")
    parser.add_argument("--links", default="", help="a file of enrolment links, `role unit link` a line")
    parser.add_argument("--ledger", default="", help="the file that says what was acknowledged")
    parser.add_argument("--origin", default="", help="the service's web origin, where --host is a proxy before it")
    parser.add_argument("--people", type=int, default=40, help="how many there are at the peak")
    parser.add_argument("--lasts", type=float, default=60, help="how long (s) the scenario's curve lasts")
    parser.add_argument("--limit", type=float, default=900, help="storm: give up after so long (s)")
    parser.add_argument("--outboxes", default="", help="storm: the folder of prepared phones")
    parser.add_argument("--seats", default="", help="storm: the file that says how the store was before the outage")


def ledger_of(environment: Any) -> Ledger | None:
    """Return where this process writes down what was acknowledged; None without `--ledger`."""
    path = environment.parsed_options.ledger
    return Ledger(Path(path)) if path else None


def origin_of(environment: Any) -> str:
    """Return the web origin that people's browsers are at."""
    return str(environment.parsed_options.origin or environment.host).rstrip("/")
