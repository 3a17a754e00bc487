"""The prepared sentence for patients: who asks and signs, what patients read, and when it ends."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from monographs.editions.models import LedgerEntry, PreparedSentence, Signature
from monographs.editions.verify import check_database
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import UpdateTask
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.public.models import CachePurge
from monographs.review.actions import AnswerLabel, AskSentence, SignSentence
from monographs.review.policies import label_answer_policy
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import PASSWORD, edit, make_user, publish
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, open_tasks, store

pytestmark = pytest.mark.django_db

PAGE = "/medicines/testumab/"
WORDS = "The FDA changed the label on January 31, 2024. We are checking this page. Ask your care team."


@pytest.fixture
def task(published_medicine: MonographPage, writer: Any, reviewer: Any) -> UpdateTask:
    """The open task of a grave change, of a page that the writer wrote and the reviewer signed."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3", boxed_warning="A fever can kill.")
    publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    return task


@pytest.fixture
def editor(db: None) -> Any:
    """An editor, who may ask for the sentence."""
    return make_user("editor", "Editors")


def sign(user: Any, task: UpdateTask, version: int = 4) -> PreparedSentence:
    return SignSentence(user, task, seen_version=version, password=PASSWORD).execute()


def shown(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def test_patients_read_it_once_a_reviewer_has_signed_what_an_editor_asked_for(
    task: UpdateTask, editor: Any, reviewer: Any, client: Client
) -> None:
    before = client.get(PAGE)
    AskSentence(editor, task).execute()
    assert client.get(PAGE).headers["ETag"] == before.headers["ETag"], "asking alone changes nothing"
    signed = sign(reviewer, task)
    run_deferred_constraints()
    after = client.get(PAGE)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert WORDS not in before.content.decode()
    assert after.content.decode().index(WORDS) < after.content.decode().index("How it is administered")
    found = client.get("/api/v1/monographs/testumab").json()["prepared_sentence"]
    assert found == {"text": WORDS, "set_id": SET_IDS[0], "version": 4, "effective": "2024-01-31"}
    signature = Signature.objects.get(submission=signed.uuid)
    assert (signature.sha256, signature.username) == (signed.sha256, "reviewer")
    assert json.loads(signed.canonical)["version"] == 4
    events = LedgerEntry.objects.filter(subject=str(task.key)).order_by("seq").values_list("event", flat=True)
    assert list(events)[-3:] == ["sentence_asked", "signed", "sentence"]
    out = StringIO()
    call_command("ledger", "verify", stdout=out)
    assert "1 sentences" in out.getvalue()


@pytest.fixture
def told(task: UpdateTask, editor: Any, reviewer: Any) -> UpdateTask:
    """The task while patients read the sentence."""
    AskSentence(editor, task).execute()
    sign(reviewer, task)
    return task


def test_it_ends_when_a_reviewer_signs_that_no_change_is_needed(
    told: UpdateTask, reviewer: Any, client: Client
) -> None:
    AnswerLabel(reviewer, told, reason="It is there.", seen_version=4, password=PASSWORD).execute()
    assert WORDS not in shown(client)
    store(6, "Fever can kill.")
    refresh_label_tasks()
    assert open_tasks() == [(4, 6, "grave")]
    assert WORDS not in shown(client), "the next change is another one"


def test_it_ends_with_the_edition_that_names_the_version_before_the_task_is_closed(
    told: UpdateTask, published_medicine: MonographPage, writer: Any, reviewer: Any, client: Client
) -> None:
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, summary="It was read again.")
    publish(page, writer, reviewer)
    assert WORDS in shown(client), "this edition rests on the same version"
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_version="4")
    publish(page, writer, reviewer)
    assert open_tasks() != [], "tasks are closed after the commit, which a test does not reach"
    assert WORDS not in shown(client)


def test_it_stays_while_newer_versions_come_and_ends_when_the_label_says_the_same_again(
    told: UpdateTask, editor: Any, reviewer: Any, client: Client
) -> None:
    store(5, "Fever can kill.")
    refresh_label_tasks()
    assert WORDS in shown(client)
    told.refresh_from_db()
    AskSentence(editor, told).execute()
    with pytest.raises(PolicyError) as error:
        sign(reviewer, told)
    assert error.value.rule is Rule.STALE
    assert sign(reviewer, told, 5).version == 5
    store(6)
    refresh_label_tasks()
    assert WORDS not in shown(client)


def test_caches_are_told_when_it_begins_and_when_it_ends(
    task: UpdateTask, editor: Any, reviewer: Any, settings: Any
) -> None:
    settings.CACHE_PURGE_URLS = ["http://127.0.0.1:9"]
    AskSentence(editor, task).execute()
    assert CachePurge.objects.count() == 0
    sign(reviewer, task)
    assert [purge.keys for purge in CachePurge.objects.all()] == [[f"page-{task.key.hex[:12]}", "lists"]]
    AnswerLabel(reviewer, task, reason="It is there.", seen_version=4, password=PASSWORD).execute()
    assert CachePurge.objects.count() == 2


def test_who_may_ask_and_who_may_sign(
    task: UpdateTask, editor: Any, writer: Any, reviewer: Any, reviewer2: Any, client: Client
) -> None:
    for attempt, rule in (
        (lambda: AskSentence(writer, task).execute(), Rule.NOT_AN_EDITOR),
        (lambda: sign(reviewer, task), Rule.NOT_PROPOSED),
        (lambda: AskSentence(editor, task).execute(), None),
        (lambda: AskSentence(editor, task).execute(), Rule.ALREADY_PROPOSED),
        (lambda: sign(editor, task), Rule.NOT_A_REVIEWER),
        (lambda: sign(writer, task), Rule.NOT_A_REVIEWER),
        (lambda: SignSentence(reviewer, task, seen_version=4, password="x").execute(), Rule.WRONG_PASSWORD),
        (lambda: sign(reviewer, task), None),
        (lambda: AskSentence(editor, task).execute(), Rule.ALREADY_SIGNED),
        (lambda: sign(reviewer2, task), Rule.ALREADY_SIGNED),
    ):
        if rule is None:
            attempt()
            continue
        with pytest.raises(PolicyError) as error:
            attempt()
        assert error.value.rule is rule
    assert LedgerEntry.objects.filter(event="refused").count() == 8


