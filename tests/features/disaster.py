"""Disasters: a backup is taken, and a server that was restored from it stands where the one was that was lost."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from loadtests.person import Person
from server import app
from server.auth import Parts
from server.backup.archive import Archive
from server.backup.restoring import restore
from server.backup.taking import take
from server.config import Config
from server.live.bus import Bus
from server.opening import open_city, open_store
from server.store import Store
from tests.conftest import Clock
from tests.databases import NewDatabase
from tests.features.client import post_with


class Disaster:
    """Takes a backup, and puts a server that was restored from it in the place of the one that was lost."""

    def __init__(self, config: Config, clock: Clock, folder: Path, new_database: NewDatabase) -> None:
        self.config, self.clock, self.folder = config, clock, folder
        self.new_database = new_database
        self.opened: list[Store] = []
        self.web: Flask

    def client(self) -> FlaskClient:
        """Return a browser of whoever comes to the server that stands now."""
        return self.web.test_client()

    def back_up(self) -> None:
        city = open_city(self.config.database, self.config.data)
        take(city, self.config.data / "blobs", Archive(self.folder / "backup", make=True), now=self.clock)
        city.close()

    def strike(self, *people: Person) -> Parts:
        """Restore, and have people sign in again."""
        data = self.folder / f"restored-{len(self.opened)}"
        database = self.new_database() if self.config.database else ""
        config = self.config.model_copy(update={"data": data, "database": database})
        city = open_city(database, data)
        restore(Archive(self.folder / "backup"), city, config.data / "blobs", now=self.clock())
        city.close()
        self.opened.append(open_store(config))
        self.web = app.create_app(config, self.opened[-1], Bus(config.data), self.clock)
        for person in people:
            person.post = post_with(self.client())
            person.sign_in()
        return app.parts_of(config, self.opened[-1], self.clock)
