"""`backup` and `restore`: complete while people write, and without overwriting anything."""

import gc
import os
import resource
import threading
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from monographs.backup.backup import make_backup
from monographs.backup.file_stores import folders
from monographs.backup.restoration import RestoreRefused, restore_backup
from monographs.core.work_progress import NO_PROGRESS, NoProgress
from monographs.editions.ledger import head
from monographs.editions.models import Edition
from tests.backup.conftest import MakeArchive, use_folder
from tests.database import connected_to
from tests.factories import make_image, make_monograph, make_user, publish, with_figure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition_with_figure(published_medicine: Any, figure_files: None) -> Edition:
    """A published edition whose figure and upload are on disk."""
    writer = make_user("another", "Medical writers")
    page = with_figure(make_monograph("otherumab", by=writer), make_image("red", by=writer), writer)
    publish(page, writer, make_user("pharmacist", "Medical reviewers", credentials="PharmD"))
    return Edition.objects.get(slug="otherumab")


def contents() -> dict[str, bytes]:
    return {
        f"{store}/{path.relative_to(folder)}": path.read_bytes()
        for store, folder in folders().items()
        for path in folder.rglob("*")
        if path.is_file()
    }


def restored(path: Path, name: str, settings: Any, folder: Path, capsys: Any) -> str:
    """Restore on another machine; return what was printed."""
    use_folder(settings, folder)
    capsys.readouterr()
    with connected_to(name):
        call_command("restore", path)
        return str(capsys.readouterr().out)


def test_everything_is_restored_and_verified(
    edition_with_figure: Edition, empty_database: str, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    file, before = tmp_path / "monographs.backup", contents()
    assert {name.partition("/")[0] for name in before} == {"figures", "media"}
    call_command("backup", file)
    seq, digest = head()
    assert f"Head {seq} {digest}" in capsys.readouterr().out
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []

    said = restored(file, empty_database, settings, tmp_path / "elsewhere", capsys)
    assert f"Head {seq} {digest}" in said
    assert f"\nOK {seq} entries" in said
    assert contents() == before
    with connected_to(empty_database):
        assert head() == (seq, digest)
        with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
            cursor.execute("DELETE FROM editions_edition")
        with pytest.raises(CommandError, match=r"The database already holds .* overwrites nothing"):
            call_command("restore", file)


def test_files_deleted_and_added_meanwhile_are_whole(
    edition_with_figure: Edition, elsewhere: Path, settings: Any, tmp_path: Path
) -> None:
    """Between the first copy of files and the snapshot, and while the database is copied."""
    original = connection.settings_dict["NAME"].removesuffix("_restored")
    file, here = tmp_path / "monographs.backup", tmp_path
    use_folder(settings, here)
    with connected_to(original):
        writer = make_user("late", "Medical writers")
        early = make_image("green", by=writer)
        for number in range(3):
            half_written = here / "media" / f"{number}.bin"
            half_written.write_bytes(b"half")

        class WriteAndDelete(NoProgress):
            """What people do after the first copy, and after the database's."""

            def step(self, title: str, total: int | None = None, unit: str = "") -> None:
                if title == "copying the database":
                    make_image("blue", by=writer)
                    for path in (here / "media").rglob("*.bin"):
                        path.write_bytes(b"half and the other half")
                elif title == "copying files that are new":
                    early.delete()

        manifest = make_backup(file, [], WriteAndDelete())
    assert [name for name in manifest.missing if "original_images" in name] == []
    use_folder(settings, elsewhere)
    with connected_to(f"{original}_restored"):
        restore_backup(file, None)
        images = {row.file.name for row in type(early).objects.all()}
    assert early.file.name in images
    assert all((elsewhere / "media" / name).exists() for name in images)
    assert {path.read_bytes() for path in elsewhere.rglob("*.bin")} == {b"half and the other half"}


def test_backups_are_whole_under_fast_additions(
    edition_with_figure: Edition, settings: Any, tmp_path: Path
) -> None:
    """Files appear, change and disappear as fast as a thread can make them."""
    figures, stop = folders()["figures"], threading.Event()

    def add() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            name = figures / f"{number % 400:064x}.png"
            (name.with_suffix(".part")).write_bytes(os.urandom(2000))
            name.with_suffix(".part").replace(name)
            if number % 3 == 0:
                name.unlink(missing_ok=True)

    thread = threading.Thread(target=add)
    thread.start()
    try:
        for _ in range(3):
            assert make_backup(tmp_path / "busy.backup", [], NO_PROGRESS).missing == []
            call_command("restore", tmp_path / "busy.backup", "--check")
    finally:
        stop.set()
        thread.join()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_disk_that_is_full_leaves_no_half_backup_and_the_one_before(
    site: Any, tmp_path: Path, is_encrypted: bool
) -> None:
    """A limit of the size of files stands for the disk: both refuse the write that is too much."""
    file = tmp_path / "monographs.backup"
    call_command("backup", file)
    whole, size = file.read_bytes(), file.stat().st_size
    other = tmp_path / "next.backup"
    keys = [str(pyrage.x25519.Identity.generate().to_public())] if is_encrypted else []
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, usual[1]))
    try:
        with pytest.raises(CommandError, match="too large"):
            call_command("backup", other, encrypt_to=keys)
        gc.collect()  # what is freed has nothing more to say
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert [path.name for path in tmp_path.glob("*.backup*")] == ["monographs.backup"]
    assert file.read_bytes() == whole


