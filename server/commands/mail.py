"""The command that sends letters."""

from __future__ import annotations

import os
import random
import time

import click

from server import config, log
from server.beside import until_told
from server.mailing import Folder, Letter, Mailer, Smtp
from server.opening import open_bus, open_lock, open_store
from sync.record import State


@click.command(
    help="Send the letters that wait, over MOTCUA_SMTP or into DATA/mail. `motcua serve` does this beside itself."
)
@click.option("--beside", type=int, hidden=True, help="End when this process is no longer the parent.")
def mail(beside: int | None) -> None:
    """Run a mailer until it is told to end; of a city's mailers, on any machine, one sends and the others stand by."""
    stopped = until_told(beside)
    settings = config.from_environment(os.environ)
    log.configure(settings.log_level)
    bus = open_bus(settings)
    store = open_store(settings, moved=bus.publish)

    def compose(id: str, state: State) -> Letter:
        # A mailer for which nothing waits does with half the memory.
        from server.features.gate.letters.letter import letter  # noqa: PLC0415

        return letter(id, state, sender=settings.sender)

    transport = Folder(settings.data / "mail") if settings.smtp is None else Smtp(settings.smtp, name=settings.rp)
    Mailer(
        store=store,
        compose=compose,
        transport=transport,
        lock=open_lock(settings, "mail"),
        now=lambda: time.time_ns() // 1_000_000,
        chance=random.random,
    ).run(stopped)
    store.close()
    bus.close()
