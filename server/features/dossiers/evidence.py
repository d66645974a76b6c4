"""Verifies an evidence bundle with nothing but the bundle: no server, no clock, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from server import jwk
from server.auth import acts
from server.errors import Problem
from server.features.dossiers.acknowledgement import COUNTERSIGNED_TYPE
from server.issuers import TRUST_TYPE
from sync import canonical
from sync.batch import unbase64url
from sync.limits import Invalid

Summarise: TypeAlias = Callable[[Any, Mapping[str, Any], Any], str]
"""Given a form, answers and a language: the text that the review page showed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked: whether it holds, and what was found."""

    name: str
    holds: bool
    found: str


def verify(bundle: Any, *, summarise: Summarise, root: str | None) -> Iterator[Step]:
    """Yield each step in turn and stop at the first that fails.

    `root` is the RFC 7638 thumbprint of the city's root key, learnt from elsewhere; without it the trust list proves
    only that all parts belong together.
    """
    try:
        yield from _verify(bundle, summarise, root)
    except (Problem, Invalid, KeyError, TypeError, ValueError, AttributeError) as error:
        yield Step("the bundle is complete and well formed", holds=False, found=f"{type(error).__name__}: {error}")


def _verify(bundle: Any, summarise: Summarise, root: str | None) -> Iterator[Step]:
    checks = _checks(bundle, summarise, root)
    for name, holds, found in checks:
        yield Step(name, holds, found)
        if not holds:
            return


def _checks(bundle: Any, summarise: Summarise, root: str | None) -> Iterator[tuple[str, bool, str]]:
    typ = bundle["typ"]
    yield "this is an evidence bundle", typ == "motcua-evidence/1", f"typ {typ}"

    trust = jwk.open_jws(bundle["trust"], typ=TRUST_TYPE)
    thumbprint = jwk.thumbprint(trust.header["jwk"])
    found = thumbprint if root else f"{thumbprint} (compare it: no root key was given)"
    signed = trust.signed_by(trust.header["jwk"]) and root in (None, thumbprint)
    yield "the trust list is signed by the city's root key", signed, found

    receipt = jwk.open_jws(bundle["receipt"], typ="motcua-receipt+jws")
    said = receipt.payload
    keys = {key["kid"]: key for key in trust.payload["keys"]}
    issuer = keys.get(receipt.header["kid"], {})
    listed = issuer.get("unit") == said["unit"]
    yield "the receipt's key is on the trust list, for its unit", listed, f"unit {said['unit']}"
    yield "the receipt is signed by that key", receipt.signed_by(issuer["jwk"]), f"dossier {said['code']}"

    submission = bundle["submission"]
    text, document = submission["document"], acts.members(submission["document"])
    yield "the document is RFC 8785 JSON", canonical.encode(document) == text.encode(), f"{len(text.encode())} bytes"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    yield "the receipt is for this document", sha256 == said["document_sha256"], f"SHA-256 {sha256}"
    same = (document["id"], document["unit"], document["procedure"])
    named = (said["submission"], said["unit"], said["procedure"])
    yield "the receipt names its dossier", same == named, f"id {same[0]}"

    passkey = submission["passkey"]
    bound = passkey["public_key"] == said["public_key"]
    yield "the passkey is the one that the receipt names", bound, "COSE public key"
    yield from _passkey(passkey, said["received_at"])
    yield from _signature(submission, trust.payload)

    form = bundle["form"]
    sha256 = hashlib.sha256(canonical.encode(form)).hexdigest()
    yield "the form is the one that was filled", sha256 == document["form_sha256"], f"SHA-256 {sha256}"
    shown = summarise(form, document["answers"], document["language"])
    sha256 = hashlib.sha256(shown.encode()).hexdigest()
    yield "the person was shown exactly these answers", sha256 == document["summary_sha256"], f"SHA-256 {sha256}"

    for act in bundle["acknowledgements"]:
        yield from _acknowledgement(act, said, trust.payload, issuers=keys)


def _acknowledgement(act: Any, said: Any, trust: Any, *, issuers: Any) -> Iterator[tuple[str, bool, str]]:
    document = acts.members(act["document"])
    about = (document["submission"], document["document_sha256"], document["unit"])
    same = about == (said["submission"], said["document_sha256"], said["unit"])
    yield "the acknowledgement is of this dossier", same, f"by {document['name']}"
    countersigned = jwk.open_jws(act["countersignature"], typ=COUNTERSIGNED_TYPE)
    issuer = issuers.get(countersigned.header["kid"], {})
    signed = issuer.get("unit") == said["unit"] and countersigned.signed_by(issuer["jwk"])
    yield "the unit has countersigned it", signed, f"unit {said['unit']}"
    payload = countersigned.payload
    sha256 = hashlib.sha256(act["document"].encode()).hexdigest()
    bound = (payload["document_sha256"], payload["public_key"]) == (sha256, act["passkey"]["public_key"])
    yield "the countersignature names this document and this passkey", bound, f"SHA-256 {sha256}"
    yield from _signature(act, trust)


def _passkey(passkey: Any, received_at: int) -> Iterator[tuple[str, bool, str]]:
    made, revoked = passkey["created_at"], passkey["revoked_at"]
    valid = made <= received_at and (revoked is None or revoked > received_at)
    yield "the passkey was valid when the receipt was given", valid, f"enrolled {made}, revoked {revoked}, in ms"


def _signature(act: Any, trust: Any) -> Iterator[tuple[str, bool, str]]:
    """Check a passkey's signature over a document, as WebAuthn Level 3 section 7.2 says, one step at a time."""
    document = acts.members(act["document"])
    kind = document["typ"].split("/")[0]
    try:
        acts.verify_assertion(
            act["document"],
            acts.Assertion.model_validate(act["assertion"]),
            public_key=unbase64url(act["passkey"]["public_key"]),
            rp=trust["rp"],
            origins=trust["origins"],
        )
    except Problem as problem:
        yield f"the {kind} is signed by the passkey, user verified, for this origin", False, problem.expected
    else:
        yield f"the {kind} is signed by the passkey, user verified, for this origin", True, f"rp {trust['rp']}"
