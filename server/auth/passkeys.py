"""Passkey ceremonies: registration and sign-in (WebAuthn Level 3, sections 7.1 and 7.2).

`webauthn` verifies the answers. What it lets through and must not pass, `clientdata.check` refuses before.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import webauthn
from pydantic import BaseModel, ConfigDict
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.auth import acts, clientdata, cose
from server.auth.parts import Parts
from server.errors import Problem
from sync.batch import base64url, unbase64url
from sync.limits import Invalid

MINUTES: Final = 5
"""How long a ceremony may take."""
_ALGORITHMS: Final = [COSEAlgorithmIdentifier(each) for each in cose.ALGORITHMS]
_LONGEST_ID: Final = 1023  # WebAuthn Level 3, 4: credential id
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


class Ceremony(BaseModel):
    """What the server keeps between the two halves of a ceremony, under a secret that works once."""

    model_config = ConfigDict(frozen=True)

    purpose: str
    challenge: str
    person: str | None = None
    name: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was just registered; `credential` and `public_key` (COSE) are base64url."""

    credential: str
    public_key: str
    transports: list[str]


def begin(parts: Parts, ceremony: Ceremony) -> str:
    """Keep a ceremony and return the secret that ends it."""
    secret = secrets.token_urlsafe(24)
    expires = parts.now() + MINUTES * 60_000
    parts.store.write(lambda t: t.add_ticket("ceremony", secret, ceremony.model_dump_json(), expires=expires))
    return secret


def finish(parts: Parts, secret: str, *, purpose: str) -> Ceremony:
    """Return a ceremony and end it, whatever becomes of its answer.

    One that is unknown, used or too old raises `ceremony_unknown`.
    """
    value = parts.store.write(lambda transaction: transaction.take_ticket("ceremony", secret, now=parts.now()))
    if value is None:
        raise Problem("ceremony_unknown")
    ceremony = Ceremony.model_validate_json(value)
    if ceremony.purpose != purpose:
        raise Problem("ceremony_unknown", f"expected a ceremony of {purpose}")
    return ceremony


def registration_options(parts: Parts, *, person: str, name: str, known: list[str], challenge: bytes) -> Any:
    """Return the JSON that the browser's `create()` takes; `known` are credential ids that the person has already."""
    options = webauthn.generate_registration_options(
        rp_id=parts.config.rp,
        rp_name="Một Cửa",
        user_id=person.encode(),
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=MINUTES * 60_000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=unbase64url(each)) for each in known],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return json.loads(webauthn.options_to_json(options))


def sign_in_options(parts: Parts, *, challenge: bytes) -> Any:
    """Return the JSON that the browser's `get()` takes; the browser offers the passkeys that it has for us."""
    options = webauthn.generate_authentication_options(
        rp_id=parts.config.rp, challenge=challenge, timeout=MINUTES * 60_000, user_verification=_VERIFIED
    )
    return json.loads(webauthn.options_to_json(options))


def verify_registration(parts: Parts, credential: Mapping[str, Any], *, challenge: bytes) -> NewPasskey:
    """Verify what `create()` returned; `passkey_refused` says what was expected."""
    try:
        parsed = parse_registration_credential_json(dict(credential))
        _check_client_data(parts, parsed.response.client_data_json, "webauthn.create", challenge)
        verified = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=parts.config.rp,
            expected_origin=list(parts.config.origins),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        cose.verifier(verified.credential_public_key)
        if len(verified.credential_id) > _LONGEST_ID:
            raise ValueError(f"expected a credential id of at most {_LONGEST_ID} bytes")
    except (WebAuthnException, ValueError, LookupError, TypeError, AttributeError) as error:
        _refuse(error)
    if verified.credential_id != parsed.raw_id:
        raise Problem("passkey_refused", "expected the id of the credential that was made")
    return NewPasskey(
        credential=base64url(verified.credential_id),
        public_key=base64url(verified.credential_public_key),
        transports=[transport.value for transport in parsed.response.transports or []],
    )


def credential_id(credential: Mapping[str, Any]) -> str:
    """Return the record id of the passkey that an answer of `get()` says it is of."""
    try:
        return acts.passkey_id(str(credential["id"]))
    except (KeyError, Invalid) as error:
        raise Problem("passkey_refused", "expected a credential with an id in base64url") from error


def verify_sign_in(parts: Parts, credential: Mapping[str, Any], *, public_key: bytes, challenge: bytes) -> str | None:
    """Verify what `get()` returned; return the user handle (the person's id) if the passkey gave one.

    Synced passkeys count nothing, and acts that were signed offline arrive out of order: no counter is compared.
    """
    try:
        parsed = parse_authentication_credential_json(dict(credential))
        _check_client_data(parts, parsed.response.client_data_json, "webauthn.get", challenge)
        webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=parts.config.rp,
            expected_origin=list(parts.config.origins),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        handle = parsed.response.user_handle
        return None if handle is None else handle.decode()
    except (WebAuthnException, ValueError, LookupError, TypeError, AttributeError) as error:
        _refuse(error)


def _check_client_data(parts: Parts, data: bytes, typ: str, challenge: bytes) -> None:
    try:
        clientdata.check(data, typ=typ, challenge=challenge, origins=parts.config.origins)
    except Problem as problem:
        raise Problem("passkey_refused", problem.expected) from problem


def _refuse(error: Exception) -> NoReturn:
    raise Problem("passkey_refused", str(error)) from error
