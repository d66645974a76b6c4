"""The command that serves."""

from __future__ import annotations

import os
import sys

import click

from server import config


@click.command(
    help="Serve HTTP and WebSocket on PORT (8000) with WEB_CONCURRENCY (2) processes, and send letters beside them."
    " SIGHUP changes to the code that is installed now, SIGTERM ends; neither loses an answer."
)
def serve() -> None:
    """Check the configuration, then become the supervisor; gunicorn checks the key before it serves (serving.py)."""
    config.from_environment(os.environ)
    os.execv(sys.executable, [sys.executable, "-m", "server.supervisor"])  # noqa: S606  # every word of it stands above
