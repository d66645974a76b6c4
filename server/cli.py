"""The command `motcua`."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from server import config
from server.errors import Problem

_COMMANDS: Final = {
    "backup": "server.commands.backup",
    "copy": "server.commands.backup",
    "demo": "server.commands.city",
    "enrol": "server.commands.city",
    "form": "server.commands.form",
    "mail": "server.commands.mail",
    "place": "server.commands.city",
    "restore": "server.commands.backup",
    "rotate-key": "server.commands.city",
    "serve": "server.commands.serve",
    "shard": "server.commands.city",
    "verify": "server.commands.evidence",
}
"""The module in which each command stands: what is not called is not loaded."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name])
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, help="Một Cửa: the one-stop desk of a city, offline first.")
def cli() -> None:
    """Group the commands."""


def main() -> None:
    """Run a command; what is wrong with the environment or the input is one sentence, not a traceback."""
    try:
        cli()
    except (config.ConfigError, Problem) as error:
        sys.exit(f"motcua: {error}")
