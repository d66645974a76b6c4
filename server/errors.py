"""Every problem that the service can answer, in one list (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem: its HTTP status, a title for engineers, and whether the same request may succeed later.

    People never read `title`: every code has a text in every language under `pwa/src/text/`.
    """

    status: int
    title: str
    retry: bool = False


PROBLEMS: Final[dict[str, Entry]] = {
    # requests
    "bad_request": Entry(400, "The request is not of the expected form"),
    "not_found": Entry(404, "There is nothing here"),
    "method_not_allowed": Entry(405, "This address does not take that method"),
    "too_large": Entry(413, "The request is larger than the limit"),
    "origin_forbidden": Entry(403, "The request comes from another origin"),
    "internal": Entry(500, "The server failed; the fault is logged", retry=True),
    "unavailable": Entry(503, "The server can't do this now", retry=True),
    "busy": Entry(503, "More comes than the server can take now", retry=True),
    # who is asking
    "signed_out": Entry(401, "There is no valid session", retry=True),
    "role_forbidden": Entry(403, "This role may not do this"),
    "feed_forbidden": Entry(403, "This person may not read that feed"),
    "ceremony_unknown": Entry(400, "The ceremony is unknown, used, or older than five minutes"),
    "passkey_refused": Entry(400, "The passkey's answer does not pass verification"),
    "passkey_unknown": Entry(400, "No account here has this passkey"),
    "passkey_taken": Entry(409, "This passkey has an account already"),
    "link_unknown": Entry(404, "The enrolment link is unknown, used, or expired"),
    "device_unknown": Entry(404, "There is no such device"),
    "device_revoked": Entry(403, "The device was revoked"),
    "device_foreign": Entry(403, "The device belongs to another person"),
    "device_taken": Entry(409, "The device key is enrolled already"),
    # signed acts
    "act_shape": Entry(400, "The signed document is not of the expected form"),
    "act_canonical": Entry(400, "The signed document is not RFC 8785 JSON"),
    "act_signature": Entry(400, "The signature does not fit the document"),
    "act_passkey": Entry(400, "The document was not signed by a valid passkey of its person"),
    "act_person": Entry(403, "The document names another person"),
    "act_expired": Entry(400, "The document's time has passed"),
    # batches (SPEC.md B1, B3)
    "base64url": Entry(400, "Text is not base64url without padding"),
    "json": Entry(400, "Text is not JSON without floats"),
    "batch_shape": Entry(400, "The batch is not of the expected form"),
    "batch_size": Entry(413, "The batch is larger than the limit"),
    "batch_signature": Entry(400, "The batch is not signed by its device"),
    # changes (SPEC.md R2, R10, R12, R13)
    "change_shape": Entry(400, "The change is not of the expected form"),
    "value_type": Entry(400, "The value holds something that is not JSON without floats"),
    "value_text": Entry(400, "The value holds text that is not Unicode in normal form C"),
    "value_integer": Entry(400, "The value holds an integer past 2^53-1"),
    "value_depth": Entry(400, "The value is nested too deeply"),
    "value_size": Entry(413, "The value is larger than the limit"),
    "context_size": Entry(400, "The register has too many writers"),
    "context_ahead": Entry(409, "The change claims to have seen what the server has not"),
    "stamp_behind": Entry(409, "The change's stamp is not past what it covers"),
    "stamp_leap": Entry(409, "The change's stamp leaps too far ahead"),
    "record_registers": Entry(413, "The record has too many keys"),
    "record_size": Entry(413, "The record is larger than the limit"),
    # what kinds refuse (SPEC.md B5)
    "kind_unknown": Entry(400, "There is no such kind"),
    "kind_served": Entry(403, "Only the server writes records of this kind"),
    "id_shape": Entry(400, "The record's id is not a UUIDv7"),
    "key_unknown": Entry(400, "Records of this kind have no such key"),
    "value_shape": Entry(400, "The value is not of the form that this key has"),
    "write_forbidden": Entry(403, "This person may not write this record"),
    "record_closed": Entry(409, "The record exists and never changes"),
    # forms and dossiers
    "form_unknown": Entry(409, "The form's version is not published"),
    "form_refused": Entry(400, "The spreadsheet is no form that can be published"),
    "form_version_taken": Entry(409, "The version is published with another content"),
    "form_code_taken": Entry(409, "Another unit has a procedure of this code"),
    "answer_unknown": Entry(400, "The form has no such question"),
    "answer_type": Entry(400, "The answer is not of the question's type"),
    "answer_choice": Entry(400, "The answer is not one of the question's choices"),
    "answer_required": Entry(400, "A required answer is missing"),
    "answer_constraint": Entry(400, "The answer breaks the question's constraint"),
    "answer_irrelevant": Entry(400, "The question does not apply and is answered"),
    "answer_calculation": Entry(400, "An answer is not what the form computes"),
    "answer_rows": Entry(400, "There are too many rows, or not as many as the form wants"),
    "answer_file": Entry(400, "A file is not what the question wants"),
    "summary_differs": Entry(400, "The summary that was shown is not the one of these answers"),
    "file_missing": Entry(409, "A file of the submission has not arrived whole", retry=True),
    "draft_signer": Entry(403, "Only the owner of a draft signs it"),
    "draft_sent": Entry(409, "The draft's owner has signed it already"),
    "owner_only": Entry(403, "Only the draft's owner may change this"),
    "hand_missing": Entry(409, "The device has not said whose it is"),
    "hand_foreign": Entry(403, "The device is another one, or another person's, than it says"),
    "share_ended": Entry(403, "The draft is not shared with this person any more"),
    "share_limit": Entry(409, "The draft is shared as often, or has as many open invitations, as one may"),
    "unit_unknown": Entry(409, "There is no such unit"),
    "invite_unknown": Entry(409, "No draft has such an invitation"),
    "invite_over": Entry(409, "The invitation was used or taken back"),
    "invite_expired": Entry(409, "The invitation's time has passed"),
    "submission_unknown": Entry(409, "There is no such submission"),
    "already_acknowledged": Entry(409, "The submission was acknowledged before"),
    # the gate
    "holder_proof": Entry(400, "The holder key does not prove itself"),
    "holder_taken": Entry(409, "The holder key holds something already"),
    "place_unknown": Entry(409, "The unit has no such place or gate"),
    "meeting_unknown": Entry(409, "The unit has no such meeting"),
    "meeting_unsound": Entry(409, "The meeting lacks something, or ends before it begins, or lasts more than a day"),
    "meeting_cancelled": Entry(409, "The meeting was cancelled"),
    "meeting_over": Entry(409, "The meeting is over"),
    "meeting_full": Entry(409, "The meeting has as many invitations as one may have"),
    "email_shape": Entry(400, "The text is not an e-mail address"),
    "invitation_unknown": Entry(409, "The meeting has no such invitation"),
    "invitation_cancelled": Entry(409, "The invitation was cancelled"),
    "code_unknown": Entry(409, "No invitation has this code"),
    "code_cancelled": Entry(409, "The code's invitation was cancelled"),
    "code_replaced": Entry(409, "A newer code takes the place of this one"),
    "code_expired": Entry(409, "The code's time has passed"),
    "already_claimed": Entry(409, "Another person has claimed the invitation"),
    "claim_limit": Entry(409, "The invitation was claimed as often as one may be"),
    "checkin_time": Entry(409, "The check-in's time is not that of its id, or too far from the server's"),
    # identity
    "desk_code": Entry(400, "The desk code is not one that a phone of this person signed"),
    "desk_device": Entry(409, "The phone that signed the desk code was revoked, or its key has expired"),
    "desk_time": Entry(409, "The desk code was not made in the half hour before the check"),
    "desk_used": Entry(409, "The desk code was used for a check already"),
    "photo_shape": Entry(400, "The photo is not a JPEG of the size that is taken"),
    "identity_needed": Entry(409, "The person has no identity in force"),
    "holding_limit": Entry(409, "The person got as many credentials this month as one may"),
    # blobs (SPEC.md A1)
    "blob_name": Entry(400, "The blob's name is not a SHA-256"),
    "blob_offset": Entry(409, "The offset is not where the blob ends", retry=True),
    "blob_hash": Entry(422, "The whole blob does not hash to its name"),
    "blob_size": Entry(413, "The blob is larger than the limit"),
}


_AGAIN: Final = 2
"""Seconds."""


class Problem(Exception):
    """Ends a request with one of `PROBLEMS`. `expected` says what was expected and what came; `fields` are members.

    >>> Problem("not_found").entry.status
    404
    """

    def __init__(self, code: str, expected: str = "", **fields: str | int | list[str]) -> None:
        super().__init__(f"{code}: {expected or PROBLEMS[code].title}")
        self.code = code
        self.expected = expected
        self.fields = fields

    @property
    def entry(self) -> Entry:
        return PROBLEMS[self.code]

    @property
    def retry_after(self) -> int:
        """Seconds after which whoever gets a 503 may come again; see SPEC.md T4."""
        return int(str(self.fields.get("retry_after", _AGAIN)))

    def to_json(self) -> dict[str, object]:
        """Return the members of `application/problem+json`."""
        body: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": self.entry.title,
            "status": self.entry.status,
            "code": self.code,
            "retry": self.entry.retry,
        }
        if self.expected:
            body["detail"] = self.expected
        return body | self.fields
