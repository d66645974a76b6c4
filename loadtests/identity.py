"""What a simulated resident and an officer do about identity: a desk code, a check, a credential."""

from __future__ import annotations

import hashlib
import io
import secrets
from typing import Any, Final

from PIL import Image

from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.codes import desk, presentation
from server.codes.desk import Desk
from server.codes.presentation import Presentation
from server.credentials import PROOF
from sync.batch import base64url, unbase64url
from sync.canonical import Value

CARD: Final[dict[str, Value]] = {
    "number": "079095000123",
    "full_name": "Nguyễn Văn An",
    "born": "1995-02-28",
    "sex": "male",
}
"""What a citizen card says, as a verification repeats it."""


def portrait(*, width: int = 240, height: int = 320, form: str = "JPEG") -> bytes:
    """Return a picture; each size gives other bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (width % 256, height % 256, 90)).save(buffer, form)
    return buffer.getvalue()


def desk_code(person: Person, *, iat: int | None = None, of: str | None = None, by: Device | None = None) -> str:
    """Return the code that a person shows at the desk; `of` and `by` forge it."""
    device = by or person.device
    said = Desk(device=device.id, person=of or person.id, iat=person.now() // 1000 if iat is None else iat)
    return desk.text(desk.encode(said, lambda data: jwk.sign(device.key, data)))


def verification_document(officer: Person, subject: str, code: str, photo: bytes) -> dict[str, Value]:
    """Return what an officer signs after looking at card and face."""
    return {
        "typ": "verification/1",
        "rp": officer.rp,
        "id": officer.new_id(),
        "person": officer.id,
        "name": officer.name,
        "subject": subject,
        "unit": officer.unit,
        "desk_sha256": hashlib.sha256(code.encode()).hexdigest(),
        **CARD,
        "photo_sha256": hashlib.sha256(photo).hexdigest(),
        "checks": ["card", "face"],
        "nonce": base64url(secrets.token_bytes(16)),
        "claimed_at": officer.now(),
    }


def verification(officer: Person, document: dict[str, Value], code: str, photo: bytes) -> Value:
    """Return the change by which an officer confirms who someone is."""
    act: Value = {**officer.passkey.sign(document), "desk": code, "photo": base64url(photo)}
    return officer.change("verification", str(document["id"]), "act", act)


def holding(person: Person, profile: str, *, key: Device | None = None) -> tuple[Device, Value]:
    """Return a new holder key and the change that asks for a credential for it."""
    key, id = key or Device(), person.new_id()
    proof = base64url(jwk.sign(key.key, PROOF + id.encode()))
    asked: Value = {"profile": profile, "jwk": key.jwk, "proof": proof}
    return key, person.change("holding", id, "holding", asked)


def withdrawal(person: Person, subject: str, reason: str = "") -> Value:
    """Return the change that ends an identity."""
    return person.change("withdrawal", person.new_id(), "withdrawal", {"subject": subject, "reason": reason})


def presented(person: Person, key: Device, *, audience: str, challenge: bytes | None = None) -> str:
    """Return the code that a phone shows for the credential of `key`."""
    held: Any = person.records["credential", key.thumbprint]["cose"].shown
    shown = Presentation(unbase64url(held), audience, person.now() // 1000, challenge)
    return presentation.text(presentation.encode(shown, lambda data: jwk.sign(key.key, data)))
