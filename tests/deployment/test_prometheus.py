"""The real Prometheus reads a process with the documented configuration."""

import json
import os
import shutil
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.concurrency import wait_for
from tests.deployment.conftest import PRODUCTION, environment, folders
from tests.deployment.proxies import running
from tests.deployment.test_container import container
from tests.deployment.test_proxy import wait_until_answering
from tests.metrics.documented_scrape import documented_scrape
from tests.ports import free_port

TOKEN = "a-token-for-tests-only-a-token-for-tests"
#: Far more than a scrape takes on an idle machine, in seconds.
PATIENCE = 120

pytestmark = [
    pytest.mark.skipif(
        shutil.which("prometheus") is None and not os.environ.get("CI"),
        reason="prometheus is not installed (Debian: apt-get install prometheus)",
    ),
    pytest.mark.xdist_group("proxy"),
]


def asked(port: int, path: str) -> Any:
    """What Prometheus answers at ``path`` of its API, or nothing yet."""
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        client.request("GET", f"/api/v1/{path}")
        return json.loads(client.getresponse().read())["data"]
    except (OSError, HTTPException, ValueError, KeyError):
        return None
    finally:
        client.close()


def target(port: int) -> dict[str, str]:
    """What Prometheus says of the process that it reads; nothing before it has asked."""
    found = asked(port, "targets") or {"activeTargets": []}
    return next(iter(found["activeTargets"]), {})


def stored(port: int) -> list[str]:
    """What Prometheus has stored of whether there is a database."""
    found = asked(port, "query?query=monographs_database_up") or {"result": []}
    return [series["value"][1] for series in found["result"]]


def test_prometheus_reads_a_process_as_documented(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=1"
    variables = PRODUCTION | folders(tmp_path) | {"DATABASE_URL": url, "METRICS_TOKEN": TOKEN}
    port = free_port()
    with container(environment(**variables), tmp_path / "log") as service:
        wait_until_answering(service)
        command = [
            "prometheus",
            f"--config.file={documented_scrape(tmp_path, TOKEN, service)}",
            f"--storage.tsdb.path={tmp_path / 'stored'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        with running(command, port, tmp_path / "prometheus.log"):
            wait_for(lambda: target(port).get("health") == "up", PATIENCE)
            assert target(port)["lastError"] == ""
            wait_for(lambda: bool(stored(port)), PATIENCE)  # a target is up before its values are stored
            assert stored(port) == ["0"], "there is no database"
