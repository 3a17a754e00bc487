"""``kill -9`` of ``publish_scheduled`` in the midst of texts that are due: each is out, or waits as before.

The next run goes on where the killed one stopped, in the order of their days.
"""

import signal
from collections.abc import Callable, Sequence
from functools import partial

import psycopg
import pytest

from tests.crash.operations import DUE, SIGNED
from tests.crash.postgres import kill
from tests.crash.rounds import ANSWERED, FIRST, Rounds, phase
from tests.crash.service import COPY, Errand, Expected, Service
from tests.crash.web import DONE, NO_ANSWER, Waiting, WebResponse

pytestmark = pytest.mark.xdist_group("crash")

ROUNDS = 16
#: A copy of the prepared database in which some texts are due.
READY = "due"
#: What became of a run, in the terms of a web server.
ENDS = {0: WebResponse(DONE, b""), -signal.SIGKILL: NO_ANSWER}
FAILED = WebResponse(500, b"")


def start(service: Service) -> tuple[int, Errand]:
    """A run of ``publish_scheduled``, under way, and its process."""
    process = service.ask("start_publishing")
    return process, Errand(partial(end_of, service, process))


def end_of(service: Service, process: int) -> WebResponse:
    """What became of a run, once it is over."""
    return ENDS.get(service.ask("end_of", process=process), FAILED)


def strike(service: Service, watch: psycopg.Connection, process: int) -> str:
    """Kill a run; what it was about."""
    hit = phase(watch, process)
    kill(process)
    service.wait_for_the_end_of(process)
    return hit


def published(service: Service, due: Sequence[Waiting], expected: dict[str, Expected]) -> int:
    """How many of the texts are out: the first so many in the order of their days, each wholly."""
    out = sum(service.ended(medicine, expected[medicine.path]) for medicine in due)
    assert service.ask("second_editions") == [medicine.path for medicine in due][:out]
    return out


def rehearse(service: Service, due: Sequence[Waiting]) -> tuple[dict[str, Expected], float]:
    """What an undisturbed run makes of each text, by path, and how long it takes."""
    before = {medicine.path: service.find(medicine).fits(DUE) for medicine in due}
    _, run = start(service)
    assert run.answer().status == DONE
    after = {medicine.path: service.find(medicine).fits(SIGNED) for medicine in due}
    return {path: Expected(before[path], after[path]) for path in before}, run.seconds


def test_a_killed_scheduler_leaves_each_text_out_or_not_and_the_next_run_goes_on(
    serve: Callable[..., Service],
) -> None:
    service = serve()
    rounds = Rounds("kill -9 of publish_scheduled", ROUNDS)
    due = service.renew("sign_for_a_day_that_comes")
    service.postgres.copy(COPY, READY)
    expected, seconds = rehearse(service, due)
    rounds.latest = seconds * FIRST

    with service.postgres.connect() as watch:
        for moment in rounds.moments():
            service.postgres.copy(READY, COPY)
            process, run = start(service)
            hit = rounds.hit(run, moment, partial(strike, service, watch, process))
            told = run.answer().status
            allowed = {DONE} if hit == ANSWERED else {DONE, NO_ANSWER.status}
            assert told in allowed, service.desk.log.read_text()
            out = published(service, due, expected)
            assert told != DONE or out == len(due)
            rounds.note(hit, {0: "none out", len(due): "all out"}.get(out, "some out"))

            _, next_run = start(service)
            assert next_run.answer().status == DONE
            assert published(service, due, expected) == len(due)
    rounds.report("none out", "some out", "all out")