def test_a_missing_or_damaged_figure_is_named_and_the_rest_is_saved(
    edition_with_figure: Edition, tmp_path: Path
) -> None:
    (figure,) = folders()["figures"].glob("*.*")
    file = tmp_path / "monographs.backup"
    for damage in (lambda: figure.write_bytes(b"other"), figure.unlink):
        damage()
        file.unlink(missing_ok=True)
        with pytest.raises(CommandError, match=f"figures/{figure.name}"):
            call_command("backup", file)
        call_command("restore", file, "--check")


def test_nothing_is_left_of_a_restore_that_fails(
    elsewhere: Path, make_archive: MakeArchive, known: list[str]
) -> None:
    files = {"figures/ab.png": b"a figure", "media/cd.png": b"an upload"}
    sql = "CREATE TABLE public.first (id integer);\nCREATE TABLE public.second (id nonsense);\n"
    with pytest.raises(RestoreRefused, match=r'nothing was restored: type "nonsense" does not exist'):
        restore_backup(make_archive(sql, files, migrations=known), None)
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == []
    assert connection.introspection.table_names() == []


@pytest.fixture
def known() -> list[str]:
    return ["contenttypes.0001_initial"]


def test_a_file_in_the_way_is_neither_overwritten_nor_overlooked(
    elsewhere: Path, make_archive: MakeArchive, known: list[str]
) -> None:
    (elsewhere / "media").mkdir(parents=True)
    (elsewhere / "media" / "cd.png").write_bytes(b"another upload")
    archive = make_archive("", {"media/cd.png": b"an upload"}, migrations=known)
    with pytest.raises(RestoreRefused, match=r"1 files with other content are in the way.*cd\.png"):
        restore_backup(archive, None)
    (elsewhere / "media" / "cd.png").write_bytes(b"an upload")  # what an interrupted restore left
    with pytest.raises(ProgrammingError, match="editions_ledgerentry"):  # an empty dump has no ledger
        restore_backup(archive, None)
    assert (elsewhere / "media" / "cd.png").read_bytes() == b"an upload"


def test_a_backup_of_a_newer_release_is_refused_before_anything_is_read(
    elsewhere: Path, make_archive: MakeArchive
) -> None:
    with pytest.raises(RestoreRefused, match=r"does not know editions\.9999_of_tomorrow"):
        restore_backup(make_archive("", migrations=["editions.9999_of_tomorrow"]), None)


def test_a_role_that_may_not_create_tables_is_told_to_be_the_owner(
    elsewhere: Path, make_archive: MakeArchive, known: list[str]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE no_owner")
        cursor.execute("SET LOCAL ROLE no_owner")
        with pytest.raises(RestoreRefused, match=r"no_owner may not create tables.*DATABASE_OWNER_URL"):
            restore_backup(make_archive("", migrations=known), None)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("folder", "is no file that could be replaced"),
        ("pipe", "is no file that could be replaced"),
        ("none/site.backup", "there is no folder"),
        ("file/site.backup", "there is no folder"),
    ],
)
def test_a_place_where_no_backup_can_be_is_refused_before_anything_is_copied(
    tmp_path: Path, capsys: Any, place: str, words: str
) -> None:
    """As root, a backup to `/dev/null` would take its place."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CommandError, match=rf"No backup was written: .*{words}"):
        call_command("backup", tmp_path / place)
    assert "copying" not in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "pipe").is_fifo()
