"""Commands that keep a city safe: `motcua backup`, `motcua restore` and `motcua copy`."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg

from server import config
from server.backup import BackupError
from server.backup.archive import Archive
from server.backup.copying import copy as copy_city
from server.backup.restoring import begin_anew
from server.backup.restoring import restore as restore_city
from server.backup.taking import take
from server.days import VIETNAM
from server.opening import open_city
from server.store.transfer import City

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(help="Add what has moved to the backup in FOLDER, or begin one there; the service goes on meanwhile.")
@click.argument("folder", type=_FOLDER)
@click.option("--full", is_flag=True, help="Write all of it again: older parts can go then.")
@click.option("--follow", is_flag=True, help="Go on for ever, a part every so many seconds.")
@click.option("--every", type=click.IntRange(min=1), default=60, show_default=True, help="Seconds between two parts.")
@click.option("--stop", is_flag=True, help="Keep no journal of what moves any more: there will be no further backup.")
def backup(folder: Path, full: bool, follow: bool, every: int, stop: bool) -> None:
    """Take one part, or one after the other."""
    settings = config.from_environment(os.environ)
    if stop:
        with _city(settings.database, settings.data) as city:
            city.unfollow()
        return
    with _sentences():
        archive = Archive(folder, make=True)
    while True:
        began = time.monotonic()
        try:
            with _sentences(), _city(settings.database, settings.data) as city:
                taken = take(city, settings.data / "blobs", archive, now=now, full=full)
        except (psycopg.OperationalError, sqlite3.OperationalError) as error:
            if not follow:
                raise click.ClickException(f"expected the database to answer: {error}") from error
            click.echo(f"{_text(now())}  the database does not answer; it is asked again: {error}", err=True)
        else:
            full = False
            if taken.part is not None:
                rows = ", ".join(f"{count} {table}" for table, count in taken.part.rows.items())
                sort = "whole" if taken.part.whole else "what moved"
                click.echo(f"{_text(taken.part.at)}  {sort}: {rows or 'nothing'}, {taken.attachments} attachments")
            elif not follow:
                click.echo("Nothing has moved since the last part.")
            for sha256 in taken.missing:
                click.echo(f"expected the attachment {sha256}, which is not in the data", err=True)
        if not follow:
            return
        time.sleep(max(0.0, every - (time.monotonic() - began)))


@click.command(help="Fill the empty data that the environment names from the backup in FOLDER; a new epoch begins.")
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--at", "moment", help="As it was at that time, such as 2026-11-25T07:59 (Vietnam's) or ...:59Z.")
@click.option("--here", is_flag=True, help="The data was put back by other means: only begin the new epoch.")
def restore(folder: Path | None, moment: str | None, here: bool) -> None:
    """Restore while no service runs on this data."""
    settings = config.from_environment(os.environ)
    if (folder is None) != here:
        raise click.UsageError("expected either the FOLDER of a backup, or --here")
    with _sentences(), _city(settings.database, settings.data) as city:
        if folder is None:
            click.echo(f"Epoch {begin_anew(city, now=now()).epoch} begins.")
            return
        at = None if moment is None else _moment(moment)
        done = restore_city(Archive(folder), city, settings.data / "blobs", now=now(), at=at)
    click.echo(f"As of {_text(done.last.at)}: {done.rows} rows of {done.parts} parts, {done.attachments} attachments.")
    for sha256 in done.missing:
        click.echo(f"expected the attachment {sha256}, which is not in the backup", err=True)
    click.echo(
        f"Epoch {done.life.epoch} begins: phones bring back what they were told since. MOTCUA_KEY stays the same."
    )


@click.command(help="Copy a city to another engine while it serves; run again, it copies what has moved since.")
@click.option("--from", "source", required=True, help="sqlite:FOLDER or postgresql://...")
@click.option("--to", "target", required=True, help="sqlite:FOLDER or postgresql://...; empty, or copied to before.")
@click.option("--from-data", type=_FOLDER, help="The folder of attachments' data of a PostgreSQL source.")
@click.option("--to-data", type=_FOLDER, help="The same of the target.")
def copy(source: str, target: str, from_data: Path | None, to_data: Path | None) -> None:
    """Copy, compare, and say what was compared."""
    data = Path(os.environ.get("MOTCUA_DATA", "data"))
    places = [_place(source, from_data or data), _place(target, to_data or data)]
    if source == target:
        raise click.UsageError("expected --from and --to to be different")
    (from_database, from_folder), (to_database, to_folder) = places
    with _sentences(), _city(from_database, from_folder) as city, _city(to_database, to_folder) as other:
        blobs = {"source_blobs": from_folder / "blobs", "target_blobs": to_folder / "blobs"}
        done = copy_city(city, other, **blobs)
    for name, (count, digest) in done.digests.items():
        click.echo(f"{name:28} {count:>10}  {digest[:16]}  the same on both sides")
    click.echo(f"{done.attachments} attachments carried, {len(done.missing)} not found.")
    click.echo("To change over: stop the service, run this once more, and start it with the other MOTCUA_DATABASE.")


@contextmanager
def _sentences() -> Iterator[None]:
    """Say what is wrong in a sentence."""
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _city(database: str, data: Path) -> Iterator[City]:
    city = open_city(database, data)
    try:
        yield city
    finally:
        city.close()


def _place(text: str, data: Path) -> tuple[str, Path]:
    """Return database URL and data folder."""
    if text.startswith("sqlite:"):
        return "", Path(text.removeprefix("sqlite:"))
    if text.startswith(("postgresql://", "postgres://")):
        return text, data
    raise click.UsageError(f"expected sqlite:FOLDER or postgresql://..., got {text.split(':', maxsplit=1)[0]}:...")


def _moment(text: str) -> int:
    """Read a time; without a zone it is the city's."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"expected a time such as 2026-11-25T07:59, got {text}") from error
    return round((read if read.tzinfo else read.replace(tzinfo=VIETNAM)).timestamp() * 1000)


def _text(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%S.}{at % 1000:03d}Z"


def now() -> int:
    """Return the time in ms since 1970."""
    return time.time_ns() // 1_000_000
