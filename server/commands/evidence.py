"""The command that verifies evidence with no server."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from server.features.dossiers import evidence
from server.features.forms import summarise


@click.command(help="Verify an exported evidence bundle without any server; say what each step found.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", help="The thumbprint of the city's root key, as the app's settings show it.")
def verify(file: Path, root: str | None) -> None:
    """Print a line for each step; exit 1 when one fails."""
    try:
        bundle = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"expected an evidence bundle as JSON: {error}") from error
    steps = list(evidence.verify(bundle, summarise=summarise, root=root))
    for step in steps:
        click.echo(f"{'ok  ' if step.holds else 'FAIL'}  {step.name}: {step.found}")
    if not all(step.holds for step in steps):
        sys.exit(1)
    click.echo("The evidence holds.")
