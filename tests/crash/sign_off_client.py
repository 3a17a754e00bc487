"""Somebody at the desk in a process of their own: does and tells what is asked, a line of JSON each.

``python -m tests.crash.sign_off_client``, under the settings that the web server has. Everything is done
by the project's own code; a question names the database, because tests use fresh copies of one.
"""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image as Picture  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import WorkflowState  # noqa: E402

from home.site_setup import set_up_site  # noqa: E402
from monographs.editions.models import (  # noqa: E402
    Edition,
    LedgerEntry,
    Publication,
    Signature,
    Withdrawal,
)
from monographs.editions.withdrawal_reasons import WithdrawalReason  # noqa: E402
from monographs.models import MonographPage  # noqa: E402
from monographs.review.actions import Recall, Restore, Withdraw  # noqa: E402
from monographs.review.models import MedicalReviewTask, Submission  # noqa: E402
from tests import factories  # noqa: E402
from tests.crash.wsgi_server import connections_of  # noqa: E402

#: Medicines that are withdrawn, brought back or due together: enough for "some of them" to mean something.
AT_A_TIME = 3


def prepare(pages: int, reviewers: int) -> None:
    """A site with accounts, and medicines of which one edition is public and the next is in review."""
    call_command("migrate", verbosity=0)
    set_up_site()
    writer = factories.make_user("writer", "Medical writers")
    signers = [
        factories.make_user(f"reviewer{n}", "Medical reviewers", credentials="PharmD")
        for n in range(1, reviewers + 1)
    ]
    for n in range(1, pages + 1):
        page = factories.make_monograph(f"testumab{n:03}", by=writer)
        factories.publish(page, writer, signers[0])
        _show(page, factories.make_image(f"#{n:06x}", by=writer), writer)
        read_by_all(factories.submit(page, writer))


def read_by_all(submission: Submission) -> None:
    """Every reviewer reads what changed and ticks the checklist: nothing but the signature is left."""
    for reviewer in get_user_model().objects.filter(groups__name="Medical reviewers"):
        factories.read_all(submission, reviewer)


def read(submission: int) -> None:
    """Every reviewer reads a text that was submitted at the web server."""
    read_by_all(Submission.objects.get(pk=submission))


def _show(page: MonographPage, image: Any, writer: Any) -> None:
    draft = page.get_latest_revision_as_object()
    draft.change_note = "Now with a picture."
    factories.with_figure(draft, image, by=writer)


def in_review() -> list[dict[str, Any]]:
    """What waits for a signature."""
    return [_named(submission) for submission in Submission.objects.filter(status="in_review").order_by("pk")]


def a_few_in_review() -> list[dict[str, Any]]:
    """The first of what waits for a signature."""
    return in_review()[:AT_A_TIME]


def _named(submission: Submission) -> dict[str, Any]:
    return {
        "submission": submission.pk,
        "key": str(submission.key),
        "sha256": submission.sha256,
        "path": submission.document.path,
        "figures": [f"/figures/{figure.file_name}" for figure in submission.document.figures()],
    }


def verify() -> None:
    """Fail unless the whole record verifies."""
    with redirect_stdout(io.StringIO()):
        call_command("ledger", "verify")


def facts(submission: int) -> dict[str, Any]:
    """What desk and record say of a submission and its page."""
    asked = Submission.objects.get(pk=submission)
    page = MonographPage.objects.get(translation_key=asked.key)
    shown = page.live_revision.as_object().document_hash() if page.live_revision else ""
    editions = Edition.objects.of(asked.key)
    publication = Publication.objects.get(path=asked.document.path)
    newest_shown = editions.filter(sha256=shown).order_by("number").last()
    return {
        "submission": asked.status,
        "workflow": asked.workflow_state.status,
        "frozen": page.is_frozen,
        "signatures": Signature.objects.filter(submission=asked.uuid).count(),
        "withdrawals": Withdrawal.objects.filter(key=asked.key).count(),
        "editions": editions.count(),
        "public": publication.edition.number,
        "state": publication.state,
        "desk shows": newest_shown and newest_shown.number,
    }


def desk_of(page: int) -> dict[str, int]:
    """Whether a page is in review, as each of those who must know it says."""
    asked = MonographPage.objects.get(pk=page)
    return {
        "frozen": asked.is_frozen,
        "workflows": WorkflowState.objects.for_instance(asked).active().count(),
        "submissions": Submission.objects.filter(key=asked.translation_key, status="in_review").count(),
    }


def refusals() -> list[str]:
    """The rules of every refusal in the ledger."""
    entries = LedgerEntry.objects.filter(event="refused").order_by("seq")
    return [json.loads(entry.body)["data"]["rule"] for entry in entries]


