"""Where a rehearsal happens: a fresh demo city of either engine, on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loadtests import crowd
from loadtests.cluster import Cluster
from loadtests.service import Service
from server.auth import links
from server.auth.links import Link
from server.kinds import Role

ENGINES: Final = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Stage:
    """A service that does not run yet, with a demo city in its store, and the cluster that it is in, if any."""

    folder: Path
    service: Service
    cluster: Cluster | None

    @property
    def engine(self) -> str:
        """Return which engine keeps the records."""
        return "sqlite" if self.cluster is None else "postgresql"

    def invite(self, staff: Mapping[tuple[Role, str], int]) -> Path:
        """Write enrolment links for so many people of each role and unit; return the file."""
        parts = crowd.parts_of(self.service)
        lines = [
            f"{role.value} {unit} {links.create(parts, Link(role=role, unit=unit))}\n"
            for (role, unit), count in staff.items()
            for _ in range(count)
        ]
        parts.store.close()
        file = self.folder / "links"
        file.write_text("".join(lines))
        return file

    def leaders(self) -> Mapping[str, Iterable[int]]:
        """Return the process ids that lead the service's processes, and the database's."""
        postmaster = None if self.cluster is None else self.cluster.postmaster
        return {"service": self.service.leaders, "database": () if postmaster is None else (postmaster,)}


@contextmanager
def stage(folder: Path, *, engine: str, workers: int) -> Iterator[Stage]:
    """Make a city in `folder`; what runs in the end is stopped."""
    with ExitStack() as ending:
        cluster, settings = None, dict[str, str]()
        if engine == "postgresql":
            cluster = Cluster()
            ending.callback(cluster.close)
            cluster.start()
            settings["database"] = cluster.create("motcua")
        service = Service(folder / "data", port=None, workers=workers, **settings)
        ending.callback(service.kill)
        service.command("demo")
        yield Stage(folder, service, cluster)
