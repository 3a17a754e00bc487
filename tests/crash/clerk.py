"""Somebody at the desk in a process of their own: does and tells what is asked, a line of JSON each.

``python -m tests.crash.clerk``, under the settings that the web server has. Everything is done by the
project's own code; a question names the database, because tests use fresh copies of one.
"""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from PIL import Image as Picture  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import WorkflowState  # noqa: E402

from monographs.editions.models import Edition, LedgerEntry, Publication, Signature  # noqa: E402
from monographs.models import MonographPage  # noqa: E402
from monographs.review.actions import Recall  # noqa: E402
from monographs.review.models import MedicalReviewTask, Submission  # noqa: E402
from monographs.site_setup import set_up_site  # noqa: E402
from tests import factories  # noqa: E402


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
    return [
        {
            "submission": submission.pk,
            "sha256": submission.sha256,
            "path": submission.document.path,
            "figures": [f"/figures/{figure.file_name}" for figure in submission.document.figures()],
        }
        for submission in Submission.objects.filter(status="in_review").order_by("pk")
    ]


def verify() -> None:
    """Fail unless the whole record verifies."""
    with redirect_stdout(io.StringIO()):
        call_command("ledger", "verify")


def facts(submission: int) -> dict[str, Any]:
    """What desk and record say of a submission and its page."""
    asked = Submission.objects.get(pk=submission)
    page = MonographPage.objects.get(translation_key=asked.key)
    shown = page.live_revision.as_object().document_hash()
    editions = Edition.objects.of(asked.key)
    return {
        "submission": asked.status,
        "workflow": asked.workflow_state.status,
        "frozen": page.is_frozen,
        "signatures": Signature.objects.filter(submission=asked.uuid).count(),
        "editions": editions.count(),
        "public": Publication.objects.get(path=asked.document.path).edition.number,
        "desk shows": editions.get(sha256=shown).number,
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
        facts,
        desk_of,
        refusals,
        ask_for_signatures,
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
