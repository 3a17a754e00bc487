"""Label checks from files, and what is stored."""

import io
import uuid
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from monographs.label_watch.file_check import check_files
from monographs.label_watch.followed_labels import followed_labels
from monographs.label_watch.label_checks import CheckResult
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, LabelStep, LabelVersion
from monographs.label_watch.storage import compare_stored, store_label
from monographs.labels import read_label
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.labels.label_sources import REAL
from tests.public.published import monograph, publish, withdraw

pytestmark = pytest.mark.django_db

ONE, TWO = SET_IDS[:2]


def write(folder: Path, *versions: int) -> None:
    for version in versions:
        (folder / f"v{version}.xml").write_bytes(label_xml(version, f"{version} fevers were fatal."))


def steps() -> list[tuple[int, int]]:
    return list(LabelStep.objects.order_by("id").values_list("older__version", "newer__version"))


def test_a_folder_holds_versions_in_any_order_and_labels_that_nobody_follows(tmp_path: Path) -> None:
    write(tmp_path, 10, 2, 3)  # by name 10 comes first
    (tmp_path / "other.xml").write_bytes(label_xml(1, set_id=TWO))
    (line,) = check_files(tmp_path, [ONE])
    assert (line.result, line.detail) == (CheckResult.FIRST, "version 10")
    assert sorted(steps()) == [(2, 3), (3, 10)]
    assert LabelVersion.objects.count() == 3
    assert LabelCheck.objects.get().newest_version == 10
    assert [each.result for each in check_files(tmp_path, [ONE, TWO])] == [
        CheckResult.UNCHANGED,
        CheckResult.FIRST,
    ]
    write(tmp_path, 11)
    lines = {each.set_id: each for each in check_files(tmp_path, [ONE, SET_IDS[3]])}
    assert lines[ONE].detail == "version 10 → 11"
    assert lines[SET_IDS[3]].result is CheckResult.ABSENT
    assert not LabelCheck.objects.filter(set_id=SET_IDS[3]).exists()


def test_a_damaged_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, 2)
    (tmp_path / "cut.xml").write_bytes(label_xml(3)[:400])
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 nothing")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("a/4.xml", label_xml(4))
    (tmp_path / "whole.zip").write_bytes(inner.getvalue())
    lines = list(check_files(tmp_path, [ONE]))
    assert [line.set_id for line in lines if line.failed] == ["cut.xml", "none.zip"]
    assert lines[-1].detail == "version 4"
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=ONE)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_labels", "--from", str(tmp_path), stdout=out)
    assert out.getvalue().startswith("cut.xml: failed (")
    with pytest.raises(CommandError, match="There is no file or folder"):
        call_command("check_labels", "--from", str(tmp_path / "nowhere"), stdout=out)


def test_a_folder_without_labels_is_told_and_checks_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no label")
    lines = list(check_files(tmp_path, [ONE]))
    assert [line.result for line in lines] == [CheckResult.FAILED, CheckResult.ABSENT]
    assert "no XML, JSON or zip" in lines[0].detail
    assert not LabelCheck.objects.exists()


def test_what_is_stored_once_cannot_be_changed_or_given_another_hash() -> None:
    data = label_xml(3)
    row = store_label(data, read_label(data), "here")
    assert store_label(data, read_label(data), "there").pk == row.pk
    changes = [
        "UPDATE label_watch_labelversion SET version = 4",
        "DELETE FROM label_watch_labelversion",
        "TRUNCATE label_watch_labelversion CASCADE",
    ]
    for change in changes:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(change)
    with pytest.raises(DatabaseError, match="label_hash_is_of_its_bytes"), transaction.atomic():
        LabelVersion.objects.create(set_id=ONE, version=4, sha256="0" * 64, data=data, source_format="spl")


