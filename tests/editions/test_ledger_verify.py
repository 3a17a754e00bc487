"""`ledger verify` finds and names changes made with the triggers switched off."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monographs.editions.ledger import Event, append_entry, entry_hash, head
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.person import SYSTEM, Person
from monographs.pages.refusals import PolicyError
from monographs.review.models import MedicalReviewTask, Submission
from tests.concurrency import meanwhile
from tests.database import APPEND_ONLY
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db


def tamper(sql: str) -> None:
    """Switch the triggers off and run ``sql``, as an owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verify(**options: Any) -> str:
    out = StringIO()
    call_command("ledger", "verify", stdout=out, **options)
    return out.getvalue()


def test_an_unchanged_record_is_verified(edition: Edition) -> None:
    assert verify() == (
        "OK 6 entries, 1 contributions, 0 retractions, 0 conflicts, 0 conflict ends, 1 signatures, "
        "1 editions, 0 withdrawals, 0 sentences, 0 label answers, 1 publications\n"
    )


def test_an_empty_record_is_verified(db: None) -> None:
    assert verify().startswith("OK 0 entries")
    assert head() == (0, "0" * 64)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE editions_ledgerentry SET body = replace(body, 'writer', 'other') WHERE seq = 1", "entry 1"),
        ("UPDATE editions_ledgerentry SET at = at + interval '1 second' WHERE seq = 2", "entry 2"),
        ("UPDATE editions_ledgerentry SET subject = 'x' WHERE seq = 3", "entry 3"),
        ("DELETE FROM editions_ledgerentry WHERE seq = 2", "entry 2: missing"),
        ("UPDATE editions_signature SET name = 'Somebody else'", "signature .*name differs"),
        ("UPDATE editions_signature SET signed_at = signed_at - interval '1 day'", "signed_at differs"),
        ("DELETE FROM editions_signature", "no longer in signatures"),
        (
            "INSERT INTO editions_signature (id, submission, key, sha256, step, meaning, user_id, username, "
            "name, credentials, method, signed_at, field) SELECT id + 1, submission, key, repeat('0', 64), "
            "step, meaning, user_id, username, name, credentials, method, signed_at, field "
            "FROM editions_signature",
            "not in the ledger",
        ),
        ("UPDATE editions_edition SET summary = 'x'", "edition .*summary differs"),
        ("UPDATE editions_edition SET last_reviewed = last_reviewed + 1", "last_reviewed differs"),
        (
            "ALTER TABLE editions_publication DROP CONSTRAINT withdrawn_by_a_withdrawal;"
            "UPDATE editions_publication SET state = 'withdrawn'",
            "publication /medicines/testumab/",
        ),
        ("UPDATE editions_contribution SET username = 'ghost'", "contribution .*username differs"),
        ("DELETE FROM editions_contribution", "contribution .*no longer in contributions"),
        ("UPDATE editions_edition SET restores = 1", "edition .*restores differs"),
        ("UPDATE editions_publication SET path = '/medicines/other/'", "publication /medicines/other/"),
        (
            "INSERT INTO editions_editionfigure (edition_id, sha256, file_name) "
            "SELECT id, sha256, 'sneaked.png' FROM editions_edition",
            "list of figures differs",
        ),
        ("DELETE FROM editions_publication", "publication /medicines/testumab/"),
    ],
)
def test_a_change_is_found_and_named(edition: Edition, sql: str, named: str) -> None:
    tamper(sql)
    with pytest.raises(CommandError, match=f"FAULT .*{named}"):
        verify()


def test_one_byte_of_an_editions_text_is_found(edition: Edition) -> None:
    tamper(
        "ALTER TABLE editions_edition DROP CONSTRAINT edition_hash_is_of_its_text;"
        "UPDATE editions_edition SET canonical = replace(canonical, 'Fever', 'Feves')"
    )
    with pytest.raises(CommandError, match=r"edition \d+ \(testumab/1\): its text does not match its hash"):
        verify()


def test_a_cut_tail_is_found_with_a_head_kept_elsewhere(
    published_medicine: Any, writer: Any, tmp_path: Path
) -> None:
    submit(make_monograph("laterumab", by=writer), writer)
    anchor = tmp_path / "head"
    anchor.write_text("{} {}".format(*head()))
    assert verify(anchor=anchor).startswith("OK")
    tamper("DELETE FROM editions_ledgerentry WHERE seq = 8")
    assert verify().startswith("OK"), "a chain alone cannot show that its tail was cut"
    with pytest.raises(CommandError, match="entry 8: missing"):
        verify(anchor=anchor)


def test_a_file_that_holds_no_head_is_refused(db: None, tmp_path: Path) -> None:
    broken = tmp_path / "head"
    broken.write_text("not a head")
    with pytest.raises(CommandError, match="does not hold the output"):
        verify(anchor=broken)


