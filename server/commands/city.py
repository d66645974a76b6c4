"""Commands that set up a city: its places, the keys of its units, and links for its people."""

from __future__ import annotations

import sys

import click
import qrcode

from server import units
from server.auth import Parts, links
from server.auth.links import Link
from server.commands.here import here
from server.errors import Problem
from server.features import gate
from server.features.forms import publish_catalogue
from server.features.gate.letters import Words
from server.kinds import Role


@click.command(help="Set up a small demo city: units, procedures, and a one-time enrolment link for each role.")
def demo() -> None:
    """Fill the data folder; running it again adds nothing but new links."""
    parts = here()
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


@click.command(help="Publish a place of UNIT with its gates, or publish place --number anew; print its number.")
@click.argument("unit")
@click.option("--name", required=True, help="Its name in Vietnamese and English: 'Trụ sở / Head office'.")
@click.option("--address", required=True, help="Where it stands.")
@click.option("--gate", "gates", multiple=True, required=True, help="A gate, as --name; repeat it, and keep the order.")
@click.option("--number", type=int, help="The number of a place that is published already.")
def place(unit: str, name: str, address: str, gates: tuple[str, ...], number: int | None) -> None:
    """Publish a place; its unit gets a key, so that it can invite people."""
    parts = here()
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


@click.command(help="Print a one-time link that enrols one person as ROLE.")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--unit", help="The unit that an officer, guard or operator acts for.")
@click.option("--name", help="The person's name, if it is known.")
def enrol(role: str, unit: str | None, name: str | None) -> None:
    """Make a link; staff need a unit that exists."""
    parts = here()
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


@click.command(help="Split UNIT's feed into shards, so that many processes write into it at once.")
@click.argument("unit")
@click.option("--shards", required=True, type=int, help="How many, from 1 to 24; never fewer than before.")
def shard(unit: str, shards: int) -> None:
    """Split a feed; what stands in it stays there, and what is new is spread."""
    parts = here()
    try:
        units.shard(parts.store, unit, shards, now=parts.now())
    except (Problem, ValueError) as error:
        raise click.UsageError(str(error)) from error


@click.command("rotate-key", help="Give UNIT a new issuer key; what the old one signed stays valid.")
@click.argument("unit")
def rotate_key(unit: str) -> None:
    """Make a new key and put it on the trust list."""
    click.echo(here().issuers.rotate(unit))


def _words(text: str) -> Words:
    vi, _, en = (part.strip() for part in text.partition("/"))
    return Words(vi=vi, en=en or vi)


def _link(parts: Parts, role: Role, unit: str | None, name: str | None = None) -> str:
    return links.create(parts, Link(role=role, unit=unit, name=name))
