"""``kill -9`` of ``publish_scheduled`` while several texts are due: each is published or still scheduled.

The next run continues where the killed one stopped, in the order of their dates.
"""

import signal
from collections.abc import Callable, Sequence
from functools import partial

import psycopg
import pytest

from tests.crash.campaign import AFTER_THE_RESPONSE, INITIAL_SPREAD, Campaign, phase
from tests.crash.operations import DUE, SIGNED
from tests.crash.postgres import kill
from tests.crash.service import COPY, BackgroundRequest, Expected, Service
from tests.crash.web import NO_RESPONSE, REDIRECTED, PendingSubmission, WebResponse

pytestmark = pytest.mark.xdist_group("crash")

ITERATIONS = 16
#: A copy of the prepared database in which some texts are due.
READY = "due"
#: The exit code of a run as a response, so that it can be interrupted like a request.
ENDS = {0: WebResponse(REDIRECTED, b""), -signal.SIGKILL: NO_RESPONSE}
FAILED = WebResponse(500, b"")


def start(service: Service) -> tuple[int, BackgroundRequest]:
    """Start ``publish_scheduled``; return its process id and the run."""
    process = service.call("start_publishing")
    return process, BackgroundRequest(partial(exit_code, service, process))


def exit_code(service: Service, process: int) -> WebResponse:
    """Return how a run ended, once it is over."""
    return ENDS.get(service.call("exit_code", process=process), FAILED)


def inject_fault(service: Service, watch: psycopg.Connection, process: int) -> str:
    """Kill a run; return the phase that was interrupted."""
    interrupted = phase(watch, process)
    kill(process)
    service.wait_for_disconnect(process)
    return interrupted


def published(service: Service, due: Sequence[PendingSubmission], expected: dict[str, Expected]) -> int:
    """Return how many texts are published: the first ones in the order of their dates, each completely."""
    out = sum(service.completed(medicine, expected[medicine.path]) for medicine in due)
    assert service.call("second_editions") == [medicine.path for medicine in due][:out]
    return out


def measure_baseline(service: Service, due: Sequence[PendingSubmission]) -> tuple[dict[str, Expected], float]:
    """Return the states before and after an undisturbed run, by path, and its duration."""
    before = {medicine.path: service.find(medicine).expect(DUE) for medicine in due}
    _, run = start(service)
    assert run.answer().status == REDIRECTED
    after = {medicine.path: service.find(medicine).expect(SIGNED) for medicine in due}
    return {path: Expected(before[path], after[path]) for path in before}, run.seconds


def test_a_killed_scheduler_leaves_each_text_out_or_not_and_the_next_run_goes_on(
    serve: Callable[..., Service],
) -> None:
    service = serve()
    campaign = Campaign("kill -9 of publish_scheduled", ITERATIONS)
    due = service.reset("sign_scheduled")
    service.postgres.copy(COPY, READY)
    expected, seconds = measure_baseline(service, due)
    campaign.spread = seconds * INITIAL_SPREAD

    with service.postgres.connect() as watch:
        for offset in campaign.offsets():
            service.postgres.copy(READY, COPY)
            process, run = start(service)
            interrupted = campaign.interrupt(run, offset, partial(inject_fault, service, watch, process))
            status = run.answer().status
            allowed = {REDIRECTED} if interrupted == AFTER_THE_RESPONSE else {REDIRECTED, NO_RESPONSE.status}
            assert status in allowed, service.admin.log.read_text()
            out = published(service, due, expected)
            assert status != REDIRECTED or out == len(due)
            campaign.count(interrupted, {0: "none out", len(due): "all out"}.get(out, "some out"))

            _, next_run = start(service)
            assert next_run.answer().status == REDIRECTED
            assert published(service, due, expected) == len(due)
    campaign.report("none out", "some out", "all out")