def test_head_prints_an_anchor(edition: Edition) -> None:
    out = StringIO()
    call_command("ledger", "head", stdout=out)
    seq, digest = out.getvalue().split()
    assert (int(seq), digest) == head()
    assert int(seq) == 6


def test_refused_attempts_are_in_the_chain(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    for _ in range(3):
        with pytest.raises(PolicyError, match="password"):
            sign(submission, reviewer, password="no")
    assert verify().startswith("OK 5 entries, 1 contributions, 0 retractions, 0 conflicts, 0 conflict ends")


def test_a_changed_row_with_a_second_entry_is_found(edition: Edition, tmp_path: Path) -> None:
    """An owner of the database can append a valid entry for a changed row; but each row has one entry."""
    anchor = tmp_path / "head"
    anchor.write_text("{} {}".format(*head()))
    tamper("UPDATE editions_signature SET name = 'Somebody else'")
    signature = Signature.objects.get()
    append_entry(
        Event.SIGNED, Person(signature.user_id, signature.username, "x"), signature.as_record(), edition.key
    )
    with pytest.raises(CommandError, match=r"records signature \d+ a second time"):
        verify(anchor=anchor)


def test_an_edition_with_a_voided_signature_is_found(edition: Edition) -> None:
    append_entry(Event.VOIDED, SYSTEM, {"signature": Signature.objects.get().pk}, edition.key)
    with pytest.raises(CommandError, match=r"edition .*signature \d+ was voided"):
        verify()


@pytest.mark.django_db(transaction=True)
def test_a_signature_during_the_verification_is_no_fault(writer: Any, reviewer: Any) -> None:
    """Chain, signatures, editions and publications are read from one snapshot."""
    submission = submit(make_monograph(by=writer), writer)
    with meanwhile("editions_signature", lambda: sign(submission, reviewer)):
        assert "0 signatures, 0 editions" in verify()
    assert "1 signatures, 1 editions, 0 withdrawals, 0 sentences, 0 label answers, 1 publications" in verify()


def test_fewer_signatures_than_required_at_submission_make_no_edition(writer: Any, reviewer: Any) -> None:
    """Also if both the step and the submission's copy of it are lowered in the database."""
    MedicalReviewTask.objects.update(signatures=2)
    submission = submit(make_monograph(by=writer), writer)
    MedicalReviewTask.objects.update(signatures=1)
    Submission.objects.update(steps=[{"step": "Medical review", "signatures": 1}])
    with pytest.raises(PolicyError, match="not submitted, or for other steps of review"):
        sign(submission, reviewer)
    assert not Edition.objects.exists()


def test_steps_other_than_those_submitted_are_found(edition: Edition) -> None:
    """Also if an owner of the database rewrites the chain from there."""
    previous, chain = "0" * 64, []
    for entry in LedgerEntry.objects.order_by("seq"):
        if entry.event == Event.SUBMITTED:
            entry.body = entry.body.replace('"signatures":1', '"signatures":2')
        entry.prev_hash = previous
        previous = entry.hash = entry_hash(entry)
        chain.append(entry)
    tamper("SELECT 1")  # runs the deferred checks before the trigger is switched off
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_ledgerentry DISABLE TRIGGER USER")
    LedgerEntry.objects.bulk_update(chain, ["body", "prev_hash", "hash"])
    with pytest.raises(CommandError, match="not submitted, or for other steps of review"):
        verify()


def test_a_signature_without_an_entry_of_what_was_read_is_found(edition: Edition) -> None:
    tamper("UPDATE editions_ledgerentry SET event = 'noted' WHERE event = 'checked'")
    _forge_chain()
    with pytest.raises(CommandError, match=r"signature \d+ has no earlier “checked” entry"):
        verify()


def test_a_signature_without_a_statement_ticked_is_found(edition: Edition) -> None:
    statement = Submission.objects.get().checklist[0]
    tamper(
        f"UPDATE editions_ledgerentry SET body = replace(body, '{statement}', 'x') WHERE event = 'checked'"  # noqa: S608  # a statement of the checklist
    )
    _forge_chain()
    with pytest.raises(CommandError, match=f"signature \\d+ without “{statement}” ticked"):
        verify()


def _forge_chain() -> None:
    """Recompute the hash of every entry after a change."""
    previous = "0" * 64
    for entry in LedgerEntry.objects.order_by("seq"):
        entry.prev_hash = previous
        previous = entry_hash(entry)
        forged = f"prev_hash = '{entry.prev_hash}', hash = '{previous}' WHERE seq = {entry.seq}"
        tamper(f"UPDATE editions_ledgerentry SET {forged}")  # noqa: S608  # hashes and a number
