"""`motcua form publish | list | export`: what an author of forms does with the data of a city."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Final

import click

from server.commands.here import here
from server.errors import Problem
from server.features.forms import publishing
from server.features.forms.command import FILE, LANGUAGE, form, tell
from server.features.forms.publishing import Version
from server.features.forms.xlsform import compiled
from server.store import Reader
from sync import canonical

__all__ = ["form"]

_TABLE: Final = "{:28} {:14} {:16} {:10} {}"


@form.command(help="Publish a spreadsheet as a new version of its procedure, for UNIT.")
@click.argument("file", type=FILE)
@click.option("--unit", required=True, help="The unit whose procedure it is.")
@LANGUAGE
def publish(file: Path, unit: str, language: str) -> None:
    """Refuse what is not whole: every setting, and every text in both languages."""
    parts = here()
    with parts.store.read() as look:
        if look.get("unit", unit) is None:
            raise click.UsageError(f"expected --unit to be a unit that exists, got {unit}")
    data = file.read_bytes()
    found = compiled(data, file.name, unit=unit)
    tell(found, language, name=file.name)
    if found.form is None or found.obstacles:
        click.echo(f"{file.name}: not published, {len(found.obstacles)} things are to be mended first", err=True)
        sys.exit(1)
    workbook = publishing.keep_workbook(data, parts.store.blobs)
    data_of_form = found.form
    try:
        published = parts.store.write(
            lambda transaction: publishing.publish(data_of_form, transaction, now=parts.now(), workbook=workbook)
        )
    except Problem as problem:
        raise click.ClickException(problem.expected) from problem
    sha256 = hashlib.sha256(canonical.encode(data_of_form)).hexdigest()
    click.echo(f"{published.code} {published.version} of {published.unit}: {sha256}")


@form.command("list", help="List every published version: procedure, version, unit, state, SHA-256 of the form.")
def list_() -> None:
    """Print a line for each version, the newest of a procedure first."""
    with here().store.read() as look:
        for code in publishing.codes(look):
            for version in sorted(publishing.versions(code, look), key=lambda each: -each.published_at):
                state = "superseded" if version.superseded else "current"
                click.echo(_TABLE.format(code, version.version, version.unit, state, version.sha256))


@form.command(help="Write a published form to standard output: its JSON, or the spreadsheet that it came from.")
@click.argument("code")
@click.option("--version", "wanted", help="Which version; the current one without it.")
@click.option("--xlsx", is_flag=True, help="The spreadsheet, as it was when it was published.")
def export(code: str, wanted: str | None, xlsx: bool) -> None:
    """Print what was published, byte for byte."""
    parts = here()
    with parts.store.read() as look:
        version = _wanted(code, wanted, look)
    if not xlsx:
        click.echo(json.dumps(version.form, ensure_ascii=False, indent=2))
        return
    data = publishing.workbook_of(version, parts.store.blobs)
    if data is None:
        raise click.ClickException(f"expected a form that was published from a spreadsheet, got {code}")
    sys.stdout.buffer.write(data)


def _wanted(code: str, wanted: str | None, look: Reader) -> Version:
    found = list(publishing.versions(code, look))
    for version in found:
        if version.version == wanted or (wanted is None and not version.superseded):
            return version
    known = ", ".join(f"{version.code} {version.version}" for version in found) or ", ".join(publishing.codes(look))
    raise click.UsageError(f"expected a published form, got {code} {wanted or ''}; there is {known or 'none'}")
