"""The records of forms: published forms, drafts, submissions and their receipts."""

from __future__ import annotations

from typing import Final

from server.auth import Parts
from server.features.forms import sharing, submission
from server.features.forms.drafts import DRAFT
from server.kinds import Kind, Sort, by_key, public

FORM: Final = Kind(name="form", sort=Sort.SERVED, feeds=public, index=by_key("code"))
"""A version of a form, under the SHA-256 of its RFC 8785 bytes.

Keys: `form code unit published_at superseded_at`, and `workbook`, the SHA-256 of the spreadsheet that it came from.
"""


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kinds of this feature."""
    return (FORM, DRAFT, sharing.joining(DRAFT), submission.RECEIPT, submission.kind(parts))
