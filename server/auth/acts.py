"""Signed acts: documents whose hash a passkey signed, verified at once or years later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, Generic, TypeVar

from cryptography.exceptions import InvalidSignature
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from server.auth import clientdata, cose
from server.errors import Problem
from server.store import Reader
from sync import canonical
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from sync.change import Change
from sync.limits import Invalid
from sync.record import State

PREFIX: Final = b"motcua/sign/v1\x00"
_USER_PRESENT: Final = 0x01
_USER_VERIFIED: Final = 0x04
_MAY_BACK_UP: Final = 0x08
_BACKED_UP: Final = 0x10
_ATTESTED: Final = 0x40
_EXTENDED: Final = 0x80
_FLAGS: Final = 32
_SHORTEST: Final = 37

Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,1500}$")]


class Document(BaseModel):
    """What is signed. Models of documents derive from this: frozen, strict, no member more or less."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Signed(Document):
    """A document that says who signs, and for which relying party."""

    rp: str
    person: str


class Recorded(Signed):
    """A document that stands in a record of its own, under `id`."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]


class Assertion(Document):
    """A passkey's signature; each member is base64url, the signature DER (WebAuthn Level 3, 5.2.2)."""

    credential: Base64Url
    authenticator_data: Base64Url
    client_data: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,6000}$")]
    signature: Base64Url


D = TypeVar("D", bound=Document)
R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Act(Generic[D]):
    """A document, the exact text of it that was signed, and the signature."""

    document: D
    text: str
    assertion: Assertion


def challenge(text: str) -> bytes:
    """Return what a passkey signs for a document: SHA-256("motcua/sign/v1" || 0x00 || document)."""
    return hashlib.sha256(PREFIX + text.encode()).digest()


def passkey_id(credential: str) -> str:
    """Return the id of the record of a passkey, given its credential id in base64url."""
    return base64url(hashlib.sha256(unbase64url(credential)).digest())


def members(text: str) -> dict[str, Any]:
    """Return the members of a document that was checked when it came."""
    value = canonical.decode(text)
    if not isinstance(value, dict):
        raise Problem("act_shape", "expected a document that is a JSON object")
    return value


def read_act(value: Value, model: type[D]) -> Act[D]:
    """Read `{document, assertion, ...}`. The text must be RFC 8785 JSON, so that it has one reading only."""
    try:
        if not isinstance(value, dict):
            raise Problem("act_shape", "expected an object with document and assertion")
        text, assertion = value.get("document"), value.get("assertion")
        if not isinstance(text, str):
            raise Problem("act_shape", "expected the document as text")
        return Act(document=_read(text, model), text=text, assertion=Assertion.model_validate(assertion))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Problem("act_shape", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def of_change(change: Change, model: type[R]) -> Act[R]:
    """Read the act that a change of a once record carries: its one key is `act`, its document names the record."""
    if change.key != "act":
        raise Problem("key_unknown", "expected the one key act")
    act = read_act(change.value, model)
    if act.document.id != change.id:
        raise Problem("act_shape", "expected the document to carry the record's id")
    return act


@lru_cache(maxsize=256)
def _read(text: str, model: type[D]) -> D:
    try:
        value = canonical.decode(text)
        if canonical.encode(value) != text.encode():
            raise Problem("act_canonical", "expected the document as RFC 8785 JSON")
    except Invalid as error:
        raise Problem("act_canonical", str(error)) from error
    return model.model_validate(value)


def signed_document(state: State, model: type[D]) -> D:
    """Return the document of a stored act, which was checked when it came."""
    act: Any = state["act"].shown
    document: D = _read(act["document"], model)
    return document


def verify_act(act: Act[Any], *, look: Reader, rp: str, origins: Sequence[str]) -> bytes:
    """Refuse an act that no valid passkey of the person whom its document names has signed; return its COSE key."""
    if act.document.rp != rp:
        raise Problem("act_shape", f"expected a document for {rp}, got {act.document.rp}")
    key = passkey_of(act, look=look)
    verify_assertion(act.text, act.assertion, public_key=key, rp=rp, origins=origins)
    return key


def looked_at(change: Change) -> tuple[tuple[str, str], ...]:
    """Return the records that `passkey_of` will look at for the act that a change carries, if it carries one."""
    assertion = change.value.get("assertion") if isinstance(change.value, dict) else None
    credential = assertion.get("credential") if isinstance(assertion, dict) else None
    try:
        return (("passkey", passkey_id(credential)),) if isinstance(credential, str) else ()
    except Invalid:
        return ()


def passkey_of(act: Act[Any], *, look: Reader) -> bytes:
    """Return the COSE public key of the act's passkey, which belongs to its person and is not revoked."""
    passkey = look.get("passkey", passkey_id(act.assertion.credential))
    if passkey is None:
        raise Problem("act_passkey", "expected a passkey that is known here")
    if passkey["person"].shown != act.document.person:
        raise Problem("act_passkey", "expected a passkey of the person whom the document names")
    if "revoked_at" in passkey and passkey["revoked_at"].shown is not None:
        raise Problem("act_passkey", "expected a passkey that was not revoked")
    return unbase64url(str(passkey["public_key"].shown))


def verify_assertion(text: str, assertion: Assertion, *, public_key: bytes, rp: str, origins: Sequence[str]) -> None:
    """Refuse (`act_signature`) an assertion that is not the passkey's over exactly this document.

    The steps are those of WebAuthn Level 3, 7.2, less what only a live ceremony has: no time, no signature counter
    (acts are signed offline and arrive out of order). `public_key` is a COSE key (RFC 9052 7).
    """
    try:
        authenticator_data = unbase64url(assertion.authenticator_data)
        client_data = unbase64url(assertion.client_data)
        signature = unbase64url(assertion.signature)
    except Invalid as error:
        raise Problem("act_signature", str(error)) from error
    clientdata.check(client_data, typ="webauthn.get", challenge=challenge(text), origins=origins)
    if len(authenticator_data) < _SHORTEST:
        raise Problem("act_signature", f"expected at least {_SHORTEST} bytes of authenticator data")
    if authenticator_data[:_FLAGS] != hashlib.sha256(rp.encode()).digest():
        raise Problem("act_signature", f"expected the hash of the relying party id {rp}")
    if not authenticator_data[_FLAGS] & _USER_PRESENT or not authenticator_data[_FLAGS] & _USER_VERIFIED:
        raise Problem("act_signature", "expected a user who was present and verified")
    _check_rest(authenticator_data[_FLAGS], authenticator_data[_SHORTEST:])
    signed = authenticator_data + hashlib.sha256(client_data).digest()
    try:
        cose.verifier(public_key)(signature, signed)
    except InvalidSignature as error:
        raise Problem("act_signature", "expected the passkey's signature over this document") from error


def _check_rest(flags: int, rest: bytes) -> None:
    """Refuse authenticator data whose flags contradict each other or what follows them (WebAuthn Level 3, 6.1)."""
    if flags & _BACKED_UP and not flags & _MAY_BACK_UP:
        raise Problem("act_signature", "expected no backup of a passkey that can't be backed up")
    if flags & _ATTESTED:
        raise Problem("act_signature", "expected no new credential in an assertion")
    try:
        if flags & _EXTENDED:
            cose.one_map(rest)
        elif rest:
            raise ValueError(f"expected {_SHORTEST} bytes, got {len(rest)} more")
    except ValueError as error:
        raise Problem("act_signature", f"expected authenticator data and nothing after it: {error}") from error
