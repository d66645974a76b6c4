"""From a signed form to a receipt, an acknowledgement, and evidence that stands alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from loadtests.authenticator import Passkey
from loadtests.person import FEEDBACK, PROCEDURE, Person, photographed
from server import jwk
from server.auth import Parts
from server.cli import cli
from server.features.dossiers import bundle
from server.features.forms.publishing import publish
from sync import canonical
from sync.batch import base64url
from sync.canonical import Value
from tests.features.conftest import NewPerson

pytestmark = pytest.mark.both_engines


def submitted(person: Person) -> str:
    id, change = person.submission(PROCEDURE, FEEDBACK)
    (answer,) = person.sync(change)
    assert answer["refused"] == []
    return id


def test_a_submission_gets_a_receipt_that_its_unit_signed(resident: Person) -> None:
    id = submitted(resident)
    receipt = resident.records["receipt", id]
    jws = jwk.open_jws(str(receipt["jws"].shown), typ="motcua-receipt+jws")
    trust = jwk.open_jws(str(resident.records["trust", "trust"]["jws"].shown), typ="motcua-trust+jws")
    assert trust.signed_by(trust.header["jwk"])
    (key,) = [key for key in trust.payload["keys"] if key["kid"] == jws.header["kid"]]
    assert key["unit"] == "1022"
    assert jws.signed_by(key["jwk"])
    act: Any = resident.records["submission", id]["act"].shown
    assert jws.payload["document_sha256"] == hashlib.sha256(act["document"].encode()).hexdigest()
    assert jws.payload["code"] == receipt["code"].shown == "1022-261118-0001"


def test_dossier_codes_count_through_the_day_and_start_again_the_next(resident: Person, clock: Any) -> None:
    codes = [resident.records["receipt", submitted(resident)]["code"].shown for _ in range(2)]
    clock.pass_(minutes=24 * 60)
    codes.append(resident.records["receipt", submitted(resident)]["code"].shown)
    assert codes == ["1022-261118-0001", "1022-261118-0002", "1022-261119-0001"]


def test_G3_a_submission_that_is_sent_again_is_one_submission_with_one_receipt(
    resident: Person, officer: Person
) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    jws = resident.device.batch([change], at=1)
    resident.exchange([jws])
    receipt = resident.records["receipt", id]
    resident.exchange([jws])
    (answer,) = resident.sync(change)  # the same act in another batch
    assert [refused["code"] for refused in answer["refused"]] == ["record_closed"]
    officer.sync()
    assert [each for kind, each in officer.records if kind == "submission"] == [id]
    assert officer.records["receipt", id] == receipt


def test_the_officers_of_the_unit_see_it_and_those_of_another_do_not(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    id = submitted(resident)
    stranger = new_person("officer", "ben-thanh", name="Võ Thị Dung")
    for person in (officer, stranger):
        person.sync()
    assert ("submission", id) in officer.records
    assert ("submission", id) not in stranger.records


def test_an_acknowledgement_reaches_the_resident(resident: Person, officer: Person) -> None:
    id = submitted(resident)
    officer.sync()
    (answer,) = officer.sync(officer.acknowledgement(id, "Chúng tôi sẽ xử lý trong 5 ngày làm việc."))
    assert answer["refused"] == []
    resident.sync()
    (act,) = [state["act"].shown for (kind, _), state in resident.records.items() if kind == "acknowledgement"]
    assert json.loads(act["document"])["message"] == "Chúng tôi sẽ xử lý trong 5 ngày làm việc."  # type: ignore[index,call-overload,arg-type]


def test_a_submission_is_acknowledged_once(resident: Person, officer: Person) -> None:
    id = submitted(resident)
    officer.sync()
    first, second = officer.acknowledgement(id), officer.acknowledgement(id)
    (answer,) = officer.sync(first, second)
    assert answer["refused"] == [{"index": 1, "code": "already_acknowledged", "retry": False}]


def test_only_an_officer_of_the_unit_acknowledges(resident: Person, new_person: NewPerson) -> None:
    id = submitted(resident)
    for person in (resident, new_person("officer", "ben-thanh", name="Võ Thị Dung")):
        person.records["submission", id] = resident.records["submission", id]
        person.unit = "1022"
        (answer,) = person.sync(person.acknowledgement(id))
        assert [refused["code"] for refused in answer["refused"]] == ["write_forbidden"]


Spoil = Callable[[dict[str, Any]], None]


def _set(**values: Value) -> Spoil:
    return lambda document: document.update(values)


def _answer(**values: Value) -> Spoil:
    return lambda document: document["answers"].update(values)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_set(person="01a1ee56-5e0e-7d6a-8d2d-f58344a452d9"), "act_passkey"),
        (_set(rp="evil.example"), "act_shape"),
        (_set(id="01a1ee56-5e0e-7d6a-8d2d-f58344a452d9"), "act_shape"),
        (_set(extra=1), "act_shape"),
        (_set(typ="acknowledgement/1"), "act_shape"),
        (_set(form_sha256="0" * 64), "form_unknown"),
        (_set(unit="ben-thanh"), "form_unknown"),
        (_set(summary_sha256="0" * 64), "summary_differs"),
        (_set(language="en"), "summary_differs"),
        (_set(files=[{"name": "a.jpg", "len": 3, "sha256": "0" * 64}]), "answer_file"),
        (_answer(shoe_size=43), "answer_unknown"),
        (_answer(topic=7), "answer_type"),
        (_answer(topic="moon"), "answer_choice"),
        (_answer(seen_on="2031-01-01"), "answer_constraint"),
        (_answer(name="An"), "answer_irrelevant"),
        (lambda document: document["answers"].pop("topic"), "answer_required"),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused_though_it_is_signed(
    resident: Person, spoil: Spoil, code: str
) -> None:
    document = resident.document(PROCEDURE, FEEDBACK)
    id = str(document["id"])
    spoil(document)
    change = resident.change("submission", id, "act", {**resident.passkey.sign(document), "draft": ""})
    (answer,) = resident.sync(change)
    assert [refused["code"] for refused in answer["refused"]] == [code]


def test_a_document_names_exactly_the_files_of_its_answers_and_these_are_there(resident: Person) -> None:
    document = resident.document(PROCEDURE, photographed(("0" * 64, 3), ("0" * 64, 3)))
    assert document["files"] == [{"name": "ảnh 0000.jpg", "len": 3, "sha256": "0" * 64}]
    for files, code in ((document["files"], "file_missing"), ([], "answer_file")):
        changed = {**document, "id": resident.new_id(), "files": files}
        act: Value = {**resident.passkey.sign(changed), "draft": ""}
        (answer,) = resident.sync(resident.change("submission", str(changed["id"]), "act", act))
        assert [refused["code"] for refused in answer["refused"]] == [code]


def test_a_document_with_two_readings_is_refused(resident: Person) -> None:
    _, change = resident.submission(PROCEDURE, FEEDBACK)
    for text in ('{"typ":"submission/1","typ":"submission/1"}', "{ }", '{"a":1.5}', "[" * 1000, "nonsense"):
        spoilt: Any = json.loads(json.dumps(change))
        spoilt["value"]["document"] = text
        (answer,) = resident.sync(spoilt)
        assert [refused["code"] for refused in answer["refused"]] == ["act_canonical"]


def test_a_form_that_was_superseded_is_still_good_for_those_who_began_with_it(resident: Person, city: Parts) -> None:
    old, form = resident.form(PROCEDURE)
    _, change = resident.submission(PROCEDURE, FEEDBACK)
    newer = {**form, "version": "2027-01-01"}
    city.store.write(lambda transaction: publish(newer, transaction, now=city.now()))
    (answer,) = resident.sync(change)
    assert answer["refused"] == []
    assert resident.form(PROCEDURE)[0] != old


@pytest.fixture
def evidence(resident: Person, officer: Person, web: Any, city: Parts) -> Any:
    """An exported bundle of an acknowledged submission."""
    id = submitted(resident)
    officer.sync()
    officer.sync(officer.acknowledgement(id))
    with city.store.read() as look:
        return json.loads(canonical.encode(bundle.make(id, look)))


def verify(made: Any, folder: Path, *options: str) -> Any:
    file = folder / "evidence.json"
    file.write_text(json.dumps(made))
    return CliRunner().invoke(cli, ["verify", str(file), *options])


def test_evidence_is_verified_without_a_server(evidence: Any, tmp_path: Path, city: Parts) -> None:
    result = verify(evidence, tmp_path, "--root", str(city.issuers.root()))
    assert result.exit_code == 0, result.output
    assert result.output.endswith("The evidence holds.\n")
    assert "FAIL" not in result.output


def test_evidence_under_another_root_key_fails(evidence: Any, tmp_path: Path) -> None:
    result = verify(evidence, tmp_path, "--root", "A" * 43)
    assert result.exit_code == 1
    assert "FAIL  the trust list is signed by the city's root key" in result.output


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for name in value for leaf in leaves(value[name], (*path, name))]
    if isinstance(value, list):
        return [leaf for index in range(len(value)) for leaf in leaves(value[index], (*path, index))]
    return [path]


def test_one_changed_byte_anywhere_in_the_evidence_fails(evidence: Any, tmp_path: Path, city: Parts) -> None:
    changed = 0
    for path in leaves(evidence):
        spoilt = json.loads(json.dumps(evidence))
        *parents, last = path
        place = spoilt
        for name in parents:
            place = place[name]
        value = place[last]
        if not isinstance(value, str) or path[-2:] == ("assertion", "credential") or not value:
            continue
        middle = len(value) // 2
        place[last] = value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
        result = verify(spoilt, tmp_path, "--root", str(city.issuers.root()))
        assert result.exit_code == 1, path
        changed += 1
    assert changed > 100


def test_an_acknowledgement_by_a_key_that_the_unit_never_saw_fails(
    evidence: Any, tmp_path: Path, city: Parts, officer: Person
) -> None:
    forger = Passkey(rp="localhost", origin=officer.origin)
    act = evidence["acknowledgements"][0]
    act |= forger.sign(json.loads(act["document"]) | {"name": "Chủ tịch thành phố", "message": "Đã duyệt."})
    act["passkey"]["public_key"] = base64url(forger.public_key())
    result = verify(evidence, tmp_path, "--root", str(city.issuers.root()))
    assert result.exit_code == 1
    assert "FAIL  the countersignature names this document and this passkey" in result.output
