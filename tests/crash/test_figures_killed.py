"""``kill -9`` while a text with a large picture is submitted: in review with all of it, or a draft."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monographs.document.canonical import sha256_hex
from tests.crash.rounds import Rounds, phase
from tests.crash.service import REVIEWER, Errand, Service
from tests.crash.web import NO_ANSWER, Waiting

pytestmark = pytest.mark.xdist_group("crash")

ROUNDS = 30
#: Nearly half of the picture.
FITS = 400_000

#: About how long a submission takes; the rounds find out.
SECONDS = 0.3

DRAFT = {"frozen": False, "workflows": 0, "submissions": 0}
IN_REVIEW = {"frozen": True, "workflows": 1, "submissions": 1}


def draft_with_large_picture(service: Service) -> tuple[Waiting, dict[str, Any], Path]:
    """A medicine whose next edition will show a picture of nearly a megabyte, and where its file will be."""
    medicine = service.renew()[0]
    draft = service.ask("draft_with_large_picture", submission=medicine.submission)
    file = service.folder / "figures_root" / draft["file"]
    for left in file.parent.glob(f"{file.stem}*"):
        left.unlink()
    return medicine, draft, file


def submitted(service: Service, medicine: Waiting) -> Waiting:
    """What now waits for a signature of the page of ``medicine``."""
    return next(waiting for waiting in service.waiting() if waiting.path == medicine.path)


def test_a_process_killed_in_the_midst_of_a_picture_leaves_no_half_of_it(
    serve: Callable[..., Service],
) -> None:
    service = serve()
    medicine, draft, file = draft_with_large_picture(service)
    assert draft["size"] > 2 * FITS
    service.web.start_anew(LARGEST_FILE=str(FITS))
    before = service.read(medicine)
    worker = service.web.worker()

    assert service.somebody("writer").submit(draft["page"]) == NO_ANSWER

    service.web.recover(worker)
    service.wait_for_the_end_of(worker)
    (part,) = file.parent.glob(f"{file.stem}*")
    assert (part.suffix, part.stat().st_size) == (".part", FITS)
    assert service.ask("desk_of", page=draft["page"]) == DRAFT
    assert service.read(medicine) == before
    for name in (part.name, file.name):
        assert service.somebody().get(f"/figures/{name}").status == 404

    service.web.start_anew(LARGEST_FILE="")
    assert service.somebody("writer").submit(draft["page"]).status == 302
    waiting = submitted(service, medicine)
    service.ask("read", submission=waiting.submission)
    assert service.somebody(REVIEWER).sign(waiting).status == 302
    assert sha256_hex(service.somebody().get(f"/figures/{file.name}").body) == file.stem


def test_a_process_killed_while_it_submits_leaves_a_draft_or_a_review(serve: Callable[..., Service]) -> None:
    service = serve()
    rounds = Rounds("kill -9 during a submission", ROUNDS)
    medicine, draft, file = draft_with_large_picture(service)
    writer = service.somebody("writer")
    before = service.read(medicine)

    with service.postgres.connect() as watch:

        def strike() -> str:
            hit = phase(watch, service.web.worker())
            killed = service.web.kill()
            service.web.recover(killed)
            service.wait_for_the_end_of(killed)
            return hit

        rounds.latest = SECONDS
        for moment in rounds.moments():
            submitting = Errand(partial(writer.submit, draft["page"]))
            hit = rounds.hit(submitting, moment, strike)
            told = submitting.answer().status
            service.ask("verify")
            desk = service.ask("desk_of", page=draft["page"])
            assert desk in (DRAFT, IN_REVIEW)
            assert service.read(medicine) == before
            assert desk == IN_REVIEW or told == NO_ANSWER.status
            assert file.exists() or desk == DRAFT
            if file.exists():
                assert sha256_hex(file.read_bytes()) == file.stem
                file.unlink()
            if desk == IN_REVIEW:
                service.ask("recall", submission=submitted(service, medicine).submission)
            rounds.note(hit, "in review" if desk == IN_REVIEW else "a draft")
    rounds.report("in review", "a draft")
