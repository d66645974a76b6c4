"""Publishing forms: a version never changes, and a newer one takes its place in the catalogue."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from server.features.forms.form import Form, parse
from server.features.forms.kinds import FORM
from server.store import Store, Transaction
from sync import canonical
from sync.canonical import Value

CATALOGUE: Final = Path(__file__).parent / "catalogue"


def publish_catalogue(store: Store, *, now: int) -> list[Form]:
    """Publish every form that ships with the service; a version that is published already stays as it is."""
    texts = [path.read_bytes() for path in sorted(CATALOGUE.glob("*.json"))]
    return store.write(lambda transaction: [publish(canonical.decode(text), transaction, now=now) for text in texts])


def publish(data: Value, transaction: Transaction, *, now: int) -> Form:
    """Check and publish one form; older versions of its procedure leave the catalogue and stay valid for drafts."""
    form = parse(data)
    sha256 = hashlib.sha256(canonical.encode(data)).hexdigest()
    if transaction.get("form", sha256) is None:
        values: dict[str, Value] = {"form": data, "code": form.code, "unit": form.unit, "published_at": now}
        FORM.serve(transaction, sha256, values, now=now)
        for id, state in transaction.find("form", "code", form.code):
            if id != sha256 and "superseded_at" not in state:
                FORM.serve(transaction, id, {"superseded_at": now}, now=now)
    return form
