"""Publishing forms: a version never changes, and a newer one takes its place in the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from server.errors import Problem
from server.features.forms.form import Form, FormError, parse
from server.features.forms.kinds import FORM
from server.store import Blobs, Reader, Store, Transaction
from sync import canonical
from sync.canonical import Value
from sync.record import State

CATALOGUE: Final = Path(__file__).parent / "catalogue"
_SENDER: Final = "publishing"
_PAGE: Final = 100
_SIZE: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: `sha256` is of the form's RFC 8785 bytes, `workbook` of the spreadsheet, if one was kept."""

    sha256: str
    form: Value
    code: str
    version: str
    unit: str
    published_at: int
    superseded: bool
    workbook: str | None


def publish_catalogue(store: Store, *, now: int) -> list[Form]:
    """Publish every form that ships with the service; a version that is published already stays as it is."""
    forms = [*catalogue().values()]  # compiled before, so that no transaction stands open for a second
    return store.write(lambda transaction: [_ship(form, transaction, now=now) for form in forms])


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Value]:
    """Return the forms that ship with the service, by the name of their file; each is compiled once a process."""
    from server.features.forms.xlsform import compiled  # noqa: PLC0415  # half a second of a start that few need

    forms: dict[str, Value] = {}
    for path in sorted(CATALOGUE.glob("*.xlsx")):
        found = compiled(path.read_bytes(), path.name, second_opinion=False)  # tests have had it
        if found.form is None or found.obstacles:
            raise FormError(tuple(f"{path.name} {each.place}: {each.message('en')}" for each in found.obstacles))
        forms[path.name] = found.form
    for path in sorted(CATALOGUE.glob("*.json")):
        if f"{path.stem}.xlsx" not in forms:
            forms[path.name] = canonical.decode(path.read_bytes())
    return forms


def publish(data: Value, transaction: Transaction, *, now: int, workbook: str | None = None) -> Form:
    """Check and publish one form; older versions of its procedure leave the catalogue and stay valid for drafts.

    `workbook` is the SHA-256 of the spreadsheet that it was compiled from. The same version with another content is
    refused, and so is a procedure that another unit has.
    """
    form = parse(data)
    sha256 = hashlib.sha256(canonical.encode(data)).hexdigest()
    if transaction.get("form", sha256) is not None:
        return form
    others = list(versions(form.code, transaction))
    for other in others:
        if other.unit != form.unit:
            expected = f"expected a code that no other unit has, got {form.code} of {other.unit}"
            raise Problem("form_code_taken", expected, unit=other.unit)
        if other.version == form.version:
            raise Problem("form_version_taken", f"expected a new version, got {form.version}", version=form.version)
    values: dict[str, Value] = {"form": data, "code": form.code, "unit": form.unit, "published_at": now}
    if workbook is not None:
        values["workbook"] = workbook
        transaction.share_blob(workbook, frozenset({f"unit/{form.unit}"}))
    FORM.serve(transaction, sha256, values, now=now)
    for other in others:
        if not other.superseded:
            FORM.serve(transaction, other.sha256, {"superseded_at": now}, now=now)
    return form


def keep_workbook(data: bytes, blobs: Blobs) -> str:
    """Keep a spreadsheet as it came; return its SHA-256. Before `publish`, which makes it readable for the unit."""
    name = hashlib.sha256(data).hexdigest()
    if blobs.size(name) is None:
        blobs.append(name, data, sender=_SENDER, offset=blobs.part(name, sender=_SENDER), length=len(data))
    return name


def codes(look: Reader) -> list[str]:
    """Return the codes of every published procedure, in order."""
    found: set[str] = set()
    seq = 0
    while entries := look.page("public", after=seq, limit=_PAGE, size=_SIZE):
        seq = entries[-1].seq
        for entry in entries:
            if entry.kind == FORM.name and (state := look.get(entry.kind, entry.id)) is not None:
                found.add(str(state["code"].shown))
    return sorted(found)


def workbook_of(version: Version, blobs: Blobs) -> bytes | None:
    """Return the spreadsheet of a version: as it was kept, or as it ships with the service."""
    if version.workbook is not None:
        return blobs.read(version.workbook)
    for name, form in catalogue().items():
        if name.endswith(".xlsx") and form == version.form:
            return (CATALOGUE / name).read_bytes()
    return None


def versions(code: str, look: Reader) -> Iterator[Version]:
    """Yield the published versions of a procedure."""
    found: list[tuple[str, State]] = []
    while more := look.find("form", "code", code, after=found[-1][0] if found else "", limit=_PAGE):
        found += more
    for sha256, state in found:
        form = state["form"].shown
        assert isinstance(form, dict)
        yield Version(
            sha256=sha256,
            form=form,
            code=code,
            version=str(form["version"]),
            unit=str(state["unit"].shown),
            published_at=int(str(state["published_at"].shown)),
            superseded="superseded_at" in state,
            workbook=str(state["workbook"].shown) if "workbook" in state else None,
        )


def _ship(data: Value, transaction: Transaction, *, now: int) -> Form:
    try:
        return publish(data, transaction, now=now)
    except Problem as problem:
        if problem.code != "form_version_taken":
            raise
        return parse(data)
