"""The record of a page in the admin: who may see it, withdraw the page, and restore an edition."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.editions.models import Edition, Publication
from monographs.models import MonographPage
from monographs.review.models import Submission
from tests.factories import (
    PASSWORD,
    delete_as_before,
    edit,
    make_monograph,
    make_user,
    publish,
    sign,
    submit,
)
from tests.next_version import release_next_version

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def page_pk(module_rows: None) -> int:
    """A page with two editions."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Another text.")
    publish(page, writer, reviewer)
    return page.pk


@pytest.fixture
def page(db: None, page_pk: int) -> MonographPage:
    """The page with two editions."""
    return MonographPage.objects.get(pk=page_pk)


def record(page: Any) -> str:
    return reverse("review:record", args=[page.translation_key])


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_it_lists_every_edition_with_writers_and_signers(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    shown = words(client, record(page))
    assert "Patients read <strong>edition 2</strong>" in shown
    for edition in Edition.objects.all():
        assert edition.sha256 in shown
    assert "Signed by Reviewer Tester, PharmD (Medical review)" in shown
    assert "Written by Writer Tester" in shown


def test_a_reviewer_withdraws_and_an_editor_restores(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    answer = {"cause": "mistake", "note": "Tenfold dose.", "password": PASSWORD}
    response = client.post(f"{record(page)}withdraw/", answer, follow=True)
    assert "Patients no longer see it" in response.content.decode()
    assert client.get("/medicines/testumab/").status_code == 410

    client.force_login(make_user("editor", "Editors"))
    assert "Tenfold dose." in words(client, record(page))
    response = client.post(f"{record(page)}restore/", {"number": 1, "reason": "It was right."}, follow=True)
    submission = Submission.objects.get(status="in_review")
    assert submission.restores == 1
    assert "restores the text of edition 1" in response.content.decode()
    assert "Signing it makes it public again" in response.content.decode()
    assert client.get("/medicines/testumab/").status_code == 410
    sign(submission, reviewer)
    assert client.get("/medicines/testumab/")["X-Edition"] == "testumab/3"


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        ({"note": "x", "password": PASSWORD}, 400, "This field is required"),
        ({"cause": "invented", "note": "x", "password": PASSWORD}, 400, "Select a valid choice"),
        ({"cause": "mistake", "note": "", "password": PASSWORD}, 400, "This field is required"),
        ({"cause": "mistake", "note": "Kept words", "password": "guess"}, 403, "password is not right"),
    ],
)
def test_an_incomplete_withdrawal_shows_errors_and_keeps_the_input(
    client: Client, page: Any, reviewer: Any, answer: dict[str, str], status: int, message: str
) -> None:
    client.force_login(reviewer)
    response = client.post(f"{record(page)}withdraw/", answer)
    assert response.status_code == status
    assert message in response.content.decode()
    assert answer["note"] in response.content.decode()
    assert Publication.objects.get().state == "current"


@pytest.mark.parametrize("group", ["Medical writers", "Editors", "superuser"])
def test_users_who_may_not_withdraw_see_why_instead_of_the_form(
    client: Client, page: Any, group: str
) -> None:
    client.force_login(make_user("person", group, superuser=group == "superuser"))
    shown = words(client, record(page))
    assert "Only reviewers may withdraw a page" in shown
    assert "Sign and withdraw" not in shown
    answer = {"cause": "mistake", "note": "x", "password": PASSWORD}
    response = client.post(f"{record(page)}withdraw/", answer)
    assert response.status_code == 403
    assert "Only reviewers may withdraw" in response.content.decode()
    assert Publication.objects.get().state == "current"


def test_a_page_deleted_in_the_admin_keeps_its_record(client: Client, page: Any, reviewer: Any) -> None:
    delete_as_before(page)
    client.force_login(reviewer)
    shown = words(client, record(page))
    assert "deleted in the admin. Its editions remain" in shown
    assert "Restore this edition" not in shown
    response = client.post(f"{record(page)}restore/", {"number": 1, "reason": "x"})
    assert response.status_code == 403


def test_an_edition_that_says_what_patients_read_in_an_older_version_is_not_offered(
    client: Client, page: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_next_version(monkeypatch)
    publish(page, writer, reviewer, nothing_to_change=True)
    third, second, first = Edition.objects.of(page.translation_key)
    assert third.sha256 != second.sha256
    client.force_login(writer)
    shown = words(client, record(page))
    assert shown.count("Restore this edition") == 1
    place = shown.index("Restore this edition")
    assert shown.index(second.sha256) < shown.index(first.sha256) < place


def test_an_unknown_record_is_not_found(client: Client, reviewer: Any, site: Any) -> None:
    client.force_login(reviewer)
    assert client.get("/admin/review/record/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_anonymous_users_see_no_record(client: Client, page: Any) -> None:
    assert client.get(record(page)).status_code == 302


def test_a_writer_schedules_by_the_submission_form(client: Client, page: Any, writer: Any) -> None:
    edit(page, writer, how_it_works="For next year.")
    client.force_login(writer)
    address = reverse("review:submit", args=[page.pk])
    answer = {"review_kind": "full_review", "reason": "Label.", "publish_at": "2020-01-01T10:00"}
    response = client.post(address, answer)
    assert response.status_code == 400
    assert "This time has passed" in response.content.decode()
    client.post(address, answer | {"publish_at": "2190-01-01T10:00"})
    submission = Submission.objects.get(status="in_review")
    assert submission.publish_at is not None
    assert submission.publish_at.isoformat() == "2190-01-01T10:00:00+00:00"


def test_recalling_a_scheduled_text_needs_a_reason(
    client: Client, page: Any, writer: Any, reviewer: Any
) -> None:
    edit(page, writer, how_it_works="For next year.")
    submission = submit(page, writer, publish_at=Edition.objects.first().created_at.replace(year=2190))
    sign(submission, reviewer)
    client.force_login(writer)
    address = reverse("review:recall", args=[submission.pk])
    response = client.post(address, {"reason": ""})
    assert response.status_code == 403
    assert "Say why it is taken back" in response.content.decode()
    client.post(address, {"reason": "The label changed."})
    submission.refresh_from_db()
    assert (submission.status, submission.outcome) == ("recalled", "The label changed.")
