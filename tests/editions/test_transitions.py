"""PostgreSQL itself refuses transitions of what is public that no signed text leads to, and wrong times."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from devtools.synthetic.publisher import WRITER
from monographs.core.db_clock import database_now
from monographs.document import CanonicalText, sha256_of
from monographs.editions.ledger import Event, append_entry, record_submission
from monographs.editions.models import Edition, LedgerEntry, Publication, ReviewKind, Withdrawal
from monographs.editions.person import SYSTEM
from monographs.editions.publishing import make_edition, set_publication
from monographs.editions.signatures import MissingSignatures
from monographs.editions.verify import verify
from tests.conftest import run_deferred_constraints
from tests.editions.test_append_only import copy_of
from tests.public.published import STEP, monograph, publish, sign, withdraw

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"


def run(sql: str, *params: Any) -> None:
    """Run a statement, and what is checked at commit."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    run_deferred_constraints()


def recorded(edition: Edition, state: str = "current", path: str = PATH) -> None:
    """A ledger entry like that of ``set_publication``."""
    data = {"path": path, "key": str(edition.key), "edition": edition.pk, "number": edition.number}
    data |= {"sha256": edition.sha256, "state": state, "reason": "", "withdrawal": None}
    append_entry(Event.PUBLICATION, SYSTEM, data, subject=edition.key)


@pytest.fixture
def withdrawn(db: None) -> Edition:
    """The second edition of a page that is withdrawn."""
    document = monograph()
    publish(document)
    edition = publish(document.model_copy(update={"summary": "A second summary."}))
    withdraw(edition)
    run_deferred_constraints()
    return edition


BACK = "UPDATE editions_publication SET state = 'current', reason = '', withdrawal_id = NULL"
AWAY = "UPDATE editions_publication SET state = 'moved', reason = '', withdrawal_id = NULL"


def back(edition: Edition) -> None:
    run(BACK)


def back_with_an_entry(edition: Edition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BACK)
    recorded(edition)
    run_deferred_constraints()


def back_by_a_detour(edition: Edition) -> None:
    for sql, state in ((AWAY, "moved"), (BACK, "current")):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        recorded(edition, state)
    run_deferred_constraints()


def back_by_the_function(edition: Edition) -> None:
    set_publication(edition, actor=SYSTEM)
    run_deferred_constraints()


def back_as_the_first_edition(edition: Edition) -> None:
    first = Edition.objects.get(key=edition.key, number=1)
    set_publication(first, actor=SYSTEM)
    run_deferred_constraints()


def back_at_another_path(edition: Edition) -> None:
    Publication.objects.create(
        path="/medicines/testumab-again/",
        key=edition.key,
        edition=edition,
        state="current",
        flipped_at=database_now(),
    )
    recorded(edition, path="/medicines/testumab-again/")
    run_deferred_constraints()


def moved_away(edition: Edition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(AWAY)
    recorded(edition, "moved")
    run_deferred_constraints()


@pytest.mark.parametrize(
    "attempt",
    [
        back,
        back_with_an_entry,
        back_by_a_detour,
        back_by_the_function,
        back_as_the_first_edition,
        back_at_another_path,
        moved_away,
    ],
)
def test_a_withdrawn_text_never_becomes_public_again(
    withdrawn: Edition, attempt: Callable[[Edition], None]
) -> None:
    with pytest.raises(DatabaseError, match="publication of"), transaction.atomic():
        attempt(withdrawn)
    assert Publication.objects.get(path=PATH).state == "withdrawn"


def test_an_edition_signed_before_the_withdrawal_does_not_end_it(db: None) -> None:
    document = monograph()
    first = publish(document)
    later, submission = document.model_copy(update={"summary": "Signed before."}), uuid.uuid4()
    steps, sha256 = [STEP.as_record()], sha256_of(later)
    record_submission(WRITER, first.key, submission, sha256=sha256, steps=steps)
    sign(first.key, submission, sha256)
    withdraw(first)
    run_deferred_constraints()
    with pytest.raises(MissingSignatures, match="withdrawn after this text was submitted"):
        make_edition(
            CanonicalText.of(later),
            submission=submission,
            steps=[STEP],
            review_kind=ReviewKind.FULL_REVIEW,
            reason="Kept in a drawer.",
            actor=SYSTEM,
        )


def test_an_edition_signed_after_the_withdrawal_ends_it(withdrawn: Edition) -> None:
    document = withdrawn.document.model_copy(update={"summary": "Signed again.", "slug": "testumab-two"})
    publish(document)
    run_deferred_constraints()
    assert Publication.objects.get(path=PATH).state == "moved"
    assert verify()["editions"] == 3


def key_of_a_moved_path(old: Edition, other: Edition) -> None:
    run(
        "UPDATE editions_publication SET key = %s, edition_id = %s WHERE path = %s", other.key, other.pk, PATH
    )


def key_of_a_moved_path_with_an_entry(old: Edition, other: Edition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE editions_publication SET key = %s, edition_id = %s WHERE path = %s",
            [other.key, other.pk, PATH],
        )
    recorded(other, "moved")
    run_deferred_constraints()


def new_path_that_leads_elsewhere(old: Edition, other: Edition) -> None:
    path = "/medicines/testumabb/"
    Publication.objects.create(
        path=path, key=other.key, edition=other, state="moved", flipped_at=database_now()
    )
    recorded(other, "moved", path)
    run_deferred_constraints()


def renamed_path(old: Edition, other: Edition) -> None:
    run("UPDATE editions_publication SET path = '/medicines/x/' WHERE path = %s", PATH)


def entry_without_a_change(old: Edition, other: Edition) -> None:
    recorded(other, path="/medicines/otherumab/")


def entry_of_something_else(old: Edition, other: Edition) -> None:
    recorded(other, "moved", path="/medicines/otherumab/")


def change_without_an_entry(old: Edition, other: Edition) -> None:
    run("UPDATE editions_publication SET flipped_at = flipped_at WHERE path = %s", PATH)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (key_of_a_moved_path, "one page for ever"),
        (key_of_a_moved_path_with_an_entry, "one page for ever"),
        (new_path_that_leads_elsewhere, "begins with a current edition"),
        (renamed_path, "one page for ever"),
        (entry_without_a_change, "no publication was set like this"),
        (entry_of_something_else, "no publication was set like this"),
        (change_without_an_entry, "does not record this change"),
    ],
)
def test_a_path_leads_to_one_page_for_ever(
    db: None, attempt: Callable[[Edition, Edition], None], message: str
) -> None:
    document = monograph()
    publish(document)
    old = publish(document.model_copy(update={"slug": "testumab-new"}))
    other = publish(monograph("otherumab"))
    run_deferred_constraints()
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        attempt(old, other)


