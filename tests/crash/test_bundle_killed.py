"""``kill -9`` of the web process while a bundle is signed: every page has its new edition, or none has.

``BUNDLE_PAGES=100 CRASH_TIMES=2`` takes as many pages as a bundle can have.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

import psycopg
import pytest

from tests.crash.campaign import AFTER_THE_RESPONSE, INITIAL_SPREAD, Campaign, phase
from tests.crash.operations import IN_REVIEW, SIGNED, State
from tests.crash.service import COPY, REVIEWER, BackgroundRequest, Service, ServiceState
from tests.crash.web import NO_RESPONSE, REDIRECTED, PendingSubmission

pytestmark = pytest.mark.xdist_group("crash")

PAGES = int(os.environ.get("BUNDLE_PAGES", "12"))
ITERATIONS = 10
#: A copy of the prepared database with the bundle in review.
READY = "bundled"


def states(service: Service, members: Sequence[PendingSubmission], expected: State) -> list[ServiceState]:
    """Return the state of each page. Raises ``AssertionError`` if one differs from ``expected``."""
    service.call("verify")
    return [service.find(medicine).expect(expected) for medicine in members]


def inject_fault(service: Service, watch: psycopg.Connection) -> str:
    """Kill the worker; return the phase that was interrupted."""
    interrupted = phase(watch, service.web.worker())
    killed = service.web.kill()
    service.web.recover(killed)
    service.wait_for_disconnect(killed)
    return interrupted


def test_a_killed_signature_of_a_bundle_changes_all_pages_or_none(serve: Callable[..., Service]) -> None:
    service = serve()
    campaign = Campaign(f"kill -9 while a bundle of {PAGES} pages is signed", ITERATIONS)
    made = service.call("in_bundle", pages=PAGES)
    members = [PendingSubmission(**fields) for fields in made["members"]]
    service.postgres.copy(COPY, READY)
    signer = service.user(REVIEWER)
    before = states(service, members, IN_REVIEW)
    undisturbed = BackgroundRequest(partial(signer.sign_bundle, made["bundle"], made["seen"]))
    assert undisturbed.answer().status == REDIRECTED, undisturbed.answer()
    after = states(service, members, SIGNED)
    campaign.spread = undisturbed.seconds * INITIAL_SPREAD
    sys.stdout.write(f"\n{PAGES} pages signed and published in {undisturbed.seconds:.1f} s\n")

    with service.postgres.connect() as watch:
        for offset in campaign.offsets():
            service.postgres.copy(READY, COPY)
            signer = service.user(REVIEWER)
            request = BackgroundRequest(partial(signer.sign_bundle, made["bundle"], made["seen"]))
            interrupted = campaign.interrupt(request, offset, partial(inject_fault, service, watch))
            status = request.answer().status
            allowed = {REDIRECTED} if interrupted == AFTER_THE_RESPONSE else {REDIRECTED, NO_RESPONSE.status}
            assert status in allowed, service.web.log_tail()
            service.call("verify")
            found = [service.find(medicine) for medicine in members]
            assert found in (before, after), f"a part of the bundle changed, interrupted {interrupted}"
            assert found == after or status != REDIRECTED
            campaign.count(interrupted, "all" if found == after else "none")
    campaign.report("all", "none")
