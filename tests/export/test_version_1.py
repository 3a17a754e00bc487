"""The record of a release that knew version 1 only, in this release: verified, read, compared, restored."""

import json
import shutil
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from monographs.document import CanonicalText, matches_hash
from monographs.document.html import without_tags
from monographs.document.models import SCHEMA_VERSION
from monographs.editions.export import bundle, verify_export
from monographs.editions.export.verifier_program import verifier_program
from monographs.editions.ledger import GENESIS, entry_hash
from monographs.editions.models import Contribution, Edition, LedgerEntry, Signature
from monographs.editions.record.json_values import canonical, sha256
from monographs.editions.record.text_facts import linked_keys, path_of
from monographs.editions.verify import VerificationError, verify
from monographs.review.publication.page_sync import page_of
from tests.export.bundles import Bundle, run_isolated
from tests.export.old_record import VERSION_1, stored_version, without_triggers
from tests.next_version import FIELD

#: Hash of each edition's text as it was signed, by slug and number. Never change a line.
HASHES = {
    ("home", 1): "f201659da880792936f66a93fc1597a7ff5f8e8c94aaf53f50210db429d6bb55",
    ("medicines", 1): "38a6addc0cb3d7e5596b9066a1c1c3a696499b2d64dba52fbf1e7f98050a7480",
    ("classes", 1): "ea308befbc956c7e83851c60ceaedfcd46dc01d4f027a0f8c3e1c9d2d6a64c5b",
    ("conditions", 1): "280577b196603e52f0364212874b1948be42df421fbac79f374a19382fba42b7",
    ("sample-blockers", 1): "981ded39cb67a9779afc7bd2cce3730b13d2b2de0a18b0b81bf3274337a1229a",
    ("samplitis", 1): "87fc1a080853e3c5b75feb2bc758c6fd993d9c1a34346dff1bcfb73d87a051f4",
    ("how-we-write", 1): "2df594483e055395390c36ba965a6b1e5e3aac89f314f9fdec5f99374724b45e",
    ("otherumab", 1): "3cc74715a3f85530609e98afb0803d3695045babf55ca1b84b97eb46b9e94046",
    ("examplinib-old", 1): "21824feddeb04605f5dbf5a760bfd856b86ee00a41425af36c798c499545af80",
    ("examplinib-old", 2): "e538cc0576e89d1b0fb1adeceed5c772b3b9714979740f54bf7a94571e23ba02",
    ("examplinib", 3): "ab19288c1ef6f784e58d984497a0c3d376979bd8a4d8acbe6761282619da4cfd",
    ("how-we-write", 2): "f288b8839b0d40ed0f42214d1860c3410f8117702e5d3919a1e418589b7a3d6b",
    ("how-we-write", 3): "2df594483e055395390c36ba965a6b1e5e3aac89f314f9fdec5f99374724b45e",
}
MEDICINE = "/medicines/examplinib/"


# --- The files ---------------------------------------------------------------------------------------


def test_the_record_is_the_one_that_was_committed() -> None:
    found = {(row["slug"], row["number"]): row["sha256"] for row in VERSION_1.editions}
    assert found == HASHES
    for row in VERSION_1.editions:
        assert CanonicalText(row["canonical"]).sha256 == row["sha256"]
        assert stored_version(row["canonical"]) == 1


@pytest.fixture
def todays_program(tmp_path: Path) -> Path:
    """The verifier that an export made today would hold."""
    program = tmp_path / "verify_export.py"
    program.write_text(verifier_program())
    return program


@pytest.mark.parametrize("own", [True, False])
def test_the_record_verifies_with_its_own_program_and_with_todays(
    own: bool, todays_program: Path, tmp_path: Path
) -> None:
    folder = VERSION_1.folder / "record"
    program = folder / "verify_export.py" if own else todays_program
    result = run_isolated(folder, "--anchor", VERSION_1.head, program=program, where=tmp_path / "empty")
    assert (result.returncode, result.stdout[:3]) == (0, "OK "), result.stdout
    assert result.stdout.endswith(f"Head {VERSION_1.head}\n")


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 0, "1", None])
def test_todays_program_names_a_version_it_does_not_know(
    version: Any, todays_program: Path, tmp_path: Path
) -> None:
    shutil.copytree(VERSION_1.folder / "record", tmp_path / "record")
    forged = Bundle(tmp_path / "record", VERSION_1.head)
    row = forged.row("editions", number=3, slug="examplinib")
    text = canonical({**json.loads(row["canonical"]), "schema_version": version})
    old, new = row["sha256"], CanonicalText(text).sha256
    forged.change("editions", {"canonical": text}, id=row["id"])
    for name in ("editions", "signatures", "contributions", "publications"):
        forged.write(name, [json.loads(json.dumps(each).replace(old, new)) for each in forged.rows(name)])
    forged.write_chain([json.loads(json.dumps(each).replace(old, new)) for each in forged.rows("ledger")])
    forged.rewrite_manifest()
    result = run_isolated(forged.folder, program=todays_program, where=tmp_path / "empty")
    assert result.returncode == 1
    assert (
        f"its text is of version {version!r} of documents; this program reads versions 1, 2, 3"
        in result.stdout
    )


