"""Counters of several workers are added up, and a worker that is replaced goes on counting in its file."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cms.worker_metrics import WorkerNumbers
from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, database_url, environment
from tests.ports import free_port

TOKEN = "a-token-for-tests-only-a-token-for-tests"
PATIENCE = 300


def test_the_lowest_free_number_is_given() -> None:
    slots = WorkerNumbers()
    for worker in (1, 2, 3):
        slots.take(worker)
    slots.release(2)
    slots.take(4)
    slots.take(5)
    assert slots._taken == {1: 0, 3: 2, 4: 1, 5: 3}


def read(port: int, path: str) -> str:
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        client.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}", "Connection": "close"})
        return client.getresponse().read().decode()
    except (OSError, HTTPException):
        return ""


def counted(port: int) -> float:
    """How many requests for robots.txt all workers have answered."""
    lines = read(port, "/metrics").splitlines()
    start = 'monographs_requests_total{route="robots",status="200"}'
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(start)), 0.0)


@pytest.mark.django_db(transaction=True)
def test_workers_add_up_and_a_replaced_one_loses_nothing(site: Any, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", "--preload"]
    command += ["--config", "python:cms.gunicorn_conf", "--workers", "2", "--threads", "2"]
    command += ["--bind", f"127.0.0.1:{port}"]
    command += ["--no-control-socket", "--pid", str(tmp_path / "pid")]
    variables = {
        "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "METRICS_TOKEN": TOKEN,
    }
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, cwd=BASE_DIR, env=environment(**variables), stderr=log) as server,
    ):
        try:
            wait_for(lambda: "monographs_database_up 1" in read(port, "/metrics"), PATIENCE)
            for _ in range(20):
                wait_for(lambda: bool(read(port, "/robots.txt")), PATIENCE)
            wait_for(lambda: counted(port) == 20, PATIENCE)
            wait_for(lambda: len(children(server.pid)) == 2, PATIENCE)
            workers = children(server.pid)
            for worker in workers:
                os.kill(worker, signal.SIGTERM)
            wait_for(is_replaced(server.pid, workers), PATIENCE)
            wait_for(lambda: bool(read(port, "/robots.txt")), PATIENCE)
            wait_for(lambda: counted(port) == 21, PATIENCE)
            folder = folder_of(children(server.pid).pop())
            names = {file.name for file in folder.glob("counter_*")}
            assert names == {"counter_main.db", "counter_0.db", "counter_1.db"}
        finally:
            server.terminate()
            server.wait(PATIENCE)
    assert not folder.exists(), "it is removed at the end"


def folder_of(worker: int) -> Path:
    """Where a worker keeps its counters; those of other servers of this machine are beside it."""
    mapped = Path(f"/proc/{worker}/maps").read_text()
    (folder,) = set(re.findall(r"(/\S+/monographs-metrics-[^/\s]+)/counter_", mapped))
    return Path(folder)


def children(pid: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def is_replaced(server: int, old: set[int]) -> Callable[[], bool]:
    return lambda: len(children(server) - old) == 2 and not children(server) & old
