"""Jobs that note when they begin and end in the folder ``EXAMPLE_FOLDER``."""

import os
import time
from datetime import timedelta
from pathlib import Path

from monographs.scheduler.job import JobFailed, periodic_job

FOLDER = Path(os.environ["EXAMPLE_FOLDER"])
#: Longer than any test: what waits is killed, or told to go on.
LIMIT = timedelta(minutes=10)


def note(words: str) -> None:
    with (FOLDER / "noted").open("a") as file:
        file.write(f"{words} {os.getpid()}\n")


def wait_for_file(name: str) -> None:
    deadline = time.monotonic() + LIMIT.total_seconds()
    while not (FOLDER / name).exists():
        if time.monotonic() > deadline:
            raise JobFailed(f"no {name}")
        time.sleep(0.02)


@periodic_job(
    "example_long", every="1d", title="Takes as long as the test says", limit=LIMIT, own_process=True
)
def long_job() -> str:
    note("long begins")
    wait_for_file("long may end")
    note("long ends")
    return "it was long"


@periodic_job("example_thread", every="1d", title="Takes as long, in a thread", limit=LIMIT)
def thread_job() -> str:
    note("thread begins")
    wait_for_file("thread may end")
    note("thread ends")
    return ""


@periodic_job("example_raises", every="1d", title="Fails")
def raising_job() -> str:
    note("raises")
    raise ZeroDivisionError("by design")


@periodic_job("example_hangs", every="1d", title="Hangs", limit=timedelta(seconds=1), own_process=True)
def hanging_job() -> str:
    wait_for_file("never")
    return ""
