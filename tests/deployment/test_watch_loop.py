"""`publish_scheduled --watch` publishes signed texts when they are due."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from monographs.core.db_clock import database_now
from monographs.editions.models import Edition
from monographs.review.models import Submission
from monographs.review.publication.scheduled import _publish_group, due_submissions
from tests.deployment.conftest import BASE_DIR, database_url, environment
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120


@pytest.fixture
def watcher(writer: Any) -> Iterator[subprocess.Popen[str]]:
    """A running `publish_scheduled --watch`."""
    url = database_url(connection.settings_dict["NAME"])
    command = [sys.executable, "manage.py", "publish_scheduled", "--watch"]
    with subprocess.Popen(
        command,
        cwd=BASE_DIR,
        env=environment(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="cms.settings.test"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Looking every 2 seconds"), first + process.communicate()[0]
        yield process
        process.kill()


def wait_for(fact: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


def signed_for_later(writer: Any, reviewer: Any) -> Submission:
    """A signed text that is due in an hour: not before the test says so, however long signing takes."""
    submission = submit(make_monograph(by=writer), writer, publish_at=database_now() + timedelta(hours=1))
    sign(submission, reviewer)
    return submission


def test_it_is_public_when_its_moment_has_come_and_not_before(
    watcher: subprocess.Popen[str], client: Client, writer: Any, reviewer: Any
) -> None:
    first = signed_for_later(writer, reviewer)
    assert client.get("/medicines/testumab/").status_code == 404
    moment = database_now() + timedelta(seconds=3)
    Submission.objects.update(publish_at=moment)
    wait_for(Edition.objects.exists, watcher)
    edition = Edition.objects.get()
    assert edition.sha256 == first.sha256
    assert edition.effective_at >= moment
    assert client.get("/medicines/testumab/").status_code == 200


def test_it_ends_when_told_to(watcher: subprocess.Popen[str], writer: Any, reviewer: Any) -> None:
    signed_for_later(writer, reviewer)
    Submission.objects.update(publish_at=database_now())
    wait_for(Edition.objects.exists, watcher)
    watcher.terminate()
    assert watcher.wait(timeout=PATIENCE) == 0


def test_several_at_once_publish_a_text_once_and_none_reports_a_failure(writer: Any, reviewer: Any) -> None:
    signed_for_later(writer, reviewer)
    Submission.objects.update(publish_at=database_now())
    together = threading.Barrier(3)

    def publish() -> list[str]:
        listed = due_submissions()
        together.wait(PATIENCE)  # all of them have seen that it is due
        try:
            return [str(each.edition or each.failure) for each in _publish_group(listed)]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        outcomes = [run.result() for run in [pool.submit(publish) for _ in range(3)]]
    assert sorted(outcomes) == [[], [], ["testumab/1"]]