def test_a_change_behind_the_triggers_is_found_by_the_verification() -> None:
    for version in (3, 4, 5, 6):
        data = label_xml(version)
        store_label(data, read_label(data), "here")
    call_command("ledger", "verify", stdout=StringIO())
    with connection.cursor() as sql:
        sql.execute("ALTER TABLE label_watch_labelversion DISABLE TRIGGER ALL")
        sql.execute("ALTER TABLE label_watch_labelversion DROP CONSTRAINT label_hash_is_of_its_bytes")
        sql.execute("DELETE FROM label_watch_labelversion WHERE version = 3")
        sql.execute("UPDATE label_watch_labelversion SET data = 'x' WHERE version = 4")
        sql.execute("UPDATE label_watch_labelversion SET version = 50 WHERE version = 5")
        sql.execute(
            "INSERT INTO label_watch_labelversion (set_id, version, sha256, data, source_format, title, "
            "maker, names, application_numbers, origin, stored_at) SELECT set_id, 7, "
            "encode(sha256('y'), 'hex'), 'y', 'spl', '', '', '{}', '{}', '', now() "
            "FROM label_watch_labelversion WHERE version = 6"
        )
    with pytest.raises(CommandError) as caught:
        call_command("ledger", "verify", stdout=StringIO())
    assert str(caught.value).splitlines() == [
        f"FAULT label {ONE} version 3 is recorded in the ledger and not stored",
        f"FAULT label {ONE} version 4 has other bytes than its hash says",
        f"FAULT label {ONE} version 7 is stored without an entry in the ledger",
        f"FAULT label {ONE} version 50 is stored as another label or version than the ledger recorded",
    ]


def test_a_version_between_two_others_is_compared_with_both() -> None:
    for version in (1, 5, 3):
        data = label_xml(version)
        store_label(data, read_label(data), "here")
        compare_stored(ONE)
    assert steps() == [(1, 5), (1, 3), (3, 5)]
    assert compare_stored(ONE) == []


def test_a_page_follows_the_label_of_its_current_edition_and_others() -> None:
    document = monograph("testumab")
    named = document.identifiers.model_copy(update={"label_set_id": ONE.upper()})
    edition = publish(document.model_copy(update={"identifiers": named}))
    other = FollowedLabel.objects.create(key=uuid.uuid4(), set_id=TWO)
    FollowedLabel.objects.create(key=edition.key, set_id="not a set id")
    assert followed_labels() == {ONE: {edition.key}, TWO: {other.key}}
    withdraw(edition)
    assert followed_labels() == {TWO: {other.key}}


@pytest.mark.extended
@pytest.mark.skipif(not REAL.exists(), reason="the real labels are not beside the repository")
def test_the_steps_of_a_real_label_are_those_of_its_files() -> None:
    found = sorted((REAL / "openfda").glob("blinatumomab.*.v[23][129].*.json"))
    labels = [read_label(path.read_bytes()) for path in found]
    for path, label in zip(found, labels, strict=True):
        store_label(path.read_bytes(), label, path.name)
    compare_stored(labels[0].set_id)
    assert steps() == [(29, 31), (31, 32)]


def test_another_label_of_the_product_in_the_files_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_bytes(label_xml(3))
    (tmp_path / "repackager.xml").write_bytes(label_xml(1, set_id=SET_IDS[2]))
    list(check_files(tmp_path, [ONE]))
    assert not LabelNotice.objects.exists(), "the first files are where it starts"
    (tmp_path / "other.xml").write_bytes(label_xml(1, set_id=SET_IDS[3], maker="Other Makers"))
    (tmp_path / "other-2.xml").write_bytes(label_xml(2, set_id=SET_IDS[3], maker="Other Makers"))
    for _ in range(2):
        list(check_files(tmp_path, [ONE]))
    (notice,) = LabelNotice.objects.all()
    assert (notice.set_id, notice.kind) == (ONE, "same_product")
    assert notice.detail.startswith(SET_IDS[3])
    assert LabelVersion.objects.count() == 1, "nobody follows it"


def test_a_terminal_shows_a_bar_and_a_log_does_not(tmp_path: Path) -> None:
    write(tmp_path, 2)
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=ONE)

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((Terminal(), True), (StringIO(), False)):
        out = StringIO()
        call_command("check_labels", "--from", str(tmp_path), stdout=out, stderr=stream)
        assert ("Comparing" in stream.getvalue(), "Comparing" in out.getvalue()) == (shown, False)
