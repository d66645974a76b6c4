"""The command `motcua`."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from functools import partial
from pathlib import Path

import click
import qrcode

from server import app, config, log, units
from server.auth import Parts, links
from server.auth.links import Link
from server.beside import until_told
from server.errors import Problem
from server.features import gate
from server.features.dossiers import evidence
from server.features.forms import publish_catalogue, summarise
from server.features.gate.letters import Words, letter
from server.kinds import Role
from server.live.bus import Bus
from server.mailing import Folder, Mailer, Smtp
from server.store.sqlite import SqliteStore


def main() -> None:
    """Run a command; what is wrong with the environment or the input is one sentence, not a traceback."""
    try:
        cli()
    except config.ConfigError as error:
        sys.exit(f"motcua: {error}")


@click.group(help="Một Cửa: the one-stop desk of a city, offline first.")
def cli() -> None:
    """Group the commands."""


@cli.command(help="Serve HTTP and WebSocket with gunicorn, on PORT (8000) with WEB_CONCURRENCY (2) processes.")
def serve() -> None:
    """Check the configuration, then become gunicorn."""
    _parts().issuers.check()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:server.serving", "server.wsgi:app"]
    os.execv(sys.executable, command)  # noqa: S606  # every word of it stands above


@cli.command(help="Set up a small demo city: units, procedures, and a one-time enrolment link for each role.")
def demo() -> None:
    """Fill the data folder; running it again adds nothing but new links."""
    parts = _parts()
    units.publish(parts.store, units.DEMO, now=parts.now())
    forms = publish_catalogue(parts.store, now=parts.now())
    for unit in units.DEMO:
        parts.issuers.ensure(unit.code)
    parts.store.write(lambda transaction: gate.publish_demo(transaction, now=parts.now()))
    click.echo(f"\n{parts.config.city}: {len(units.DEMO)} units, {len(forms)} procedures. Open {parts.config.origin}\n")
    first = units.DEMO[0].code
    people: list[tuple[Role, str | None]] = [(Role.RESIDENT, None), (Role.GUARD, first), (Role.OPERATOR, first)]
    people += [(Role.OFFICER, unit.code) for unit in units.DEMO]
    people += [(Role.GUARD, unit.code) for unit in units.DEMO]
    for role, place in people:
        click.echo(f"  {f'{role.value} {place or str()}':26} {_link(parts, role, place)}")
    click.echo("\nEach link enrols one person, once, within 24 hours.\n")


@cli.command(help="Publish a place of UNIT with its gates, or publish place --number anew; print its number.")
@click.argument("unit")
@click.option("--name", required=True, help="Its name in Vietnamese and English: 'Trụ sở / Head office'.")
@click.option("--address", required=True, help="Where it stands.")
@click.option("--gate", "gates", multiple=True, required=True, help="A gate, as --name; repeat it, and keep the order.")
@click.option("--number", type=int, help="The number of a place that is published already.")
def place(unit: str, name: str, address: str, gates: tuple[str, ...], number: int | None) -> None:
    """Publish a place; its unit gets a key, so that it can invite people."""
    parts = _parts()
    with parts.store.read() as look:
        if look.get("unit", unit) is None:
            raise click.UsageError(f"expected a unit that exists, got {unit}")
    parts.issuers.ensure(unit)
    named, entrances = _words(name), [_words(each) for each in gates]
    try:
        published = parts.store.write(
            lambda transaction: gate.publish(
                unit,
                name=named,
                address=address,
                gates=entrances,
                transaction=transaction,
                now=parts.now(),
                number=number,
            )
        )
    except (Problem, ValueError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(published)


@cli.command(help="Print a one-time link that enrols one person as ROLE.")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--unit", help="The unit that an officer, guard or operator acts for.")
@click.option("--name", help="The person's name, if it is known.")
def enrol(role: str, unit: str | None, name: str | None) -> None:
    """Make a link; staff need a unit that exists."""
    parts = _parts()
    if role != Role.RESIDENT:
        with parts.store.read() as look:
            if unit is None or look.get("unit", unit) is None:
                raise click.UsageError(f"expected --unit to be a unit that exists, got {unit}")
    link = _link(parts, Role(role), unit, name)
    if sys.stdout.isatty():
        code = qrcode.QRCode(border=2)
        code.add_data(link)
        code.print_ascii(invert=True)
    click.echo(link)


@cli.command(help="Verify an exported evidence bundle without any server; say what each step found.")
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


@cli.command(
    help="Send the letters that wait, over MOTCUA_SMTP or into DATA/mail. `motcua serve` does this beside itself."
)
@click.option("--beside", type=int, hidden=True, help="End when this process is no longer the parent.")
def mail(beside: int | None) -> None:
    """Run a mailer until it is told to end; of several on one data folder, one sends and the others stand by."""
    stopped = until_told(beside)
    settings = config.from_environment(os.environ)
    log.configure(settings.log_level)
    bus = Bus(settings.data)
    store = SqliteStore(settings.data, moved=bus.publish, blob_bytes=settings.blob_bytes)
    transport = Folder(settings.data / "mail") if settings.smtp is None else Smtp(settings.smtp, name=settings.rp)
    Mailer(
        store=store,
        compose=partial(letter, sender=settings.sender),
        transport=transport,
        lock=settings.data / "mail.lock",
        now=_now,
        chance=random.random,
    ).run(stopped)
    store.close()
    bus.close()


@cli.command("rotate-key", help="Give UNIT a new issuer key; what the old one signed stays valid.")
@click.argument("unit")
def rotate_key(unit: str) -> None:
    """Make a new key and put it on the trust list."""
    click.echo(_parts().issuers.rotate(unit))


def _parts() -> Parts:
    settings = config.from_environment(os.environ)
    store = SqliteStore(settings.data, blob_bytes=settings.blob_bytes)
    return app.parts_of(settings, store, _now)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _words(text: str) -> Words:
    vi, _, en = (part.strip() for part in text.partition("/"))
    return Words(vi=vi, en=en or vi)


def _link(parts: Parts, role: Role, unit: str | None, name: str | None = None) -> str:
    return links.create(parts, Link(role=role, unit=unit, name=name))
