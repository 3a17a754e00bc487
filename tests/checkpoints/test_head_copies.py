"""The head is stored out of the database's reach: by email, in folders, in git, seen by witnesses."""

import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Sink
from django.core.management import CommandError, call_command
from django.db import connection

from monographs.editions.checkpoints.checkpoint import make_checkpoint, whole_note
from monographs.editions.checkpoints.head_copies import publish_head
from monographs.editions.checkpoints.keys import SigningKey
from monographs.editions.models import Checkpoint
from tests.checkpoints.witness_server import Witness, serving
from tests.notifications.conftest import AnyPort

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")


class Inbox(Sink):
    """Keeps what a mail server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A working folder of git with an upstream."""
    git = ("git", "-c", "init.defaultBranch=main")
    subprocess.run([*git, "init", "--quiet", "--bare", tmp_path / "upstream"], check=True)
    subprocess.run(
        [*git, "clone", "--quiet", tmp_path / "upstream", tmp_path / "heads"], check=True, capture_output=True
    )
    subprocess.run(["git", "-C", tmp_path / "heads", "config", "push.default", "current"], check=True)
    return tmp_path / "heads"


def commits(repository: Path) -> list[str]:
    done = subprocess.run(
        ["git", "-C", repository, "log", "--format=%s"], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def publish() -> str:
    out = StringIO()
    call_command("ledger", "publish_head", stdout=out)
    return out.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_gets_a_file_for_each_head(
    tmp_path: Path, settings: Any, add_entries: Callable[[int], None]
) -> None:
    folder = tmp_path / "heads with a space"
    folder.mkdir()
    settings.LEDGER_HEAD_TO = [folder.as_uri()]
    for _ in range(2):
        publish()
    add_entries(2)
    publish()
    assert names(folder) == ["000000000530.checkpoint", "000000000532.checkpoint"]
    for file in folder.iterdir():
        out = StringIO()
        call_command("ledger", "verify", anchor=file, stdout=out, stderr=StringIO())
        assert out.getvalue().startswith("OK ")


def test_a_repository_gets_a_commit_for_each_head(
    repository: Path, tmp_path: Path, settings: Any, add_entries: Callable[[int], None]
) -> None:
    settings.LEDGER_HEAD_TO = [f"git:{repository}"]
    for _ in range(2):
        publish()
    add_entries(1)
    publish()
    wanted = ["Head of the ledger: 531 entries", "Head of the ledger: 530 entries"]
    assert commits(repository) == commits(tmp_path / "upstream") == wanted


def test_a_push_that_failed_is_made_by_the_next_run(repository: Path, tmp_path: Path, settings: Any) -> None:
    settings.LEDGER_HEAD_TO = [f"git:{repository}"]
    (tmp_path / "upstream").rename(tmp_path / "away")
    with pytest.raises(CommandError, match="1 of 1 failed"):
        publish()
    (tmp_path / "away").rename(tmp_path / "upstream")
    publish()
    assert len(commits(tmp_path / "upstream")) == 1


def test_an_address_gets_the_head_as_an_attachment(settings: Any, tmp_path: Path) -> None:
    inbox = Inbox()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.LEDGER_HEAD_TO = ["mailto:heads@example.org"]
        assert "OK mailto:heads@example.org" in publish()
    finally:
        controller.stop()
    [(recipients, message)] = inbox.messages
    assert recipients == ["heads@example.org"]
    assert "Subject: Head of the ledger: 530 entries" in message
    assert 'filename="000000000530.checkpoint"' in message


def test_each_place_is_tried_and_each_failure_told(tmp_path: Path, settings: Any) -> None:
    good = tmp_path / "good"
    good.mkdir()
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.LEDGER_HEAD_TO = [
        (tmp_path / "none").as_uri(),
        "mailto:heads@example.org",
        f"git:{good}",
        good.as_uri(),
    ]
    checkpoint, results = publish_head()
    problems = [result.problem for result in results]
    assert problems[0].endswith("none is not a folder")
    assert "refused" in problems[1].lower()
    assert "not a git repository" in problems[2]
    assert problems[3] == ""
    assert (good / "000000000530.checkpoint").read_text() == whole_note(checkpoint)


def test_no_place_is_a_failure(settings: Any) -> None:
    settings.LEDGER_HEAD_TO = []
    with pytest.raises(CommandError, match="LEDGER_HEAD_TO names no place"):
        publish()


def test_a_ledger_that_was_rewritten_whole_is_found_by_a_folder(tmp_path: Path, settings: Any) -> None:
    """Also where the database's own checkpoints and blocks were rewritten with it."""
    folder = tmp_path / "heads"
    folder.mkdir()
    settings.LEDGER_HEAD_TO = [folder.as_uri()]
    publish()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM editions_checkpoint")
        cursor.execute("DELETE FROM editions_ledgerblock")
        cursor.execute("UPDATE editions_ledgerentry SET subject = 'z' WHERE seq = 3")
        cursor.execute("SET LOCAL session_replication_role = origin")
    _, [result] = publish_head()
    assert "are not those of the checkpoint that was signed" in result.problem
    assert len(names(folder)) == 1


def test_a_foreign_file_in_a_folder_is_told(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "heads"
    folder.mkdir()
    (folder / "000000000001.checkpoint").write_text("x\n")
    settings.LEDGER_HEAD_TO = [folder.as_uri()]
    _, [result] = publish_head()
    assert "is no checkpoint of this ledger" in result.problem


def test_witnesses_cosign_what_extends_what_they_saw(
    log_key: SigningKey,
    witness: SigningKey,
    settings: Any,
    tmp_path: Path,
    add_entries: Callable[[int], None],
) -> None:
    folder = tmp_path / "heads"
    folder.mkdir()
    settings.LEDGER_HEAD_TO = [folder.as_uri()]
    seeing = Witness(witness, log_key.public)
    with serving(seeing) as url:
        settings.LEDGER_WITNESS_URLS = [url]
        for added in (0, 300, 1, 0):
            add_entries(added)
            assert f"OK {url}" in publish()
        assert seeing.seen.size == 831
        assert "witness.example.net/w1" in (folder / "000000000831.checkpoint").read_text()
        # Who has lost what the witness saw is told the size, and asks again
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM editions_cosignature")
            cursor.execute("SET LOCAL session_replication_role = origin")
        add_entries(1)
        assert f"OK {url}" in publish()
    assert Checkpoint.objects.filter(cosignatures__isnull=False).get().size == 832


def test_a_witness_refuses_a_split_ledger(
    log_key: SigningKey, witness: SigningKey, settings: Any, add_entries: Callable[[int], None]
) -> None:
    seeing = Witness(witness, log_key.public)
    seeing.seen = seeing.seen._replace(size=100, root=bytes(32))
    with serving(seeing) as url:
        settings.LEDGER_WITNESS_URLS = [url, url.replace("/w1", "/w2"), "http://127.0.0.1:1"]
        _, results = publish_head()
    assert [result.problem[:24] for result in results] == [
        "it answered 422: nothing",
        "it answered 404: nothing",
        "it cannot be reached: [E",
    ]
    assert make_checkpoint().cosignatures.count() == 0


def test_a_witness_without_a_trusted_key_counts_for_nothing(
    log_key: SigningKey, witness: SigningKey, settings: Any
) -> None:
    settings.LEDGER_WITNESS_KEYS = []
    with serving(Witness(witness, log_key.public)) as url:
        settings.LEDGER_WITNESS_URLS = [url]
        _, [result] = publish_head()
    assert result.problem == "its key is not in LEDGER_WITNESS_KEYS"
