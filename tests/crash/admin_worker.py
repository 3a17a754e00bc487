"""A process that prepares and inspects databases: reads commands and writes results, a line of JSON each.

``python -m tests.crash.admin_worker``, with the web server's settings. Everything is done by the project's
own code; a command names the database, because tests use fresh copies of one.
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
from monographs.review.actions import MakeBundle, Recall, Restore, Withdraw  # noqa: E402
from monographs.review.models import MedicalReviewTask, Submission  # noqa: E402
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle  # noqa: E402
from tests import factories  # noqa: E402
from tests.crash.wsgi_server import connections_of  # noqa: E402

#: Medicines that are withdrawn, restored or due together: enough to distinguish none, some and all.
AT_A_TIME = 3


def prepare(pages: int, reviewers: int) -> None:
    """Create a site with accounts, and medicines of which one edition is public and the next in review.

    The database has the tables of the tests' template; ``migrate`` finds nothing left to do.
    """
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
        _add_figure(page, factories.make_image(f"#{n:06x}", by=writer), writer)
        read_by_all(factories.submit(page, writer))


def read_by_all(submission: Submission) -> None:
    """Let every reviewer read what changed and tick the checklist, so that only the signature is missing."""
    factories.read_all(submission, *get_user_model().objects.filter(groups__name="Medical reviewers"))


def read(submission: int) -> None:
    """Let every reviewer read a text that was submitted through the web server."""
    read_by_all(Submission.objects.get(pk=submission))


def _add_figure(page: MonographPage, image: Any, writer: Any) -> None:
    draft = page.get_latest_revision_as_object()
    draft.change_note = "Now with a picture."
    factories.with_figure(draft, image, by=writer)


def in_review() -> list[dict[str, Any]]:
    """Return the submissions in review."""
    return [
        _pending(submission) for submission in Submission.objects.filter(status="in_review").order_by("pk")
    ]


def first_in_review() -> list[dict[str, Any]]:
    """Return the first submissions in review."""
    return in_review()[:AT_A_TIME]


def _pending(submission: Submission) -> dict[str, Any]:
    return {
        "submission": submission.pk,
        "key": str(submission.key),
        "sha256": submission.sha256,
        "path": submission.document.path,
        "figures": [f"/figures/{figure.file_name}" for figure in submission.document.figures()],
    }


def verify() -> None:
    """Verify the whole ledger. Raises ``CommandError`` if it has faults."""
    with redirect_stdout(io.StringIO()):
        call_command("ledger", "verify")


def facts(submission: int) -> dict[str, Any]:
    """Return what the admin and the append-only tables hold of a submission and its page."""
    submitted_text = Submission.objects.get(pk=submission)
    page = MonographPage.objects.get(translation_key=submitted_text.key)
    live_hash = page.live_revision.as_object().document_hash() if page.live_revision else ""
    editions = Edition.objects.of(submitted_text.key)
    publication = Publication.objects.get(path=submitted_text.document.path)
    newest_shown = editions.filter(sha256=live_hash).order_by("number").last()
    return {
        "submission": submitted_text.status,
        "workflow": submitted_text.workflow_state.status,
        "frozen": page.is_frozen,
        "signatures": Signature.objects.filter(submission=submitted_text.uuid).count(),
        "withdrawals": Withdrawal.objects.filter(key=submitted_text.key).count(),
        "editions": editions.count(),
        "public": publication.edition.number,
        "state": publication.state,
        "admin shows": newest_shown and newest_shown.number,
    }


def admin_state(page: int) -> dict[str, int]:
    """Return what lock, workflow and submissions say about whether a page is in review."""
    monograph = MonographPage.objects.get(pk=page)
    return {
        "frozen": monograph.is_frozen,
        "workflows": WorkflowState.objects.for_instance(monograph).active().count(),
        "submissions": Submission.objects.filter(key=monograph.translation_key, status="in_review").count(),
    }


def refusals() -> list[str]:
    """Return the rule of each refusal in the ledger."""
    entries = LedgerEntry.objects.filter(event="refused").order_by("seq")
    return [json.loads(entry.body)["data"]["rule"] for entry in entries]


def require_signatures(submission: int, signatures: int) -> dict[str, Any]:
    """Submit the page of ``submission`` again, at a step that requires more signatures."""
    MedicalReviewTask.objects.update(signatures=signatures)
    old = Submission.objects.get(pk=submission)
    writer = get_user_model().objects.get(username="writer")
    recall(submission)
    new = factories.submit(old.page.specific, writer)
    read_by_all(new)
    return next(waiting for waiting in in_review() if waiting["submission"] == new.pk)


def withdraw_and_restore() -> list[dict[str, Any]]:
    """Withdraw some medicines and submit their first editions again; return these submissions."""
    users = get_user_model().objects
    restorations = []
    for submitted_text in Submission.objects.filter(status="in_review").order_by("pk")[:AT_A_TIME]:
        recall(submitted_text.pk)
        signer = users.get(username="reviewer1")
        Withdraw(
            signer,
            submitted_text.key,
            cause=WithdrawalReason.BEING_CHECKED,
            note="Is it right?",
            password=factories.PASSWORD,
        ).execute()
        page = MonographPage.objects.get(translation_key=submitted_text.key)
        restore = Restore(users.get(username="writer"), page, number=1, reason="It was right.")
        new = restore.execute()
        read_by_all(new)
        restorations.append(_pending(new))
    return restorations


def sign_scheduled() -> list[dict[str, Any]]:
    """Sign some medicines for later days, then move these into the past; return them in their order.

    The date that the scheduler reads is moved once everything is signed, instead of waiting for a day.
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
    return [_pending(submission) for submission in due]


