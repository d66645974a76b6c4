"""Opening what a process works on: the store that the configuration chooses, and what joins a city's processes."""

from __future__ import annotations

from pathlib import Path

from server.alone import Alone, FileLock
from server.config import Config, ConfigError
from server.live.bus import Bus
from server.live.live import Live
from server.store import Moved, Store
from server.store.sqlite import SqliteStore
from server.store.transfer import City
from server.store.transfer.sqlite import SqliteCity


def open_store(settings: Config, *, moved: Moved = lambda _: None) -> Store:
    """Open the store of `MOTCUA_DATABASE`, or the file in `MOTCUA_DATA`."""
    if not settings.database:
        return SqliteStore(settings.data, moved=moved, blob_bytes=settings.blob_bytes)
    from server.store.postgres import PostgresStore  # noqa: PLC0415  # a service without it does without its driver

    try:
        return PostgresStore(settings.database, settings.data, moved=moved, blob_bytes=settings.blob_bytes)
    except ValueError as error:
        raise ConfigError(f"MOTCUA_DATABASE: {error}") from error


def open_bus(settings: Config) -> Live:
    """Open the bus between processes: on one data folder, or on one database."""
    if not settings.database:
        return Bus(settings.data)
    from server.live.notify import NotifyBus  # noqa: PLC0415
    from server.store.postgres.waiting import connection_class  # noqa: PLC0415

    return NotifyBus(settings.database, speak_on=connection_class().connect)


def open_city(database: str, data: Path) -> City:
    """Open the rows of a database, or of the file in a folder, for copies and backups."""
    if not database:
        return SqliteCity(data)
    from server.store.transfer.postgres import PostgresCity  # noqa: PLC0415

    return PostgresCity(database)


def open_lock(settings: Config, purpose: str) -> Alone:
    """Return the lock of a purpose that one process of the city at a time is to have."""
    if not settings.database:
        return FileLock(settings.data / f"{purpose}.lock")
    from server.store.postgres.alone import DatabaseLock  # noqa: PLC0415

    return DatabaseLock(settings.database, purpose)
