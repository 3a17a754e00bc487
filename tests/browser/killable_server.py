"""A real web server on the test database, in a process of its own, which tests stop, start and kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection

from tests.deployment.test_container import wait_until_open
from tests.ports import free_port

#: Far more than anything takes on an idle machine.
SECONDS = 120


class KillableServer:
    """gunicorn with one worker and threads, at an address that it keeps when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.kill_file = folder / "kill"
        self.log = folder / "server.log"
        self.log.write_text("")
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        database = connection.settings_dict
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "TEST_DATABASE": str(database["NAME"]),
            "KILL_IN_SAVE": str(self.kill_file),
        }
        self.start()

    def start(self) -> None:
        """Start the server; return when it accepts connections."""
        command = [
            *(sys.executable, "-m", "gunicorn", "tests.browser.killable_wsgi"),
            *("--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "6"),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.env, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        wait_until_open(self.port, self.process, self.log)
        self.warm_up()

    def warm_up(self) -> None:
        """Ask for a page, which loads templates and URLs; returns when there is a worker that answers."""
        with urlopen(f"{self.address}/admin/login/", timeout=SECONDS) as answer:  # noqa: S310  # of this machine
            answer.read()

    def stop(self) -> None:
        """End every process of the server at once, and wait for them; for no open connection."""
        workers = psutil.Process(self.process.pid).children(recursive=True)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(SECONDS)
        # A worker that is still dying holds the port, and would reset the connections of the next start
        assert not psutil.wait_procs(workers, timeout=SECONDS)[1]

    def kill_in_next_save(self) -> None:
        """Let the worker die inside the transaction of the next save; gunicorn starts another worker."""
        self.kill_file.touch()

    def wait_until_killed(self, pause: Callable[[float], None]) -> None:
        """Wait for the death that was asked for, and for the new worker.

        ``pause`` waits for some milliseconds and lets the browser go on: its requests may wait for the test.
        """
        deadline = time.monotonic() + SECONDS
        while self.kill_file.exists():
            assert time.monotonic() < deadline, "nothing was saved, so the worker lives"
            pause(50)
        self.warm_up()

    def wait_until_idle(self, quiet: float = 0.3) -> None:
        """Wait for requests of closed pages, which must not run while the database is restored."""
        deadline = time.monotonic() + SECONDS
        since = time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - since < quiet:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
                )
                if cursor.fetchone()[0]:
                    since = time.monotonic()
            time.sleep(0.05)
