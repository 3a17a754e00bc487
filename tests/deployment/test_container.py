"""The Dockerfile's commands, run here under production settings."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from cms.log_lines import DatabaseErrorFilter
from monographs.editions.models import Edition
from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, PRODUCTION, database_url, environment, run
from tests.deployment.dockerfile import health_command, start_command, static_step
from tests.ports import free_port

#: gunicorn's names for the query, the request line, the referrer, the browser and the address.
TELLING = {"%(q)s", "%(r)s", "%(f)s", "%(a)s", "%(h)s"}

#: Far more than a read's deadline (1 s) on a busy machine, far less than a statement may take without it.
PATIENCE = 40
SHORT = {"PUBLIC_READ_SECONDS": "1", "PUBLIC_STALE_SECONDS": "300", "WEB_CONCURRENCY": "1"}
SHORT |= {"DATABASE_STATEMENT_SECONDS": "300"}
#: A read of a busy machine is not cut.
LONG = {"PUBLIC_READ_SECONDS": "60"}

# One worker collects the static files, which takes ten seconds, for all tests
pytestmark = pytest.mark.xdist_group("container")

#: Far more than it takes on an idle machine.
START_SECONDS = 120


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The image's folders, with static files collected as in its build."""
    folder = tmp_path_factory.mktemp("container")
    names = {name: str(folder / name.lower()) for name in ("STATIC_ROOT", "MEDIA_ROOT", "FIGURES_ROOT")}
    settings = {"DJANGO_SETTINGS_MODULE": "cms.settings.production"}
    result = run("sh", "-c", static_step(), env=environment(**names, **settings))
    assert (result.returncode, result.stderr) == (0, "")
    return names


@pytest.mark.extended
def test_the_image_has_the_same_static_files_each_time(folders: dict[str, str], tmp_path: Path) -> None:
    again = {"STATIC_ROOT": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.production"}
    result = run("sh", "-c", static_step(), env=environment(**again))
    assert (result.returncode, result.stderr) == (0, "")
    first, second = hashes_below(Path(folders["STATIC_ROOT"])), hashes_below(tmp_path)
    assert len(first) > 100
    assert first == second


def hashes_below(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_log_says_neither_who_asked_nor_what_was_searched_for() -> None:
    command = start_command()
    logged = command[command.index("--access-logformat") + 1]
    assert "%(U)s" in logged
    assert not TELLING & set(logged.split())


@contextmanager
def container(env: dict[str, str], log: Path) -> Iterator[int]:
    """Run the Dockerfile's CMD on a free port."""
    port = free_port()
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in start_command()]
    with (
        log.open("w") as output,
        subprocess.Popen(command, env=env, cwd=BASE_DIR, stderr=output, stdout=output) as process,
    ):
        try:
            wait_until_open(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until ``port`` accepts connections; fail with the log otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the container's command does not answer:\n{log.read_text()}")


def get(port: int, path: str, *, https: bool = True) -> HTTPResponse:
    """Return the response to a proxy that terminates TLS."""
    client = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    forwarded = {"X-Forwarded-Proto": "https"} if https else {}
    client.request("GET", path, headers={"Host": PRODUCTION["ALLOWED_HOSTS"]} | forwarded)
    return client.getresponse()


@pytest.mark.django_db(transaction=True)
def test_the_images_own_command_serves_an_edition(
    folders: dict[str, str], committed_edition: Edition, application_role: str, tmp_path: Path
) -> None:
    database = database_url(connection.settings_dict["NAME"], application_role)
    env = environment(**PRODUCTION | folders | LONG | {"DATABASE_URL": database})
    with container(env, tmp_path / "log") as port:
        assert get(port, "/healthz", https=False).status == 200
        assert json.loads(get(port, "/readyz").read())["status"] == "ok"
        assert get(port, "/admin/", https=False).status == 301
        assert get(port, "/admin/login/").status == 200
        page = get(port, committed_edition.path)
        assert (page.status, page.headers["X-Edition"]) == (200, "testumab/1")
        assert b"testumab" in page.read()
        health = [word.replace(":8000", f":{port}") for word in health_command()]
        wait_for(lambda: run(*health, env=env).returncode == 0, START_SECONDS)
    assert run(*health, env=env).returncode != 0, "the health check passes with nothing running"


def backends(server: psycopg.Connection, role: str) -> list[int]:
    """Return the process ids of the role's connections."""
    found = server.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", [role])
    return [pid for (pid,) in found]


def timed(port: int, path: str) -> HTTPResponse:
    """Return the response, which must not take long."""
    began = time.monotonic()
    response = get(port, path)
    assert time.monotonic() - began < PATIENCE, path
    return response


def read_whole(port: int, path: str) -> bytes:
    """Return a page, which may take a busy machine longer at first than the deadline."""
    found: list[bytes] = []

    def is_read() -> bool:
        response = get(port, path)
        found.append(response.read())
        return response.status == 200

    wait_for(is_read, START_SECONDS)
    return found[-1]


def until_fresh(port: int, path: str) -> None:
    """Wait until a page is that of the database, not of the memory."""

    def is_fresh() -> bool:
        response = get(port, path)
        return response.status == 200 and "Warning" not in response.headers

    wait_for(is_fresh, START_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_readers_get_what_was_read_or_a_calm_page(
    folders: dict[str, str], committed_edition: Edition, application_role: str, tmp_path: Path
) -> None:
    name, path = connection.settings_dict["NAME"], committed_edition.path
    url = database_url(name, application_role)
    log = tmp_path / "log"
    with (
        psycopg.connect(database_url(name), autocommit=True) as server,
        container(environment(**PRODUCTION | folders | SHORT | {"DATABASE_URL": url}), log) as port,
    ):
        whole, began = read_whole(port, path), time.monotonic()

        server.execute(f'ALTER ROLE "{application_role}" NOLOGIN')
        for pid in backends(server, application_role):
            server.execute("SELECT pg_terminate_backend(%s)", [pid])
        wait_for(lambda: not backends(server, application_role), START_SECONDS)
        for _ in range(10):
            again = timed(port, path)
            assert (again.status, again.read()) == (200, whole), log.read_text()
            assert again.headers["Warning"].startswith("110 ")
            assert timed(port, "/classes/").status == 503
        assert timed(port, "/admin/login/").status in (200, 503)
        assert timed(port, "/healthz").status == 200
        server.execute(f'ALTER ROLE "{application_role}" LOGIN')
        until_fresh(port, path)

        paused = backends(server, application_role)
        assert paused
        try:
            for pid in paused:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            assert timed(port, "/healthz").status == 200
            assert timed(port, path).status == 200
        except PermissionError:
            if os.environ.get("CI"):
                raise
            pytest.skip("the database server is another user's")
        finally:
            for pid in paused:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        until_fresh(port, path)
        seconds = time.monotonic() - began
    entries = [line for line in log.read_text().splitlines() if "does not answer" in line]
    assert 1 <= len(entries) <= 3 + seconds // DatabaseErrorFilter().seconds, entries
    assert "Traceback" not in log.read_text()
