"""``kill -9`` while a text with a large picture is submitted: it is in review with all of it, or a draft."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monographs.document.canonical import sha256_hex
from tests.crash.campaign import Campaign, phase
from tests.crash.service import REVIEWER, BackgroundRequest, Service
from tests.crash.web import NO_RESPONSE, PendingSubmission

pytestmark = pytest.mark.xdist_group("crash")

ITERATIONS = 30
#: Nearly half of the picture.
SIZE_LIMIT = 400_000

#: About how long a submission takes; the campaign adapts it.
SECONDS = 0.3

DRAFT = {"frozen": False, "workflows": 0, "submissions": 0}
IN_REVIEW = {"frozen": True, "workflows": 1, "submissions": 1}


def draft_with_large_picture(service: Service) -> tuple[PendingSubmission, dict[str, Any], Path]:
    """Return a medicine, its draft with a picture of nearly a megabyte, and the path of the future file."""
    medicine = service.reset()[0]
    draft = service.call("draft_with_large_picture", submission=medicine.submission)
    file = service.folder / "figures_root" / draft["file"]
    for left in file.parent.glob(f"{file.stem}*"):
        left.unlink()
    return medicine, draft, file


def submitted(service: Service, medicine: PendingSubmission) -> PendingSubmission:
    """Return the submission in review of the page of ``medicine``."""
    return next(pending for pending in service.pending() if pending.path == medicine.path)


def test_a_process_killed_in_the_midst_of_a_picture_leaves_no_half_of_it(
    serve: Callable[..., Service],
) -> None:
    service = serve()
    medicine, draft, file = draft_with_large_picture(service)
    assert draft["size"] > 2 * SIZE_LIMIT
    service.web.restart(LARGEST_FILE=str(SIZE_LIMIT))
    before = service.read(medicine)
    worker = service.web.worker()

    assert service.user("writer").submit(draft["page"]) == NO_RESPONSE

    service.web.recover(worker)
    service.wait_for_disconnect(worker)
    (part,) = file.parent.glob(f"{file.stem}*")
    assert (part.suffix, part.stat().st_size) == (".part", SIZE_LIMIT)
    assert service.call("admin_state", page=draft["page"]) == DRAFT
    assert service.read(medicine) == before
    for name in (part.name, file.name):
        assert service.user().get(f"/figures/{name}").status == 404

    service.web.restart(LARGEST_FILE="")
    assert service.user("writer").submit(draft["page"]).status == 302
    waiting = submitted(service, medicine)
    service.call("read", submission=waiting.submission)
    assert service.user(REVIEWER).sign(waiting).status == 302
    assert sha256_hex(service.user().get(f"/figures/{file.name}").body) == file.stem


def test_a_process_killed_while_it_submits_leaves_a_draft_or_a_review(serve: Callable[..., Service]) -> None:
    service = serve()
    campaign = Campaign("kill -9 during a submission", ITERATIONS)
    medicine, draft, file = draft_with_large_picture(service)
    writer = service.user("writer")
    before = service.read(medicine)

    with service.postgres.connect() as watch:

        def inject_fault() -> str:
            interrupted = phase(watch, service.web.worker())
            killed = service.web.kill()
            service.web.recover(killed)
            service.wait_for_disconnect(killed)
            return interrupted

        campaign.spread = SECONDS
        for offset in campaign.offsets():
            submitting = BackgroundRequest(partial(writer.submit, draft["page"]))
            interrupted = campaign.interrupt(submitting, offset, inject_fault)
            status = submitting.answer().status
            service.call("verify")
            admin = service.call("admin_state", page=draft["page"])
            assert admin in (DRAFT, IN_REVIEW)
            assert service.read(medicine) == before
            assert admin == IN_REVIEW or status == NO_RESPONSE.status
            assert file.exists() or admin == DRAFT
            if file.exists():
                assert sha256_hex(file.read_bytes()) == file.stem
                file.unlink()
            if admin == IN_REVIEW:
                service.call("recall", submission=submitted(service, medicine).submission)
            campaign.count(interrupted, "in review" if admin == IN_REVIEW else "a draft")
    campaign.report("in review", "a draft")