def test_a_withdrawal_without_effect_is_refused(db: None) -> None:
    edition = publish(monograph())
    run_deferred_constraints()
    withdraw(edition)
    run_deferred_constraints()
    row = Withdrawal.objects.get()
    assert row.at <= database_now()
    names = [f.column for f in Withdrawal._meta.concrete_fields if f.column not in ("id", "uuid")]
    again = (
        f"INSERT INTO editions_withdrawal (uuid, {', '.join(names)}) "  # noqa: S608  # columns of the model
        f"SELECT uuid, {', '.join(names)} FROM editions_withdrawal"
    )
    run("ALTER TABLE editions_withdrawal DROP CONSTRAINT editions_withdrawal_uuid_key")
    with pytest.raises(DatabaseError, match="nothing was withdrawn by it"), transaction.atomic():
        run(again)


@pytest.mark.parametrize("column", ["created_at", "effective_at"])
def test_an_edition_from_the_future_is_refused(db: None, column: str) -> None:
    edition = publish(monograph())
    with pytest.raises(DatabaseError, match=rf"{column} .* is in the future"), transaction.atomic():
        copy_of(edition, **{column: database_now() + timedelta(days=2)}).save()


def test_a_publication_from_the_future_is_refused(db: None) -> None:
    publish(monograph())
    with pytest.raises(DatabaseError, match=r"flipped_at .* is in the future"), transaction.atomic():
        Publication.objects.update(flipped_at=database_now() + timedelta(minutes=7))


def test_times_before_now_are_replaced_by_the_databases(db: None) -> None:
    edition = publish(monograph())
    before = database_now()
    other = copy_of(edition, created_at=before - timedelta(days=9), effective_at=before - timedelta(days=9))
    with transaction.atomic():
        other.save()
        other.refresh_from_db()
        transaction.set_rollback(True)
    assert before <= other.created_at == other.effective_at <= database_now()


def second_edition(**changed: str) -> str:
    """A statement that copies the first edition as the second one, with changed columns."""
    run("ALTER TABLE editions_edition DROP CONSTRAINT one_edition_per_submission")
    names = [f.column for f in Edition._meta.concrete_fields if f.column != "id"]
    values = [{**changed, "number": "2"}.get(name, name) for name in names]
    return (
        f"INSERT INTO editions_edition ({', '.join(names)}) "  # noqa: S608  # columns of the model
        f"SELECT {', '.join(values)} FROM editions_edition"
    )


@pytest.mark.parametrize(
    "reviewers",
    ["'[]'", "reviewers || reviewers", "jsonb_set(reviewers, '{0,name}', '\"Somebody Else\"')"],
)
def test_reviewers_who_are_not_the_signers_are_refused(db: None, reviewers: str) -> None:
    publish(monograph())
    run_deferred_constraints()
    with pytest.raises(DatabaseError, match="its reviewers are not those who signed"), transaction.atomic():
        run(second_edition(reviewers=reviewers))


@pytest.mark.parametrize("column", ["last_reviewed", "next_due"])
def test_review_dates_that_do_not_follow_from_signatures_are_refused(db: None, column: str) -> None:
    publish(monograph())
    run_deferred_constraints()
    with pytest.raises(DatabaseError, match="does not follow from its review"), transaction.atomic():
        run(second_edition(**{column: f"{column} + 400"}))


def test_a_ledger_entry_that_is_no_json_is_refused(db: None) -> None:
    for body in ("{not json", "[]"):
        with pytest.raises(DatabaseError), transaction.atomic():
            LedgerEntry.objects.create(event="noted", body=body)


def test_a_correction_keeps_the_dates(db: None) -> None:
    document = monograph()
    first = publish(document)
    second = publish(document.model_copy(update={"summary": "Corrected."}), kind=ReviewKind.CORRECTION)
    run_deferred_constraints()
    assert (second.last_reviewed, second.next_due) == (first.last_reviewed, first.next_due)
    assert WRITER.username in json.dumps(list(LedgerEntry.objects.values_list("body", flat=True)))
