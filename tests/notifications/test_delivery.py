"""Sending notices as emails: their form, and what happens when the mail server fails."""

import re
import socket
import sys
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask as StockTask
from wagtail.models import Page, Workflow, WorkflowTask

from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.review.actions import Return
from monographs.review.models import Notice, Submission
from monographs.review.notifications.delivery import RETRY_PERIOD, deliver, waiting
from monographs.review.notifications.messages import MAX_SUBJECT_LENGTH, one_line
from tests.deployment.conftest import PRODUCTION, database_url, environment
from tests.deployment.conftest import run as run_process
from tests.factories import PASSWORD, make_user, sign, submit
from tests.notifications.conftest import BASE_URL, Mailbox, html, plain

#: No server listens on a port that was free a moment ago.
NOBODY = "127.0.0.1"


def run(command: str, *args: str) -> tuple[list[str], list[str]]:
    """Return the lines a command printed to standard output and standard error; it fails with the latter."""
    out, err, failure = StringIO(), StringIO(), ""
    try:
        call_command(command, *args, stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    failed = err.getvalue().count("NOT sent to ")
    assert failure.partition(";")[0] == (f"{failed} emails could not be sent" if failed else "")
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """No mail server is available."""
    with socket.create_server((NOBODY, 0)) as free:
        settings.EMAIL_PORT = free.getsockname()[1]


@pytest.mark.django_db(transaction=True)
def test_an_unavailable_mail_server_rolls_back_nothing_and_loses_nothing(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, settings: Any, request: Any
) -> None:
    port = settings.EMAIL_PORT
    request.getfixturevalue("no_mail_server")
    submission = submit(page, writer)
    sign(submission, reviewer)
    assert Edition.objects.count() == 1
    assert Notice.objects.filter(sent_at=None).count() == 2

    out, err = run("send_notices")
    assert out == []
    assert sorted(line.partition(" (")[0] for line in err) == [
        "NOT sent to reviewer@example.org: Please review: testumab",
        "NOT sent to writer@example.org: Published: testumab, edition 1",
    ]

    settings.EMAIL_PORT = port
    out, err = run("send_notices")
    assert (len(out), err) == (2, [])
    assert mailbox.subjects() == [
        ("reviewer", "Please review: testumab"),
        ("writer", "Published: testumab, edition 1"),
    ]
    assert run("send_notices") == ([], []), "sent once"


@pytest.mark.django_db(transaction=True)
def test_a_production_process_sends_unsent_notices_from_the_configured_sender(
    mailbox: Mailbox, no_mail_server: None, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    production = PRODUCTION | {
        "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
        "EMAIL_URL": f"{mailbox.url}/?_default_from_email=desk@example.org",
    }
    result = run_process(sys.executable, "manage.py", "send_notices", env=environment(**production))
    assert (result.returncode, result.stdout) == (
        0,
        "sent to reviewer@example.org: Please review: testumab\n",
    ), result.stderr
    email = mailbox.one("reviewer")
    assert email["From"] == "Medicine monographs <desk@example.org>"
    assert "https://medicines.example.org/admin/review/" in plain(email)


@pytest.mark.parametrize("command", ["send_review_reminders", "send_digests"])
@pytest.mark.django_db
def test_every_command_sends_notices_that_failed_before(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, command: str
) -> None:
    submit(page, writer)
    run(command)
    assert mailbox.subjects() == [("reviewer", "Please review: testumab")]


@pytest.mark.django_db
def test_a_refused_address_delays_no_other_and_is_given_up_after_two_weeks(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    mailbox.refusing = {"reviewer@example.org"}
    submit(page, writer)
    out, err = run("send_notices")
    assert out == ["sent to reviewer2@example.org: Please review: testumab"]
    assert "Nobody of this name here" in err[0]
    assert waiting().count() == 1
    assert waiting(timezone.now() + RETRY_PERIOD + timedelta(minutes=1)).count() == 0


@pytest.mark.django_db
def test_an_email_sent_twice_has_one_message_id(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    run("send_notices")
    Notice.objects.update(sent_at=None)  # as when a process is killed after the server accepted it
    run("send_notices")
    first, second = mailbox.emails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db
def test_an_account_deactivated_meanwhile_gets_no_email(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    type(reviewer).objects.filter(pk=reviewer.pk).update(is_active=False)
    assert run("send_notices") == ([], [])


@pytest.mark.django_db(transaction=True)
def test_concurrent_runs_send_a_notice_once(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, settings: Any, request: Any
) -> None:
    port = settings.EMAIL_PORT
    request.getfixturevalue("no_mail_server")
    submit(page, writer)
    settings.EMAIL_PORT = port
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM review_notice FOR UPDATE")
        done = deliver(waiting())
        cursor.execute("ROLLBACK")
    other.close()
    assert (done.sent, done.failed, mailbox.emails) == ([], [], [])
    assert len(deliver(waiting()).sent) == 1


@pytest.mark.django_db
def test_an_email_has_text_and_html_and_is_marked_as_automatic(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    run("send_notices")
    email = mailbox.one("reviewer")
    assert email.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["From"] == "Medicine monographs <monographs@medicines.example.org>"
    assert '<html lang="en"' in html(email)
    assert "<title>Please review: testumab</title>" in html(email)
    assert html(email).count("<h1>") == 1
    for form in (plain(email), html(email)):
        assert "because you may sign this text" in form
        assert f"{BASE_URL}/admin/account/#tab-notifications" in form


@pytest.mark.django_db
def test_an_email_loads_no_external_resources(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    run("send_notices")
    words = html(mailbox.one("reviewer"))
    assert not re.search(r"<(img|script|link|iframe|object|video|audio|form)\b|url\(|@import|\bsrc=", words)
    addresses = re.findall(r'href="([^"]+)"', words)
    assert {urlsplit(address).netloc for address in addresses} == {urlsplit(BASE_URL).netloc}


@pytest.mark.django_db
def test_emails_about_one_submission_are_one_thread(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    Return(reviewer, submission, reason="The dose.").execute()
    submit(MonographPage.objects.get(pk=page.pk), writer)
    run("send_notices")
    threads = [(email["Subject"], email["References"]) for email in mailbox.emails]
    assert threads[0][1] == threads[1][1] == mailbox.emails[0]["In-Reply-To"]
    assert threads[0][1] != threads[2][1], "another submission"
    assert len({email["Message-ID"] for email in mailbox.emails}) == 3


@pytest.mark.django_db
def test_the_link_leads_to_the_review_after_signing_in(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, client: Client
) -> None:
    submission = submit(page, writer)
    run("send_notices")
    found = re.search(r"Open the review: (\S+)", plain(mailbox.one("reviewer")))
    assert found
    address = urlsplit(found[1])
    assert f"{address.scheme}://{address.netloc}" == BASE_URL
    turned_away = client.get(address.path)
    assert turned_away.status_code == 302
    form = turned_away.headers["Location"]
    assert form.startswith("/admin/login/?next=")
    answer = client.post(
        form, {"username": "reviewer", "password": PASSWORD, "next": address.path}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/admin/review/{submission.pk}/"
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_title_cannot_add_a_header(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    Notice.objects.all().delete()
    Submission.objects.update(title="testumab\r\nBcc: everybody@example.org\r\n\r\nBuy this")
    from monographs.review import notifications  # noqa: PLC0415  # as the actions import it

    notifications.submitted(Submission.objects.get(pk=submission.pk))
    run("send_notices")
    email = mailbox.one("reviewer")
    assert email["Subject"] == "Please review: testumab Bcc: everybody@example.org Buy this"
    assert email["Bcc"] is None


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("a\nb", "a b"),
        ("a\r\nb\x0bc\x85d\u2028e\x00f", "a b c d e f"),
        ("  many   spaces ", "many spaces"),
        ("é" * 300, "é" * (MAX_SUBJECT_LENGTH - 1) + "…"),
    ],
)
def test_a_subject_is_one_line(title: str, subject: str) -> None:
    assert one_line(title) == subject


@pytest.mark.django_db
def test_a_notice_with_an_invalid_subject_delays_no_other(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submit(page, writer)
    Notice.objects.filter(user=reviewer).update(subject="Please\nBcc: everybody@example.org")
    _, err = run("send_notices")
    assert "NOT sent to reviewer@example.org" in err[0]
    assert mailbox.subjects() == [("reviewer2", "Please review: testumab")]


@pytest.mark.django_db(transaction=True)
def test_wagtail_sends_no_workflow_emails_about_reviewed_pages(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, settings: Any
) -> None:
    settings.WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = True
    make_user("admin", superuser=True)
    submission = submit(page, writer)
    assert mailbox.subjects() == [("reviewer", "Please review: testumab")]
    Return(reviewer, submission, reason="The dose.").execute()
    assert mailbox.subjects() == [("writer", "Returned, please fix: testumab")]
    sign(submit(MonographPage.objects.get(pk=page.pk), writer), reviewer)
    assert mailbox.subjects() == [
        ("reviewer", "Please review: testumab"),
        ("writer", "Published: testumab, edition 1"),
    ]


@pytest.mark.django_db(transaction=True)
def test_wagtail_sends_workflow_emails_about_other_workflows(
    mailbox: Mailbox, writer: Any, reviewer: Any
) -> None:
    other = Page.get_first_root_node()
    workflow = Workflow.objects.create(name="Other")
    task = StockTask.objects.create(name="Look")
    task.groups.set(reviewer.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task)
    other.save_revision()
    workflow.start(other, writer)
    assert [email["To"] for email in mailbox.emails] == ["reviewer@example.org"]
