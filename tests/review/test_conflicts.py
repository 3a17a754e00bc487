"""Conflicts of interest: who declares and ends one, what it bars, and that the database keeps it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_today
from monographs.editions.conflicts import end_conflict
from monographs.editions.models import ConflictEnd, ConflictOfInterest, Edition, LedgerEntry
from monographs.editions.person import Person
from monographs.editions.verify import check_database
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import DeclareConflict, EndConflict, Withdraw
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.queue.queue_rows import queue_for
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import PASSWORD, make_monograph, make_user, sign, submit

pytestmark = pytest.mark.django_db

REASON = "The maker of testumab pays for a study of mine."
DAY = timedelta(days=1)


@pytest.fixture
def page(db: None, writer: Any) -> MonographPage:
    return make_monograph(by=writer)


def declare(by: Any, page: Any, person: Any = None, **dates: Any) -> ConflictOfInterest:
    dates = {"starts_on": database_today(), **dates}
    conflict = DeclareConflict(by, page.translation_key, person or by, reason=REASON, **dates).execute()
    run_deferred_constraints()
    return conflict


def test_who_has_an_interest_cannot_sign_and_is_not_asked(
    page: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    declare(reviewer, page)
    submission = submit(page, writer)
    verdict = policy.user_can_sign(reviewer, submission)
    assert verdict.rule == Rule.CONFLICT_OF_INTEREST
    assert "Who may sign it: Reviewer2 Tester." in verdict.message
    assert policy.eligible_signers(submission) == [reviewer2]
    task = policy.current_task(submission)
    assert task is not None
    assert policy.eligible_reviewers(task, page.translation_key, writer) == [reviewer2]
    (row,) = queue_for(reviewer)
    assert row.blocked == "A conflict of interest is declared for you; somebody else must sign it."
    assert row.eligible == ["Reviewer2 Tester"]
    with pytest.raises(PolicyError) as refused:
        sign(submission, reviewer)
    assert refused.value.rule == Rule.CONFLICT_OF_INTEREST
    assert policy.user_can_review(reviewer, submission).allowed, "they may still return it"
    sign(submission, reviewer2)
    run_deferred_constraints()
    assert Edition.objects.get().reviewers[0]["name"] == "Reviewer2 Tester"
    assert not check_database().faults


@pytest.mark.parametrize(
    ("first", "last", "bars"),
    [(-1, None, True), (0, 0, True), (-9, 1, True), (1, None, False), (1, 3, False)],
    ids=["lasting", "one day", "until tomorrow", "from tomorrow", "later"],
)
def test_it_counts_from_its_first_day_to_its_last(
    page: Any, writer: Any, reviewer: Any, first: int, last: int | None, bars: bool
) -> None:
    today = database_today()
    ends_on = None if last is None else today + last * DAY
    declare(reviewer, page, starts_on=today + first * DAY, ends_on=ends_on)
    submission = submit(page, writer)
    assert policy.user_can_sign(reviewer, submission).allowed is not bars
    if not bars:
        sign(submission, reviewer)
        run_deferred_constraints()


def test_an_editor_ends_it_and_the_person_never_does(
    page: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    conflict = declare(reviewer, page)
    for who, rule in ((reviewer, Rule.OWN_PROPOSAL), (writer, Rule.NOT_AN_EDITOR)):
        with pytest.raises(PolicyError) as refused:
            EndConflict(who, conflict, reason="Over.").execute()
        assert refused.value.rule == rule
    EndConflict(editor, conflict, reason="The study is over.").execute()
    run_deferred_constraints()
    submission = submit(page, writer)
    sign(submission, reviewer)
    run_deferred_constraints()
    assert not check_database().faults
    with pytest.raises(PolicyError, match="was ended by Editor Tester"):
        EndConflict(editor, conflict, reason="Again.").execute()
    own = declare(editor, page)
    with pytest.raises(PolicyError, match="your own"):
        EndConflict(editor, own, reason="Mine.").execute()


def test_only_editors_declare_for_others(page: Any, writer: Any, reviewer: Any, editor: Any) -> None:
    with pytest.raises(PolicyError) as refused:
        declare(writer, page, reviewer)
    assert refused.value.rule == Rule.NOT_AN_EDITOR
    conflict = declare(editor, page, reviewer)
    assert (conflict.user_id, conflict.by_name) == (reviewer.pk, "Editor Tester")
    with pytest.raises(PolicyError, match="ends before it starts"):
        declare(reviewer, page, ends_on=database_today() - DAY)
    with pytest.raises(PolicyError, match="Say what the interest is"):
        DeclareConflict(
            reviewer, page.translation_key, reviewer, reason=" ", starts_on=database_today()
        ).execute()


def test_a_text_that_they_have_signed_is_recalled(page: Any, writer: Any, reviewer: Any) -> None:
    task = policy.MedicalReviewTask.objects.get()
    task.signatures = 2
    task.save()
    submission = submit(page, writer)
    sign(submission, reviewer)
    run_deferred_constraints()
    declare(reviewer, page)
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.RECALLED
    assert "Reviewer Tester, who had signed this text, has a conflict of interest" in submission.outcome
    events = list(LedgerEntry.objects.order_by("seq").values_list("event", flat=True))
    assert events[-3:] == ["conflict_declared", "recalled", "voided"]


def test_a_text_signed_by_an_account_of_the_same_name_is_recalled(
    page: Any, writer: Any, reviewer: Any
) -> None:
    """The database would refuse the edition: it knows a signer by sign-in name as well."""
    policy.MedicalReviewTask.objects.update(signatures=2)
    submission = submit(page, writer)
    sign(submission, reviewer)
    run_deferred_constraints()
    type(reviewer).objects.filter(pk=reviewer.pk).update(username="former")
    declare(make_user("Reviewer", "Medical reviewers"), page)
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.RECALLED


def test_they_may_still_withdraw_the_page(published_medicine: Any, reviewer: Any) -> None:
    declare(reviewer, published_medicine)
    Withdraw(
        reviewer,
        published_medicine.translation_key,
        cause=WithdrawalReason.MISTAKE,
        note="Wrong.",
        password=PASSWORD,
    ).execute()
    run_deferred_constraints()
    assert not check_database().faults


def without_policy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "users_in_conflict", lambda key: policy.ExcludedUsers(frozenset(), frozenset()))


def test_the_database_refuses_the_signature(
    page: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(reviewer, page)
    without_policy(monkeypatch)
    sign(submit(page, writer), reviewer)
    with pytest.raises(DatabaseError, match="its signer has a conflict of interest"):
        run_deferred_constraints()


def test_both_verifiers_know_the_rule(
    page: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(reviewer, page)
    without_policy(monkeypatch)
    with connection.cursor() as cursor:
        for table in ("editions_signature", "editions_edition"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # undone with the test
    sign(submit(page, writer), reviewer)
    assert [fault for fault in check_database().faults if "somebody with a conflict of interest" in fault]


def test_both_verifiers_know_an_end_by_the_person_who_has_it(page: Any, reviewer: Any) -> None:
    """By sign-in name as well, as the database does."""
    conflict = declare(reviewer, page)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_conflictend DISABLE TRIGGER USER")  # undone with the test
        cursor.execute(f"ALTER TABLE editions_conflictend ALTER COLUMN key SET DEFAULT '{conflict.key}'")
    end_conflict(conflict, "Over.", Person(reviewer.pk + 1, "REVIEWER", "Reviewer Tester"))
    assert [fault for fault in check_database().faults if "by the person who has the conflict" in fault]


def look_alike(user: Any) -> Any:
    """An editor whose sign-in name looks like that of ``user``."""
    twin = make_user("twin", "Editors")
    type(twin).objects.filter(pk=twin.pk).update(username=user.username.replace("e", "\u0435"))  # Cyrillic
    return type(twin).objects.get(pk=twin.pk)


def test_an_account_whose_name_looks_like_theirs_does_not_end_it(page: Any, reviewer: Any) -> None:
    """That account may not sign either, because of the same conflict."""
    conflict = declare(reviewer, page)
    twin = look_alike(reviewer)
    with pytest.raises(PolicyError, match="your own"):
        EndConflict(twin, conflict, reason="Over.").execute()
    with pytest.raises(DatabaseError, match="somebody else must end it"), transaction.atomic():
        end_conflict(conflict, "Over.", person_of(twin))


def test_both_verifiers_know_an_end_by_such_an_account(page: Any, reviewer: Any, tmp_path: Path) -> None:
    conflict = declare(reviewer, page)
    without_trigger("editions_conflictend", "server_place")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE editions_conflictend ALTER COLUMN key SET DEFAULT '{conflict.key}'")
    end_conflict(conflict, "Over.", person_of(look_alike(reviewer)))
    (fault,) = faults_of_both(tmp_path / "export")
    assert "is by the person who has the conflict" in fault


def test_a_later_declaration_says_nothing_about_earlier_editions(
    published_medicine: Any, reviewer: Any
) -> None:
    declare(reviewer, published_medicine, starts_on=database_today() - 400 * DAY)
    assert not check_database().faults


def forge(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    run_deferred_constraints()


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE editions_conflictofinterest SET ends_on = '2001-01-01'",
        "DELETE FROM editions_conflictofinterest",
        "INSERT INTO editions_conflictend (conflict_id, key, reason, by_id, by_username, by_name, at) "
        "SELECT id, key, 'x', user_id, username, name, now() FROM editions_conflictofinterest",
        "INSERT INTO editions_conflictend (conflict_id, key, reason, by_id, by_username, by_name, at) "
        "SELECT id, key, 'x', 0, 'nobody', 'Nobody', now() FROM editions_conflictofinterest",
    ],
    ids=["changed", "deleted", "ended by the person", "ended without an entry"],
)
def test_the_database_keeps_it(page: Any, reviewer: Any, forgery: str) -> None:
    declare(reviewer, page)
    with pytest.raises(DatabaseError), transaction.atomic():
        forge(forgery)
    assert ConflictOfInterest.objects.get().ends_on is None
    assert not ConflictEnd.objects.exists()


def test_the_screens_say_it_before_anybody_starts(
    page: Any, writer: Any, reviewer: Any, editor: Any, client: Client
) -> None:
    address = f"/admin/review/record/{page.translation_key}/conflicts/"
    client.force_login(reviewer)
    shown = client.get(address).content.decode()
    assert "Nobody has declared" in shown
    assert "Reviewer Tester (you)" in shown
    assert "Writer Tester" not in shown.split('id="declare"')[1], "only editors choose whose"
    form = {"person": reviewer.pk, "reason": REASON, "starts_on": f"{database_today()}", "ends_on": ""}
    assert client.post(address, {**form, "person": writer.pk}).status_code == 400
    assert client.post(address, {**form, "ends_on": "2001-01-01"}).status_code == 400
    assert client.post(address, form).status_code == 302
    assert REASON in client.get(address).content.decode()
    conflict = ConflictOfInterest.objects.get()

    client.force_login(writer)
    chooser = client.get(f"/admin/review/submit/{page.pk}/").content.decode()
    assert "Reviewer Tester</strong> has a conflict of interest" in " ".join(chooser.split())
    assert f'value="{reviewer.pk}"' not in chooser
    submission = submit(page, writer)

    client.force_login(reviewer)
    review = " ".join(client.get(f"/admin/review/{submission.pk}/").content.decode().split())
    assert "You have a conflict of interest with this page" in review.split('id="what-changed"')[0]
    refused = client.post(f"{address}{conflict.pk}/end/", {"reason": "Over."})
    assert refused.status_code == 403
    assert "an editor ends it" in refused.content.decode()

    client.force_login(editor)
    assert client.post(f"{address}{conflict.pk}/end/", {"reason": ""}).status_code == 400
    assert client.post(f"{address}{conflict.pk}/end/", {"reason": "Over."}).status_code == 302
    history = client.get(f"/admin/review/record/{page.translation_key}/").content.decode()
    assert "Reviewer Tester declared a conflict of interest of Reviewer Tester" in history
    assert "Editor Tester ended a conflict of interest" in history
    assert Submission.objects.get().is_open
