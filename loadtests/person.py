"""A simulated person: an account with a passkey, one phone, and what people do with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from loadtests.authenticator import Device, Passkey
from server.features.forms import rules
from server.features.forms.asking import Moment
from server.features.forms.form import Form, parse
from server.features.forms.summary import summary
from sync import canonical, record
from sync.batch import base64url
from sync.canonical import Value
from sync.ids import uuid7
from sync.record import State

PROCEDURE: Final = "city-feedback"
UNIT: Final = "1022"
"""The unit that `PROCEDURE` is sent to."""
FEEDBACK: Final[Mapping[str, Value]] = {
    "kind": "report",
    "topic": "flood",
    "description": "Đường ngập sâu sau mỗi trận mưa, xe máy chết máy hàng loạt.",
    "ward": "Phường Bến Thành",
    "place": "Trước số 12 đường Lê Lai",
    "seen_on": "2026-11-17",
    "ongoing": "yes",
    "identity": "anonymous",
    "public": "yes",
    "declaration": ["agreed"],
}
"""Answers to the procedure `PROCEDURE`, which a form in the catalogue defines."""


def photographed(*files: tuple[str, int]) -> Mapping[str, Value]:
    """Return `FEEDBACK` with photos, given as SHA-256 and length."""
    photos: list[Value] = [
        {"photo": {"name": f"ảnh {sha256[:4]}.jpg", "type": "image/jpeg", "len": length, "sha256": sha256}}
        for sha256, length in files
    ]
    return {**FEEDBACK, "photos": photos}


Post = Callable[[str, Any], Any]
"""Sends JSON to a path and returns the JSON of the answer; raises when the answer is a problem."""

_parsed: Final[dict[str, Form]] = {}


@dataclass
class Person:
    """Someone with a phone. `post` keeps the session's cookie; `now` gives ms since 1970."""

    post: Post
    rp: str
    origin: str
    now: Callable[[], int]
    name: str = "Nguyễn Văn An"
    id: str = ""
    role: str = "resident"
    unit: str | None = None
    device: Device = field(default_factory=Device)
    epoch: str | None = None
    cursors: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, str], State] = field(default_factory=dict)
    before: dict[tuple[str, str], State] = field(default_factory=dict)
    """Records as they were under the epoch before (F5)."""
    last: Any = None
    passkey: Passkey = field(init=False)

    def __post_init__(self) -> None:
        self.passkey = Passkey(rp=self.rp, origin=self.origin)

    def register(self, link: str | None = None) -> None:
        """Make an account with a passkey; `link` is the secret of an enrolment link."""
        begun = self.post("/auth/register/options", {"name": self.name, "link": link})
        credential = self.passkey.register(begun["options"])
        answer = {"ceremony": begun["ceremony"], "credential": credential, "label": "software"}
        self._welcome(self.post("/auth/register", answer))

    def sign_in(self) -> None:
        """Sign in with the passkey."""
        begun = self.post("/auth/signin/options", {})
        answer = {"ceremony": begun["ceremony"], "credential": self.passkey.sign_in(begun["options"])}
        self._welcome(self.post("/auth/signin", answer | self.registration()))

    def registration(self) -> dict[str, str]:
        """Return what the city has signed of this person's passkey, as it goes along with signing in (SPEC.md B11)."""
        for (kind, _), state in {**self.before, **self.records}.items():
            if kind == "registration" and state["credential"].shown == self.passkey.credential:
                return {"registration": str(state["jws"].shown)}
        return {}

    def enrol_device(self) -> None:
        """Bind this phone's key to the person."""
        self.post("/auth/devices", self.device_enrolment())

    def device_enrolment(self) -> dict[str, Any]:
        """Return the body that binds this phone's key."""
        document: dict[str, Value] = {
            "typ": "device/1",
            "rp": self.rp,
            "jkt": self.device.thumbprint,
            "credential": self.passkey.credential,
            "person": self.id,
            "scope": ["sync", "present"],
            "claimed_at": self.now(),
            "exp": self.now() + 365 * 86_400_000,
        }
        return {**self.passkey.sign(document), "jwk": self.device.jwk, "label": "software"}

    def sync(self, *changes: Value) -> Any:
        """Push changes, if any, as the next batch, and pull everything."""
        batches = [self.device.batch(list(changes), at=self.now())] if changes else []
        return self.exchange(batches)

    def exchange(self, batches: list[str], *, limit: int = 200, receipts: Mapping[str, str] | None = None) -> Any:
        """Send batches and join what comes back; ask again while there is more. `receipts` come back with them (B8)."""
        answers: list[Any] = []
        while True:
            body: dict[str, Any] = {"epoch": self.epoch, "cursors": self.cursors, "batches": batches, "limit": limit}
            if receipts is not None:
                body["receipts"] = dict(receipts)
            self.last = self.post("/sync", body)
            answers += self.last["answers"]
            self._join(self.last)
            if not self.last["more"]:
                return answers
            batches = []

    def receipts(self) -> dict[str, str]:
        """Return what the server has signed for this person's acts, as it goes back with them (SPEC.md B8)."""
        held = {**self.before, **self.records}
        return {
            f"{kind}/{id}": str(state["jws"].shown)
            for (kind, id), state in held.items()
            if kind in ("receipt", "countersignature")
        }

    def change(self, kind: str, id: str, key: str, value: Value) -> Value:
        """Return a change of a record as this phone sees it, and see it changed."""
        state = self.records.get((kind, id), {})
        written = record.write(state, kind=kind, id=id, key=key, replica=self.device.id, value=value, at=self.now())
        self.records[kind, id] = record.apply(state, written)
        return {
            "kind": kind,
            "id": id,
            "key": key,
            "n": written.n,
            "value": written.value,
            "at": written.at,
            "context": dict(written.context),
        }

    def new_id(self) -> str:
        """Return the id of a new record."""
        return uuid7(self.now(), entropy=secrets.randbits(74))

    def draft(self, code: str, answers: Mapping[str, Value]) -> tuple[str, list[Value]]:
        """Return the id of a new draft and the changes that make it."""
        id = self.new_id()
        keys: dict[str, Value] = {"owner": self.id, "procedure": code, "form_sha256": self.form(code)[0]}
        keys |= {f"answer/{name}": value for name, value in answers.items()}
        return id, [self.change("draft", id, key, value) for key, value in keys.items()]

    def submission(
        self, code: str, answers: Mapping[str, Value], *, language: Literal["vi", "en"] = "vi", draft: str = ""
    ) -> tuple[str, Value]:
        """Return the id of a new submission and the change that sends it, signed by the passkey."""
        document = self.document(code, answers, language=language)
        act: Value = {**self.passkey.sign(document), "draft": draft}
        return str(document["id"]), self.change("submission", str(document["id"]), "act", act)

    def document(
        self, code: str, answers: Mapping[str, Value], *, language: Literal["vi", "en"] = "vi"
    ) -> dict[str, Value]:
        """Return what a resident signs."""
        sha256, form = self.form(code)
        at = Moment(self.now())
        if sha256 not in _parsed:
            _parsed[sha256] = parse(form)
        cleaned = rules.cleaned(_parsed[sha256], answers, at)
        shown = summary(_parsed[sha256], cleaned, language)
        return {
            "typ": "submission/1",
            "rp": self.rp,
            "id": self.new_id(),
            "person": self.id,
            "procedure": code,
            "unit": form["unit"],
            "form_sha256": sha256,
            "language": language,
            "answers": cleaned,
            "files": list(rules.files_of(_parsed[sha256], cleaned)),
            "summary_sha256": hashlib.sha256(shown.encode()).hexdigest(),
            "nonce": base64url(secrets.token_bytes(16)),
            "claimed_at": self.now(),
        }

    def acknowledgement(self, submission: str, message: str = "Đã tiếp nhận.") -> Value:
        """Return the change by which this officer acknowledges a submission."""
        act: Any = self.records["submission", submission]["act"].shown
        document: dict[str, Value] = {
            "typ": "acknowledgement/1",
            "rp": self.rp,
            "id": self.new_id(),
            "person": self.id,
            "name": self.name,
            "submission": submission,
            "document_sha256": hashlib.sha256(act["document"].encode()).hexdigest(),
            "unit": self.unit,
            "message": message,
            "nonce": base64url(secrets.token_bytes(16)),
            "claimed_at": self.now(),
        }
        signed: Value = dict(self.passkey.sign(document))
        return self.change("acknowledgement", str(document["id"]), "act", signed)

    def form(self, code: str) -> tuple[str, Any]:
        """Return hash and JSON of the published form of a procedure."""
        for (kind, id), state in self.records.items():
            if kind == "form" and state["code"].shown == code and "superseded_at" not in state:
                return id, state["form"].shown
        raise LookupError(f"expected the form {code} among the pulled records")

    def digests(self) -> dict[str, str]:
        """Return the digest of each record that this phone holds."""
        return {f"{kind}/{id}": record.digest(state) for (kind, id), state in sorted(self.records.items())}

    def _welcome(self, answer: Any) -> None:
        person = answer["person"]
        self.id, self.name, self.role, self.unit = (person[name] for name in ("id", "name", "role", "unit"))

    def _join(self, answer: Any) -> None:
        if self.epoch not in (None, answer["epoch"]):
            self.before, self.records = self.records, {}
        for entry in answer["entries"]:
            name = (entry["kind"], entry["id"])
            if entry.get("gone"):
                self.records.pop(name, None)
                continue
            state = record.from_json(entry["state"])
            assert canonical.encode(entry["state"]) == record.encode(state)
            self.records[name] = record.join(self.records.get(name, {}), state)
        self.epoch, self.cursors = answer["epoch"], answer["cursors"]
