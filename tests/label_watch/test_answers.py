"""*No change needed*: who may sign it, what is signed, and what it does."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import LedgerEntry, Publication, Signature
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import LabelAnswer, LabelVersion, UpdateTask
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import AnswerLabel, DeclareConflict
from monographs.review.models import ReviewerProfile
from monographs.review.notifications.digest import LABEL_PERIOD, deliver_waiting
from monographs.review.policies import label_answer_policy
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import PASSWORD, edit, make_standard_text, make_user, publish
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, open_tasks, outcomes, store
from tests.review.standard_text_pages import include, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(published_medicine: MonographPage, writer: Any, reviewer: Any) -> UpdateTask:
    """The task of a page that patients read, written by the writer and signed by the reviewer."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    return task


def answer(
    user: Any, task: UpdateTask, *, reason: str = "The page says so already.", version: int = 4
) -> Any:
    return AnswerLabel(user, task, reason=reason, seen_version=version, password=PASSWORD).execute()


def test_a_signed_answer_closes_the_task_and_is_in_the_record(task: UpdateTask, reviewer: Any) -> None:
    shown = Publication.objects.get(key=task.key).edition
    given = answer(reviewer, task)
    run_deferred_constraints()
    assert (open_tasks(), outcomes()) == ([], ["answered"])
    signature = Signature.objects.get(submission=given.uuid)
    assert (signature.sha256, signature.username) == (given.sha256, "reviewer")
    text = json.loads(given.canonical)
    assert (text["from_version"], text["version"], text["sha256"]) == (3, 4, shown.sha256)
    entry = LedgerEntry.objects.get(event="label_answered")
    assert (entry.subject, given.sha256 in entry.body) == (str(task.key), True)
    assert Publication.objects.get(key=task.key).edition == shown
    call_command("ledger", "verify", stdout=StringIO())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "UPDATE label_watch_labelanswer SET reason = 'Nobody reads it.'",
            "reason differs from ledger entry",
        ),
        ("UPDATE label_watch_labelanswer SET canonical = canonical || ' '", "its hash differ from its text"),
        ("UPDATE label_watch_labelanswer SET from_version = 2", "from_version differs from ledger entry"),
        ("UPDATE label_watch_labelanswer SET label_id = label_id - 1", "label_id differs from ledger entry"),
        ("DELETE FROM label_watch_labelanswer", "in the ledger but no longer in label_answers"),
        ("DELETE FROM editions_signature WHERE step = 'Label change'", "nobody signed it"),
        ("DELETE FROM editions_ledgerentry WHERE event = 'label_answered'", "not in the ledger"),
    ],
    ids=["reason", "text", "version", "label", "deleted", "signature", "entry"],
)
def test_a_change_of_an_answer_behind_the_triggers_is_found(
    task: UpdateTask, reviewer: Any, change: str, fault: str, tmp_path: Path
) -> None:
    given = answer(reviewer, task)
    run_deferred_constraints()
    assert faults_of_both(tmp_path / "before") == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("ALTER TABLE label_watch_labelanswer DROP CONSTRAINT label_answer_hash_is_of_its_text")
        cursor.execute(change)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert any(
        line.startswith(f"label answer {given.pk}: ") and fault in line
        for line in faults_of_both(tmp_path / "after")
    )


