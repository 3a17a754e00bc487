"""An authority's time stamp of a checkpoint is kept with it if it holds, and refused if not."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from monographs.core import db_clock
from monographs.editions.checkpoints import http_post, time_stamps
from monographs.editions.checkpoints.checkpoint import make_checkpoint, whole_note
from monographs.editions.checkpoints.head_copies import publish_head
from monographs.editions.checkpoints.keys import SigningKey
from monographs.editions.models import TimeStamp
from monographs.site_checks.all_checks import CHECKS
from tests.checkpoints.time_stamp_server import Authority, stamping
from tests.checkpoints.witness_server import Witness, serving

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")

EVIDENCE = (Path(django_settings.BASE_DIR) / "docs" / "operators" / "evidence.md").read_text("utf-8")
NAME = "000000000530.checkpoint"


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    """An authority that the settings name, and a folder for heads."""
    (tmp_path / "heads").mkdir()
    settings.LEDGER_HEAD_TO = [(tmp_path / "heads").as_uri()]
    authority = Authority(tmp_path / "authority")
    settings.LEDGER_TSA_CA_FILE = str(authority.ca_file)
    with stamping(authority) as url:
        settings.LEDGER_TSA_URL = url
        yield authority


def problems() -> list[str]:
    """Publish; what failed, of the authority and the places."""
    return [result.problem for result in publish_head()[1]]


def documented(start: str, file: Path, ca_file: Path, *more: str) -> str:
    """What a command of the document prints about a file and its stamp, or nothing if it fails."""
    (line,) = [line for line in EVIDENCE.splitlines() if line.startswith(start)]
    names = {"000000012345.checkpoint": str(file), "authority-ca.pem": str(ca_file)}
    words = line.partition("   #")[0]
    for name, own in names.items():
        words = words.replace(name, own)
    done = subprocess.run([*words.split(), *more], capture_output=True, text=True, check=False)
    return "" if done.returncode else done.stdout


def openssl_verifies(file: Path, ca_file: Path, *more: str) -> bool:
    """Whether the documented command accepts the time stamp beside a file."""
    return "Verification: OK" in documented("openssl ts -verify", file, ca_file, *more)


def test_a_head_is_stamped_once_and_the_stamp_kept_beside_it(authority: Authority, tmp_path: Path) -> None:
    out = StringIO()
    call_command("ledger", "publish_head", stdout=out)
    assert "OK http://127.0.0.1" in out.getvalue()
    assert problems() == ["", ""]
    assert len(authority.asked) == 1
    file = tmp_path / "heads" / NAME
    assert openssl_verifies(file, authority.ca_file)
    stamp = TimeStamp.objects.get()
    assert stamp.sha256 == sha256(file.read_bytes()).hexdigest()
    assert bytes(stamp.answer) == Path(f"{file}.tsr").read_bytes()
    assert abs(stamp.stamped_at - db_clock.database_now()) < timedelta(minutes=1)
    said = documented("openssl ts -reply", file, authority.ca_file)
    assert f"Time stamp: {stamp.stamped_at:%b %e %H:%M:%S %Y} GMT" in said
    # After the certificate's end it holds as of a time before
    ended = str(int(stamp.stamped_at.timestamp()) + 365 * 86400)
    assert not openssl_verifies(file, authority.ca_file, "-attime", ended)
    assert openssl_verifies(file, authority.ca_file, "-attime", str(int(stamp.stamped_at.timestamp())))
    # What was stamped is the file: another one has no such stamp
    file.write_text(file.read_text().replace("530", "531"))
    assert not openssl_verifies(file, authority.ca_file)


def test_a_head_with_another_signature_is_stamped_again(
    authority: Authority, tmp_path: Path, settings: Any, witness: SigningKey, log_key: SigningKey
) -> None:
    publish_head()
    with serving(Witness(witness, log_key.public)) as url:
        settings.LEDGER_WITNESS_URLS = [url]
        assert problems() == ["", "", ""]
    file = tmp_path / "heads" / NAME
    assert witness.public.name in file.read_text()
    assert openssl_verifies(file, authority.ca_file)
    assert TimeStamp.objects.count() == 2


def test_a_repository_and_an_email_hold_the_stamp(
    authority: Authority, tmp_path: Path, settings: Any, mailoutbox: Any
) -> None:
    repository = tmp_path / "heads"
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.LEDGER_HEAD_TO = [f"git:{repository}", "mailto:heads@example.org"]
    authority.status = 503
    assert problems()[1:] == ["", ""]
    authority.status = 200
    assert problems() == ["", "", ""]
    tracked = subprocess.run(
        ["git", "-C", repository, "ls-files"], check=True, capture_output=True, text=True
    )
    assert tracked.stdout.split() == [NAME, f"{NAME}.tsr"]
    assert [len(message.attachments) for message in mailoutbox] == [1, 2]
    assert mailoutbox[1].attachments[1][:2] == (f"{NAME}.tsr", bytes(TimeStamp.objects.get().answer))


def _with_other_digest(query: bytes) -> bytes:
    at = query.index(b"\x04\x20") + 2
    return query[:at] + bytes(32) + query[at + 32 :]


def _with_other_nonce(query: bytes) -> bytes:
    at = query.index(b"\x04\x20") + 34 + 4
    return query[:at] + bytes([query[at] ^ 1]) + query[at + 1 :]


def _replaying(authority: Authority) -> None:
    """Give everybody the answer that the first one got."""
    authority.answer(_query(b"old"))
    old = (authority.folder / "answer").read_bytes()
    authority.change_answer = lambda _: old


def _query(data: bytes) -> bytes:
    command = ["openssl", "ts", "-query", "-sha256", "-cert", "-digest", sha256(data).hexdigest()]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _replace_ca(authority: Authority) -> None:
    """Answer with stamps of an authority of another CA of the same name."""
    other = Authority(authority.folder / "other")
    authority.change_answer = lambda _: other.answer(authority.asked[-1])


#: How the authority fails, and the words of the refusal.
FAULTS: dict[str, tuple[Callable[[Authority], Any], str]] = {
    "an error": (lambda a: setattr(a, "status", 500), "it answered 500"),
    "another address": (lambda a: setattr(a, "status", 302), "it answered 302"),
    "a web page": (
        lambda a: setattr(a, "change_answer", lambda _: b"<!doctype html><title>Portal</title>"),
        "its answer is no time stamp",
    ),
    "half an answer": (lambda a: setattr(a, "change_answer", lambda b: b[:500]), "no time stamp"),
    "an answer without end": (
        lambda a: setattr(a, "change_answer", lambda _: b"\x30" * 1_000_000),
        "its answer is no time stamp",
    ),
    "another nonce": (
        lambda a: setattr(a, "change_query", _with_other_nonce),
        "its time stamp does not hold: nonce mismatch",
    ),
    "another file": (
        lambda a: setattr(a, "change_query", _with_other_digest),
        "its time stamp does not hold: message imprint mismatch",
    ),
    "an old answer": (_replaying, "its time stamp does not hold: message imprint mismatch"),
    "a request refused": (
        lambda a: setattr(
            a, "change_query", lambda query: query.replace(b"\x65\x03\x04\x02\x01", b"\x65\x03\x04\x02\x03")
        ),
        "it gave no time stamp: Rejected.",
    ),
    "a certificate that has ended": (
        lambda a: a.new_signer(until=datetime.now(UTC) - timedelta(days=1)),
        "certificate has expired",
    ),
    "a certificate for something else": (
        lambda a: setattr(a, "change_answer", a.sign_with_another_purpose),
        "certificate purpose",
    ),
    "another CA": (_replace_ca, "certificate signature failure"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_hold_is_refused_and_the_head_is_stored_all_the_same(
    fault: str, authority: Authority, tmp_path: Path
) -> None:
    make, words = FAULTS[fault]
    make(authority)
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 failed"):
        call_command("ledger", "publish_head", stdout=out)
    failed, stored = out.getvalue().splitlines()
    assert failed.startswith("FAILED http://127.0.0.1")
    assert words in failed
    assert stored.startswith("OK file:")
    assert [file.name for file in (tmp_path / "heads").iterdir()] == [NAME]
    assert TimeStamp.objects.count() == 0


def test_an_authority_that_is_away_or_slow_is_told(
    authority: Authority, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", 0.3)
    authority.pause = 1.0
    assert problems()[0] == "its answer took longer than 0.3 seconds"
    authority.pause, authority.drip = 0.0, 0.02
    assert problems()[0] == "its answer took longer than 0.3 seconds", "though no read of it was slow"
    settings.LEDGER_TSA_URL = "http://127.0.0.1:1/tsr"
    assert "Connection refused" in problems()[0]
    assert TimeStamp.objects.count() == 0


def test_an_authority_with_a_wrong_clock_is_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = db_clock.database_now
    monkeypatch.setattr(time_stamps, "database_now", lambda: real() + timedelta(minutes=6))
    assert "which the database's clock contradicts" in problems()[0]


def test_without_openssl_or_the_file_of_the_ca_it_says_so(
    authority: Authority, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEDGER_TSA_CA_FILE = "/none/ca.pem"
    assert "its time stamp does not hold" in problems()[0]
    monkeypatch.setenv("PATH", "/none")
    assert "openssl cannot be run" in problems()[0]


def test_no_changed_answer_says_something_else(authority: Authority) -> None:
    """An answer with a byte changed is refused, or says the same: its time and file are signed."""
    problems()
    good, said = bytes(TimeStamp.objects.get().answer), TimeStamp.objects.get().stamped_at
    data = whole_note(make_checkpoint()).encode()
    random, accepted = Random(53), 0  # noqa: S311  # which bytes
    query = authority.asked[0]
    for _ in range(60):
        at = random.randrange(len(good))
        changed = good[:at] + bytes([good[at] ^ random.randrange(1, 256)]) + good[at + 1 :]
        try:
            at_time = time_stamps.verified(changed, query)
        except time_stamps.TimeStampRefused:
            continue
        accepted += 1
        assert at_time == said
    assert accepted < 30
    assert time_stamps.verified(good, query) == said
    assert sha256(data).digest() in query


def test_a_stored_stamp_cannot_be_changed(authority: Authority) -> None:
    problems()
    for change in (lambda rows: rows.update(sha256="0" * 64), lambda rows: rows.delete()):
        with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
            change(TimeStamp.objects.all())


def test_doctor_names_a_ca_that_has_ended_and_a_missing_program(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    (check,) = [check for check in CHECKS if check.name == "time_stamp_certificates"]
    assert check.run() == []
    authority.new_ca(until=datetime.now(UTC) - timedelta(days=1))
    assert "has certificates that have ended: CN=CA." in check.run()[0].msg
    monkeypatch.setenv("PATH", "/none")
    assert check.run()[0].msg == "LEDGER_TSA_URL is set, and openssl is not installed."
