"""An evidence bundle: all that a third party needs to verify a submission without this service."""

from __future__ import annotations

from typing import Any

from server.auth import acts
from server.store import Reader
from sync.canonical import Value


def make(id: str, look: Reader) -> dict[str, Value]:
    """Return the bundle of a submission that exists, as JSON.

    `{"typ": "motcua-evidence/1", "submission": <act>, "form": <form>, "receipt": <JWS>, "trust": <JWS>,
    "acknowledgements": [<act> with "countersignature": <JWS>, ...]}`; an act is `{"document", "assertion", "passkey":
    {"public_key", "created_at", "revoked_at"}}`, the key base64url COSE (RFC 9052), times in ms since 1970.
    """
    submission = _shown("submission", id, look)["act"]
    receipt = _shown("receipt", id, look)
    document: Any = acts.members(submission["document"])
    found = look.find("acknowledgement", "submission", id)
    return {
        "typ": "motcua-evidence/1",
        "submission": _with_key(submission, look),
        "form": _shown("form", document["form_sha256"], look)["form"],
        "receipt": receipt["jws"],
        "trust": _shown("trust", "trust", look)["jws"],
        "acknowledgements": [
            {**_with_key(state["act"].shown, look), "countersignature": _shown("countersignature", id, look)["jws"]}
            for id, state in found
        ],
    }


def file_name(bundle: dict[str, Any]) -> str:
    """Return a name for the bundle's file that a person can recognise."""
    document: Any = acts.members(bundle["submission"]["document"])
    return f"{document['procedure']}-{document['id']}.evidence.json"


def _with_key(act: Any, look: Reader) -> dict[str, Value]:
    passkey = _shown("passkey", acts.passkey_id(act["assertion"]["credential"]), look)
    return {
        "document": act["document"],
        "assertion": act["assertion"],
        "passkey": {name: passkey.get(name) for name in ("public_key", "created_at", "revoked_at")},
    }


def _shown(kind: str, id: str, look: Reader) -> dict[str, Any]:
    state = look.get(kind, id)
    if state is None:
        raise LookupError(f"expected the record {kind} {id}")
    return {key: register.shown for key, register in state.items()}
