"""A unit with a busy gate, written straight into a data folder while no service runs on it."""

from __future__ import annotations

import random
import secrets
import time
from dataclasses import replace

from loadtests.authenticator import Device
from loadtests.service import Service
from server import app, config, jwk
from server.auth import Parts
from server.codes import invitation, presentation
from server.codes.claims import NAME_BYTES
from server.codes.invitation import Invitation
from server.codes.presentation import Presentation
from server.features.gate.checkins import CHECKIN
from server.statuslists import CLAIMED, INVALID, REISSUED, VALID, invitations_of
from server.store import Transaction
from server.store.sqlite import SqliteStore
from sync import record
from sync.canonical import Value
from sync.ids import uuid7

DAY = 86_400_000


def parts_of(service: Service) -> Parts:
    """Return the parts of a service, with its data."""
    settings = config.from_environment(service.environment)
    return app.parts_of(settings, SqliteStore(settings.data, blob_bytes=settings.blob_bytes), _now)


def fill(service: Service, *, unit: str, statuses: int, checkins: int) -> None:
    """Give a unit a status list in which every third code has had a fate, and check-ins over the last 24 hours."""
    parts, chance = parts_of(service), random.Random(7)
    fates = {index: chance.choice((VALID,) * 6 + (INVALID, REISSUED, CLAIMED)) for index in range(1, statuses)}

    def write(transaction: Transaction) -> None:
        start, step = _now() - DAY, DAY // max(1, checkins)
        for number in range(checkins):
            at = start + number * step + chance.randrange(step)
            value: dict[str, Value] = {
                "unit": unit,
                "place": 1,
                "gate": number % 2,
                "subject": secrets.token_hex(8),
                "sort": "invitation",
                "meeting": "0a1b2c",
                "way": chance.choice(("in", "in", "out")),
                "at": at,
                "max": 1,
                "word": "ADMIT",
                "reason": "invitation",
                "override": None,
                "shown": None,
            }
            state = record.written({}, {"checkin": value}, replica="A" * 22, at=at)
            CHECKIN.save(transaction, uuid7(at, entropy=chance.getrandbits(74)), state)
        parts.statuslists.set(invitations_of(unit), {0: VALID} | fates, transaction)

    parts.store.write(write)


def codes(service: Service, *, unit: str, now: int) -> dict[str, str]:
    """Return codes that place 1 admits at `now`: as they are mailed, as long as can be, and as an app shows them."""
    parts = parts_of(service)
    signer = parts.store.write(lambda transaction: parts.issuers.signer(unit, transaction))
    device, seconds = Device(), now // 1000
    usual = Invitation(
        kid=signer.kid,
        exp=seconds + 3600,
        nbf=seconds - 3600,
        cti=secrets.token_bytes(8),
        place=1,
        index=0,
        name="Nguyễn Thị Minh Khai",
        gates=0b11,
        entries=1,
        meeting=secrets.token_bytes(3),
    )
    long = replace(usual, name="n" * NAME_BYTES)
    claimed = invitation.encode(replace(usual, holder=device.jwk), signer.sign)
    shown = Presentation(claimed, "1", seconds, None)
    return {
        "invitation by mail": invitation.text(invitation.encode(usual, signer.sign)),
        "longest invitation": invitation.text(invitation.encode(long, signer.sign)),
        "presentation": presentation.text(presentation.encode(shown, lambda data: jwk.sign(device.key, data))),
    }


def _now() -> int:
    return time.time_ns() // 1_000_000
