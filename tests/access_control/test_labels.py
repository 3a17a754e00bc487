"""Bypass routes of labels: nothing that a label says reaches patients, only a signed sentence about it."""

import io
from typing import Any

import pytest
from django.core.management import call_command

from monographs.editions.models import PreparedSentence
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelAnswer, LabelCheck, UpdateTask
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.review.actions import AskSentence
from monographs.review.models import SentenceRequest
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, ROLES, SHELL, UNSIGNED, user_of
from tests.access_control.test_code import refused_by_database
from tests.factories import PASSWORD
from tests.label_watch.label_service import SET_IDS, label_xml

NOT_A_REVIEWER = ("writer", "editor", "superuser")
REVIEWERS = ("reviewer", "superuser who reviews")
TOLD = b"We are checking this page."
#: What patients and programs read of a medicine or find, beside its page.
ADDRESSES = (
    *("/search/?q=fatal", f"/search/?q={UNSIGNED}", "/updates.atom", "/whats-new/", "/sitemap.xml"),
    *("/api/v1/monographs", "/api/v1/monographs/alphaumab", "/api/v1/monographs/alphaumab/editions"),
    *("/api/v1/labels", "/api/v1/search?q=fatal", f"/api/v1/search?q={UNSIGNED}", "/medicines/alphaumab/"),
)


def changed_label(attempt: Attempt) -> UpdateTask:
    """Follow a label for a public page, and store two versions of it whose words nobody signed."""
    page = attempt.site.page(attempt.site.alpha)
    FollowedLabel.objects.create(key=page.translation_key, set_id=SET_IDS[0])
    for version, box in ((1, "can be fatal"), (2, "can kill")):
        data = label_xml(version, f"{UNSIGNED} {box}.", maker=f"{UNSIGNED} Makers")
        store_label(data, read_label(data), f"file {UNSIGNED}")
    LabelCheck.objects.create(set_id=SET_IDS[0], newest_version=2, error=UNSIGNED)
    (task,) = refresh_label_tasks()
    return task


def signing(version: int = 2, **more: Any) -> dict[str, Any]:
    return {"version": version, "password": PASSWORD, "reason": UNSIGNED, **more}


@bypass_attempt("label: read by everybody in the admin, by nobody else", *ROLES, ANONYMOUS)
def test_a_label_in_the_admin(attempt: Attempt) -> None:
    task = changed_label(attempt)
    answers = [attempt.get("labels:tasks"), attempt.get("labels:task", task.pk)]
    if attempt.user is None:
        attempt.unreachable(*(answer.status_code for answer in answers))
        return
    assert UNSIGNED in answers[1].content.decode()
    attempt.harmless()


@bypass_attempt("label: what it says, wherever patients and programs read", ANONYMOUS)
def test_what_a_label_says(attempt: Attempt) -> None:
    leaflet = attempt.client.get("/medicines/alphaumab/leaflet.pdf").content
    AskSentence(user_of("editor"), changed_label(attempt)).execute()
    for address in ADDRESSES:
        answer = attempt.client.get(address)
        assert answer.status_code == 200
        # A search page repeats what was searched for
        said = answer.content.replace(f"q={UNSIGNED}".encode(), b"").decode()
        if UNSIGNED not in address:
            assert UNSIGNED.lower() not in said.lower(), address
        assert TOLD not in answer.content, address
    assert leaflet == attempt.client.get("/medicines/alphaumab/leaflet.pdf").content
    attempt.harmless()


@bypass_attempt("label: answered by those who may not", *NOT_A_REVIEWER)
def test_answering(attempt: Attempt) -> None:
    response = attempt.post("labels:answer", changed_label(attempt).pk, data=signing())
    attempt.refused(response, "Only reviewers sign that a page needs no change")
    assert not LabelAnswer.objects.exists()


@bypass_attempt("label: answered for another version than the newest", *REVIEWERS)
def test_answering_for_an_old_version(attempt: Attempt) -> None:
    response = attempt.post("labels:answer", changed_label(attempt).pk, data=signing(1))
    attempt.refused(response, "newer version than the one on your screen")
    assert not LabelAnswer.objects.exists()


@bypass_attempt("label: a sentence asked for by those who may not", "writer", *REVIEWERS, "superuser")
def test_asking_for_the_sentence(attempt: Attempt) -> None:
    response = attempt.post("labels:ask_sentence", changed_label(attempt).pk)
    attempt.refused(response, "Only editors ask for the sentence")
    assert not SentenceRequest.objects.exists()


@bypass_attempt("label: a sentence asked for, and not signed", "editor")
def test_a_request_alone(attempt: Attempt) -> None:
    attempt.post("labels:ask_sentence", changed_label(attempt).pk)
    assert SentenceRequest.objects.get().signed_at is None
    attempt.harmless()


@bypass_attempt("label: a sentence signed that no editor asked for", *REVIEWERS)
def test_signing_without_a_request(attempt: Attempt) -> None:
    response = attempt.post("labels:sign_sentence", changed_label(attempt).pk, data=signing())
    attempt.refused(response, "No editor has asked")
    assert not PreparedSentence.objects.exists()


@bypass_attempt("label: a sentence signed by those who may not", *NOT_A_REVIEWER)
def test_signing_the_sentence(attempt: Attempt) -> None:
    task = changed_label(attempt)
    AskSentence(user_of("editor"), task).execute()
    attempt.refused(attempt.post("labels:sign_sentence", task.pk, data=signing()), "Only reviewers sign")
    assert not PreparedSentence.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [({"password": "guess"}, "password is not right"), ({"version": 1}, "newer version")],
    ids=["password", "version"],
)
@bypass_attempt("label: a sentence signed with a wrong password or for an old version", *REVIEWERS)
def test_signing_the_sentence_wrongly(attempt: Attempt, data: dict[str, Any], words: str) -> None:
    task = changed_label(attempt)
    AskSentence(user_of("editor"), task).execute()
    attempt.refused(attempt.post("labels:sign_sentence", task.pk, data={**signing(), **data}), words)
    assert not PreparedSentence.objects.exists()


@bypass_attempt("SQL: a sentence in words of its own", SHELL)
def test_a_sentence_by_sql(attempt: Attempt) -> None:
    changed_label(attempt)
    refused_by_database(
        attempt,
        "columns differ from its text",
        "INSERT INTO editions_preparedsentence (uuid, key, edition_id, set_id, version, label_sha256, agency,"
        " wording, canonical, sha256, at) SELECT gen_random_uuid(), key, id, %s, 2, '', 'FDA', %s, '{}',"
        " encode(sha256('{}'), 'hex'), now() FROM editions_edition WHERE slug = 'alphaumab'",
        SET_IDS[0],
        UNSIGNED,
    )


@bypass_attempt("SQL: tables of labels rewritten", SHELL)
def test_labels_by_sql(attempt: Attempt) -> None:
    changed_label(attempt)
    for table in ("label_watch_labelversion", "label_watch_labelanswer", "editions_preparedsentence"):
        refused_by_database(attempt, "append-only", f"TRUNCATE {table} CASCADE")


@bypass_attempt("code: labels checked from files", SHELL)
def test_checking_from_files(attempt: Attempt, tmp_path: Any) -> None:
    changed_label(attempt)
    (tmp_path / "label.xml").write_bytes(label_xml(9, f"{UNSIGNED} is fatal."))
    call_command("check_labels", "--from", str(tmp_path), stdout=io.StringIO())
    assert UpdateTask.objects.get().to_version == 9
    attempt.harmless()