def ask_for_signatures(submission: int, signatures: int) -> dict[str, Any]:
    """Put the page of ``submission`` before reviewers anew, at a step that asks for more signatures."""
    MedicalReviewTask.objects.update(signatures=signatures)
    old = Submission.objects.get(pk=submission)
    writer = get_user_model().objects.get(username="writer")
    recall(submission)
    new = factories.submit(old.page.specific, writer)
    read_by_all(new)
    return next(waiting for waiting in in_review() if waiting["submission"] == new.pk)


def withdraw_and_bring_back() -> list[dict[str, Any]]:
    """Withdraw some medicines and put their first editions before reviewers again; what waits there."""
    users = get_user_model().objects
    coming_back = []
    for asked in Submission.objects.filter(status="in_review").order_by("pk")[:AT_A_TIME]:
        recall(asked.pk)
        signer = users.get(username="reviewer1")
        Withdraw(
            signer,
            asked.key,
            cause=WithdrawalReason.BEING_CHECKED,
            note="Is it right?",
            password=factories.PASSWORD,
        ).execute()
        page = MonographPage.objects.get(translation_key=asked.key)
        restore = Restore(users.get(username="writer"), page, number=1, reason="It was right.")
        new = restore.execute()
        read_by_all(new)
        coming_back.append(_named(new))
    return coming_back


def sign_for_a_day_that_comes() -> list[dict[str, Any]]:
    """Have some medicines signed for a later day, the last first; that day comes. In the order of their days.

    Waiting for a day takes a day, so it is moved once everything is signed: what the scheduler reads.
    """
    users = get_user_model().objects
    submitted = list(Submission.objects.filter(status="in_review").order_by("-pk")[:AT_A_TIME])
    tomorrow = timezone.now() + timedelta(days=1)
    due = []
    for day, old in enumerate(submitted):
        recall(old.pk)
        page = MonographPage.objects.get(translation_key=old.key)
        new = factories.submit(page, users.get(username="writer"), publish_at=tomorrow + timedelta(days=day))
        factories.sign(new, users.get(username="reviewer2"))
        due.append(new)
    early = tomorrow + timedelta(days=len(due))
    Submission.objects.filter(status="scheduled").update(
        publish_at=F("publish_at") - (early - timezone.now())
    )
    return [_named(submission) for submission in due]


def second_editions() -> list[str]:
    """Paths of all that has a second edition, in the order these were made."""
    return list(Edition.objects.filter(number=2).order_by("pk").values_list("path", flat=True))


def start_publishing() -> int:
    """Run ``publish_scheduled`` in a process of its own, which may be killed; its number."""
    process = os.fork()
    if process:
        return process
    os.environ["PGAPPNAME"] = connections_of(os.getpid())
    done = 1
    try:
        with redirect_stdout(io.StringIO()):
            call_command("publish_scheduled")
        done = 0
    except Exception:  # the clerk's own log has it
        traceback.print_exc()
    finally:
        os._exit(done)


def end_of(process: int) -> int:
    """How a process ended that was started here: 0 if all went well, below 0 if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def draft_with_large_picture(submission: int) -> dict[str, Any]:
    """Recall ``submission`` and show a picture of nearly a megabyte on its page, which stays a draft."""
    recall(submission)
    writer = get_user_model().objects.get(username="writer")
    noise = io.BytesIO()
    Picture.frombytes("RGB", (500, 600), os.urandom(500 * 600 * 3)).save(noise, "PNG")
    image = get_image_model().objects.create(
        title="Noise", file=ImageFile(noise, name="noise.png"), uploaded_by_user=writer
    )
    page = MonographPage.objects.get(submissions=submission)
    _show(page, image, writer)
    (figure,) = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object().to_document().figures()
    return {"page": page.pk, "file": figure.file_name, "size": len(noise.getvalue())}


def recall(submission: int) -> None:
    """Take a submission back."""
    Recall(get_user_model().objects.get(username="writer"), Submission.objects.get(pk=submission)).execute()


QUESTIONS: dict[str, Callable[..., Any]] = {
    question.__name__: question
    for question in (
        prepare,
        verify,
        in_review,
        read,
        a_few_in_review,
        facts,
        desk_of,
        refusals,
        ask_for_signatures,
        withdraw_and_bring_back,
        sign_for_a_day_that_comes,
        second_editions,
        start_publishing,
        end_of,
        draft_with_large_picture,
        recall,
    )
}


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """The answer, or what went wrong, in words."""
    connection.close()
    connection.settings_dict["NAME"] = question.pop("database")
    try:
        return {"answer": QUESTIONS[question.pop("question")](**question)}
    except Exception:  # whoever asked is told
        return {"error": traceback.format_exc()}
    finally:
        connection.close()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