def test_it_is_for_grave_changes_and_for_those_who_did_not_write(
    published_medicine: MonographPage, editor: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = published_medicine.get_latest_revision_as_object()
    edit(page, reviewer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, reviewer, reviewer2)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    AskSentence(editor, task).execute()
    with pytest.raises(PolicyError, match="You wrote in the edition"):
        sign(reviewer, task)
    UpdateTask.objects.update(change_class="substance")
    with pytest.raises(PolicyError) as error:
        sign(reviewer2, task)
    assert error.value.rule is Rule.NOT_GRAVE


def test_the_database_refuses_a_sentence_that_nobody_or_the_writer_signed(
    told: UpdateTask, writer: Any
) -> None:
    row = PreparedSentence.objects.values().get()
    run_deferred_constraints()
    act = "cccccccc-2222-4333-8444-555555555555"
    canonical = row["canonical"].replace(str(row["uuid"]), act)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PreparedSentence.objects.update(wording="All is well.")
    columns = "key, edition_id, set_id, version, label_sha256, agency, effective"
    insert = (
        f"INSERT INTO editions_preparedsentence (uuid, {columns}, wording, canonical, sha256, at)"  # noqa: S608
        f" SELECT %s, {columns}, %s, %s, encode(sha256(convert_to(%s, 'UTF8')), 'hex'), now()"
        " FROM editions_preparedsentence"
    )
    for wording, fault in ((row["wording"], "nobody who did not write"), ("All is well.", "columns differ")):
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(insert, [act, wording, canonical, canonical])
            with pytest.raises(DatabaseError, match=fault):
                run_deferred_constraints()
            transaction.set_rollback(True)


def test_an_editor_asks_and_a_reviewer_signs_on_the_screen(
    task: UpdateTask, editor: Any, reviewer: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    address = f"/admin/labels/{task.pk}/"
    client.force_login(editor)
    assert WORDS in shown(client, address)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{address}sentence/ask/").status_code == 302
    asked = [message for message in mail.outbox if "A sentence for patients: testumab" in message.subject]
    assert [message.to[0].partition("@")[0] for message in asked] == ["reviewer"]
    assert client.post(f"{address}sentence/ask/").status_code == 403
    client.force_login(reviewer)
    form = client.get(address).context["sentence"]["form"]
    data = {"version": form["version"].value(), "signer": form["signer"].value()}
    wrong = client.post(f"{address}sentence/sign/", {**data, "password": "wrong"})
    assert wrong.status_code == 403
    assert client.post(f"{address}sentence/sign/", data).status_code == 400
    assert client.post(f"{address}sentence/sign/", {**data, "password": PASSWORD}).status_code == 302
    assert "Patients read the sentence about version 4" in shown(client, address)
    client.logout()
    assert WORDS in shown(client)


def test_the_verification_finds_other_words_and_a_signature_of_the_writer(
    told: UpdateTask, reviewer: Any
) -> None:
    run_deferred_constraints()
    wrote = json.dumps([{"id": reviewer.pk, "username": "reviewer", "name": "R"}])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE editions_preparedsentence SET wording = 'All is well.'")
        cursor.execute("UPDATE editions_edition SET contributors = %s WHERE number = 2", [wrote])
        cursor.execute("SET LOCAL session_replication_role = origin")
    faults = "\n".join(check_database().faults)
    row = PreparedSentence.objects.get()
    for fault in ("wording differs from ledger entry", "its columns or its hash differ", "wrote the page"):
        assert re.search(rf"sentence {row.pk}: .*{fault}", faults), faults


@pytest.fixture
def of_two_authors(
    published_medicine: MonographPage, editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> UpdateTask:
    """A task whose sentence is asked for, of a page of which ``reviewer2`` wrote the edition before."""
    for author, words in ((reviewer2, "It blocks a signal of the cell."), (writer, "It blocks a signal.")):
        page = published_medicine.get_latest_revision_as_object()
        edit(page, author, how_it_works=words, label_set_id=SET_IDS[0], label_version="3")
        publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    AskSentence(editor, task).execute()
    return task


def test_who_wrote_an_earlier_edition_signs_no_sentence(
    of_two_authors: UpdateTask, reviewer2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most of the text may be theirs."""
    with pytest.raises(PolicyError) as refused:
        sign(reviewer2, of_two_authors)
    assert refused.value.rule is Rule.CONTRIBUTED
    monkeypatch.setattr(label_answer_policy, "_wrote", lambda *given: False)
    sign(reviewer2, of_two_authors)
    with pytest.raises(DatabaseError, match="nobody who did not write the page"):
        run_deferred_constraints()


def test_both_verifiers_name_a_sentence_of_an_earlier_author(
    of_two_authors: UpdateTask, reviewer2: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("editions_preparedsentence", "must_be_signed")
    monkeypatch.setattr(label_answer_policy, "_wrote", lambda *given: False)
    signed = sign(reviewer2, of_two_authors)
    (fault,) = faults_of_both(tmp_path / "export")
    assert fault.startswith(f"sentence {signed.pk}: ")
    assert "is by somebody who wrote the page" in fault