def in_bundle(pages: int) -> dict[str, Any]:
    """Put as many medicines in review into a bundle; return its key, its hash and its texts."""
    users = get_user_model().objects
    writer, signer = users.get(username="writer"), users.get(username="reviewer1")
    for n in range(Submission.objects.filter(status="in_review").count() + 1, pages + 1):
        page = factories.make_monograph(f"testumab{n:03}", by=writer)
        factories.publish(page, writer, signer)
        _add_figure(page, factories.make_image(f"#{n:06x}", by=writer), writer)
        read_by_all(factories.submit(page, writer))
    editor = factories.make_user("editor", "Editors")
    texts = list(Submission.objects.filter(status="in_review").order_by("pk")[:pages])
    bundle = MakeBundle(editor, texts, title="All of them").execute()
    members = members_of_bundle(bundle)
    return {
        "bundle": bundle.pk,
        "seen": bundle_hash(members),
        "members": [_pending(submission) for submission in members],
    }


def second_editions() -> list[str]:
    """Return the paths of medicines with a second edition, in the order of these editions."""
    return list(Edition.objects.filter(number=2).order_by("pk").values_list("path", flat=True))


def start_publishing() -> int:
    """Fork a process that runs ``publish_scheduled`` and may be killed; return its id."""
    process = os.fork()
    if process:
        return process
    os.environ["PGAPPNAME"] = connections_of(os.getpid())
    done = 1
    try:
        with redirect_stdout(io.StringIO()):
            call_command("publish_scheduled")
        done = 0
    except Exception:  # it is in this process's log
        traceback.print_exc()
    finally:
        os._exit(done)


def exit_code(process: int) -> int:
    """Return the exit code of a process started here: 0 for success, negative if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def draft_with_large_picture(submission: int) -> dict[str, Any]:
    """Recall ``submission`` and add a picture of nearly a megabyte to its page, which stays a draft."""
    recall(submission)
    writer = get_user_model().objects.get(username="writer")
    noise = io.BytesIO()
    Picture.frombytes("RGB", (500, 600), os.urandom(500 * 600 * 3)).save(noise, "PNG")
    image = get_image_model().objects.create(
        title="Noise", file=ImageFile(noise, name="noise.png"), uploaded_by_user=writer
    )
    page = MonographPage.objects.get(submissions=submission)
    _add_figure(page, image, writer)
    (figure,) = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object().to_document().figures()
    return {"page": page.pk, "file": figure.file_name, "size": len(noise.getvalue())}


def recall(submission: int) -> None:
    """Recall a submission."""
    Recall(get_user_model().objects.get(username="writer"), Submission.objects.get(pk=submission)).execute()


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command
    for command in (
        prepare,
        verify,
        in_review,
        read,
        first_in_review,
        facts,
        admin_state,
        refusals,
        require_signatures,
        withdraw_and_restore,
        sign_scheduled,
        in_bundle,
        second_editions,
        start_publishing,
        exit_code,
        draft_with_large_picture,
        recall,
    )
}


def execute(request: dict[str, Any]) -> dict[str, Any]:
    """Return the command's result, or the traceback of its failure."""
    connection.close()
    connection.settings_dict["NAME"] = request.pop("database")
    try:
        return {"result": COMMANDS[request.pop("command")](**request)}
    except Exception:  # the caller gets it
        return {"error": traceback.format_exc()}
    finally:
        connection.close()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(execute(json.loads(line))) + "\n")
        sys.stdout.flush()