# --- Verified ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", ["today", "next"], indirect=True)
def test_the_record_is_verified_read_and_exported_by_this_release_and_the_next(
    old_site: None, release: str, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verify()["editions"] == len(HASHES)
    seq, digest = VERSION_1.head.split()
    verify((int(seq), digest))
    check_pages(client)
    check_api(client)
    check_export(tmp_path, monkeypatch)
    check_drafts()


FAULTS = [
    ('"title":"examplinib"}', '"surprise":"","title":"examplinib"}', "fields missing or unknown: surprise"),
    ('"schema_version":1', '"schema_version":9', "of version 9 of documents"),
    ('{"brand_names"', '{ "brand_names"', "not in canonical form"),
    ('"urgency":"call_911"', '"urgency":"call_now"', "not a document of version 1"),
]


def test_a_text_that_its_version_does_not_know_is_a_fault(old_site: None) -> None:
    edition = Edition.objects.get(slug="examplinib", number=3)
    for old, new, fault in FAULTS:
        canonical = edition.canonical.replace(old, new, 1)
        sha256 = CanonicalText(canonical).sha256
        savepoint = transaction.savepoint()
        with without_triggers():
            Edition.objects.filter(pk=edition.pk).update(canonical=canonical, sha256=sha256)
        forge_ledger(edition.sha256, sha256)
        with pytest.raises(VerificationError, match=fault):
            verify()
        transaction.savepoint_rollback(savepoint)


def forge_ledger(old: str, new: str) -> None:
    """Replace a hash everywhere in the record, and write the chain again."""
    with without_triggers():
        for model in (Signature, Contribution):
            model.objects.filter(sha256=old).update(sha256=new)
        previous = GENESIS
        for entry in LedgerEntry.objects.order_by("seq"):
            entry.body, entry.prev_hash = entry.body.replace(old, new), previous
            entry.hash = previous = entry_hash(entry)
            entry.save(force_update=True)


# --- Read --------------------------------------------------------------------------------------------


def check_pages(client: Client) -> None:
    """Patients read every word of the old editions, and every other page is up."""
    for edition in Edition.objects.filter(kind="monograph", slug="examplinib"):
        response = client.get(f"{MEDICINE}editions/{edition.number}/")
        assert_shows(response, edition)
    for path in (
        "/",
        "/medicines/",
        "/classes/",
        "/classes/sample-blockers/",
        "/conditions/samplitis/",
        "/about/how-we-write/",
        MEDICINE,
    ):
        edition = Edition.objects.filter(path=path).latest("number")
        response = client.get(path)
        assert response["X-Edition"] == f"{edition.slug}/{edition.number}"
        assert edition.sha256 in response["ETag"]
        assert_shows(response, edition)
    moved = client.get("/medicines/examplinib-old/")
    assert (moved.status_code, moved["Location"]) == (301, MEDICINE)
    assert client.get("/medicines/otherumab/").status_code == 410
    for path in (
        f"{MEDICINE}editions/",
        f"{MEDICINE}leaflet.pdf",
        f"{MEDICINE}changes/1/2/",
        f"{MEDICINE}changes/2/3/",
        "/search/?q=examplinib",
        "/search/?q=made-up",
        "/updates.atom",
        "/sitemap.xml",
        "/api/v1/monographs",
        "/api/v1/monographs/examplinib",
        "/api/v1/search?q=exampla",
        "/api/v1/openapi.json",
    ):
        assert client.get(path).status_code == 200, path
    assert b"examplinib" in client.get("/search/?q=made-up").content


def assert_shows(response: Any, edition: Edition) -> None:
    assert response.status_code == 200
    # For programs; and of a restored text, its page says instead which edition was brought back
    hidden = {"identifiers", "change_note"} if edition.restores else {"identifiers"}
    plain = {name: value for name, value in json.loads(edition.canonical).items() if name not in hidden}
    source = response.content.decode()
    soup = BeautifulSoup(source, "html.parser")
    text, attributes = (
        "".join(soup.get_text().split()),
        "".join(value for tag in soup.find_all() for value in map(str, tag.attrs.values())),
    )
    attributes = "".join(attributes.split())
    for words, in_attribute in verify_export.words_of(plain):
        joined = "".join(without_tags(words).split())
        assert joined in text or (in_attribute and joined in attributes), words


def check_api(client: Client) -> None:
    """The API gives the text as it was signed."""
    edition = Edition.objects.get(slug="examplinib", number=3)
    for path in ("examplinib", "examplinib/editions/3"):
        found = client.get(f"/api/v1/monographs/{path}")
        assert f'"document":{edition.canonical}}}' in found.content.decode()
        document = found.json()["document"]
        assert document["schema_version"] == 1
        assert FIELD not in document
        assert sha256(canonical(document).encode()) == found.json()["sha256"]


def check_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export has the rows of the old one."""
    # The rows of this test are not committed, so another transaction could not see them
    monkeypatch.setattr(bundle, "repeatable_read", lambda durable: nullcontext())
    call_command("ledger", "export", str(tmp_path / "again"), stdout=StringIO())
    for name in (
        "editions",
        "signatures",
        "contributions",
        "withdrawals",
        "publications",
        "figures",
        "ledger",
    ):
        again = (tmp_path / "again" / f"{name}.jsonl").read_bytes().splitlines()
        for row, old in zip(again, VERSION_1.rows(name), strict=True):
            # A column that was added since has its default, which an old verifier would not know
            assert {column: json.loads(row)[column] for column in old} == old
    program = tmp_path / "again" / "verify_export.py"
    result = run_isolated(tmp_path / "again", program=program, where=tmp_path / "empty")
    assert (result.returncode, result.stdout[:3]) == (0, "OK "), result.stdout


def check_drafts() -> None:
    """A draft that nobody touched says what its edition says; readers of both versions agree on links."""
    for draft in VERSION_1.drafts():
        page = page_of(draft["key"])
        edition = Edition.objects.of(draft["key"]).first()
        assert page
        assert edition
        document = page.get_latest_revision_as_object().to_document()
        assert document.schema_version > stored_version(edition.canonical)
        assert matches_hash(document, edition.sha256), page
        assert document == edition.document
        plain = json.loads(edition.canonical)
        assert document.linked_keys() == linked_keys(plain)
        assert document.path == path_of(plain)
