"""The command that serves."""

from __future__ import annotations

import os
import sys

import click

from server import config


@click.command(help="Serve HTTP and WebSocket with gunicorn, on PORT (8000) with WEB_CONCURRENCY (2) processes.")
def serve() -> None:
    """Check the configuration, then become gunicorn; its master checks the key before it serves (serving.py)."""
    config.from_environment(os.environ)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:server.serving", "server.wsgi:app"]
    os.execv(sys.executable, command)  # noqa: S606  # every word of it stands above