@pytest.fixture
def later_task(published_medicine: MonographPage, writer: Any, reviewer: Any, reviewer2: Any) -> UpdateTask:
    """The task of a page of which ``reviewer2`` wrote the second edition and the writer the rest."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, reviewer2, how_it_works="It blocks a signal of the cell.")
    publish(page, writer, reviewer)
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    return task


def test_who_wrote_an_earlier_edition_does_not_answer(
    later_task: UpdateTask, reviewer: Any, reviewer2: Any
) -> None:
    """A comma of somebody else does not make the rest of the text theirs."""
    with pytest.raises(PolicyError) as refused:
        answer(reviewer2, later_task)
    assert refused.value.rule == Rule.CONTRIBUTED
    answer(reviewer, later_task)
    run_deferred_constraints()


def test_nor_does_the_database_take_their_answer(
    later_task: UpdateTask, reviewer2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_answer_policy, "_wrote", lambda *given: False)
    answer(reviewer2, later_task)
    with pytest.raises(DatabaseError, match="nobody who did not write the page signed it"):
        run_deferred_constraints()


def test_nor_that_of_an_account_whose_name_looks_like_theirs(
    later_task: UpdateTask, reviewer2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = make_user("twin", "Medical reviewers", credentials="MD")
    type(twin).objects.filter(pk=twin.pk).update(username="revi\u0435wer2")  # a Cyrillic letter
    twin = type(twin).objects.get(pk=twin.pk)
    monkeypatch.setattr(ReviewerProfile, "is_confirmed", True)
    with pytest.raises(PolicyError) as refused:
        answer(twin, later_task)
    assert refused.value.rule == Rule.CONTRIBUTED
    monkeypatch.setattr(label_answer_policy, "_wrote", lambda *given: False)
    answer(twin, later_task)
    with pytest.raises(DatabaseError, match="nobody who did not write the page signed it"):
        run_deferred_constraints()


def test_both_verifiers_name_an_answer_of_an_earlier_author(
    later_task: UpdateTask, reviewer2: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("label_watch_labelanswer", "must_be_signed")
    monkeypatch.setattr(label_answer_policy, "_wrote", lambda *given: False)
    given = answer(reviewer2, later_task)
    (fault,) = faults_of_both(tmp_path / "export")
    assert re.fullmatch(rf"label answer {given.pk}: signature \d+ is by somebody who wrote the page", fault)


def test_both_verifiers_name_an_answer_given_with_an_interest(
    task: UpdateTask, reviewer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("editions_signature", "without_conflict")
    DeclareConflict(reviewer, task.key, reviewer, reason="Shares.", starts_on=database_today()).execute()
    monkeypatch.setattr(label_answer_policy, "user_is_in_conflict", lambda *given: False)
    given = answer(reviewer, task)
    (fault,) = faults_of_both(tmp_path / "export")
    assert fault.startswith(f"label answer {given.pk}: ")
    assert "is by somebody with a conflict of interest" in fault


def test_who_wrote_and_signed_the_page_is_told_once_for_each_version(
    published_medicine: MonographPage, writer: Any, reviewer: Any
) -> None:
    make_user("editor", "Editors")
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    refresh_label_tasks()
    task.save()
    deliver_waiting(database_now() + LABEL_PERIOD)
    told = [
        message for message in mail.outbox if message.subject.startswith("Label changed, grave: testumab")
    ]
    assert sorted(message.to[0].partition("@")[0] for message in told) == ["editor", "reviewer", "writer"]
    assert f"/admin/labels/{task.pk}/" in told[0].body
    assert "Boxed warning" in told[0].body
    mail.outbox.clear()
    store(5, "Fever can kill.")
    refresh_label_tasks()
    deliver_waiting(database_now() + LABEL_PERIOD)
    assert len(mail.outbox) == 3


def test_the_next_change_is_compared_with_what_was_answered(task: UpdateTask, reviewer: Any) -> None:
    answer(reviewer, task)
    store(5, GRAVE)
    refresh_label_tasks()
    assert open_tasks() == []
    store(6, "Fever can kill.")
    refresh_label_tasks()
    assert open_tasks() == [(4, 6, "grave")]


def test_who_is_no_reviewer_cannot_answer(task: UpdateTask, writer: Any) -> None:
    for user in (writer, make_user("writer2", "Medical writers"), make_user("editor", "Editors")):
        with pytest.raises(PolicyError) as error:
            answer(user, task)
        assert error.value.rule is Rule.NOT_A_REVIEWER
    assert open_tasks() == [(3, 4, "grave")]
    assert LedgerEntry.objects.filter(event="refused").count() == 3


def test_a_reviewer_who_wrote_the_page_cannot_answer(
    published_medicine: MonographPage, reviewer: Any, reviewer2: Any
) -> None:
    page = published_medicine.get_latest_revision_as_object()
    edit(page, reviewer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, reviewer, reviewer2)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    with pytest.raises(PolicyError, match="You wrote in the edition"):
        answer(reviewer, task)
    assert answer(reviewer2, task)


def test_a_reviewer_who_wrote_a_standard_text_of_the_page_cannot_answer(
    published_medicine: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    report = make_standard_text("Report side effects", by=reviewer)
    publish(report, reviewer, reviewer2)
    page = include(published_medicine, writer, signed(report))
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer2)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    with pytest.raises(PolicyError, match="or in a standard text in it"):
        answer(reviewer, task)
    assert answer(reviewer2, task)


def test_an_answer_is_about_the_version_on_the_screen_and_has_a_reason(
    task: UpdateTask, reviewer: Any
) -> None:
    with pytest.raises(PolicyError, match="Say why"):
        answer(reviewer, task, reason="  ")
    store(5, "Fever can kill.")
    refresh_label_tasks()
    with pytest.raises(PolicyError) as error:
        answer(reviewer, task)
    assert error.value.rule is Rule.STALE
    answer(reviewer, task, version=5)
    with pytest.raises(PolicyError, match="answered already"):
        answer(reviewer, task, version=5)


def test_the_database_refuses_an_answer_that_nobody_or_the_writer_signed(
    task: UpdateTask, reviewer: Any, writer: Any
) -> None:
    given = answer(reviewer, task)
    row = LabelAnswer.objects.filter(pk=given.pk).values().get()
    run_deferred_constraints()
    unsigned: dict[str, Any] = {**row, "id": None, "uuid": "cccccccc-2222-4333-8444-555555555555"}
    canonical = unsigned["canonical"].replace(str(row["uuid"]), unsigned["uuid"])
    with pytest.raises(DatabaseError, match="label_answer_hash_is_of_its_text"), transaction.atomic():
        LabelAnswer.objects.create(**{**unsigned, "canonical": canonical})
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "INSERT INTO label_watch_labelanswer (uuid, key, edition_id, label_id, from_version, reason, "
            "canonical, sha256, at) SELECT %s, key, edition_id, label_id, from_version, reason, %s, "
            "encode(sha256(convert_to(%s, 'UTF8')), 'hex'), now() FROM label_watch_labelanswer",
            [unsigned["uuid"], canonical, canonical],
        )
        with pytest.raises(DatabaseError, match="nobody who did not write"):
            run_deferred_constraints()
        transaction.set_rollback(True)


def test_an_answer_and_a_version_from_the_future_are_refused(task: UpdateTask, reviewer: Any) -> None:
    late = database_now() + timedelta(days=2)
    version = LabelVersion.objects.get(version=4)
    version.pk, version.stored_at = None, late
    given = answer(reviewer, task)
    given.pk, given.uuid, given.at = None, uuid4(), late
    for row, column in ((version, "stored_at"), (given, "at")):
        with pytest.raises(DatabaseError, match=rf"{column} .* is in the future"), transaction.atomic():
            row.save(force_insert=True)


def test_a_reviewer_answers_on_the_screen(
    task: UpdateTask, reviewer: Any, writer: Any, client: Client
) -> None:
    address = f"/admin/labels/{task.pk}/"
    client.force_login(writer)
    shown = client.get(address).content.decode()
    assert "Only reviewers sign" in shown
    assert "Start the draft" in shown
    client.force_login(reviewer)
    form = client.get(address).context["answer_form"]
    data = {"version": form["version"].value(), "signer": form["signer"].value(), "reason": "It says so."}
    response = client.post(f"{address}answer/", {**data, "password": "wrong"})
    assert response.status_code == 403
    assert "It says so." in response.content.decode(), "what was typed is kept"
    assert client.post(f"{address}answer/", {**data, "reason": "", "password": PASSWORD}).status_code == 400
    assert open_tasks() != []
    assert client.post(f"{address}answer/", {**data, "password": PASSWORD}).status_code == 302
    assert open_tasks() == []
    closed = client.get(address).content.decode()
    assert "no change needed for version 4" in closed
    assert "Sign: no change needed" not in closed
