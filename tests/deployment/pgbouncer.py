"""A real PgBouncer in transaction mode before the tests' PostgreSQL server."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from tests.deployment.test_container import START_SECONDS, wait_until_open
from tests.ports import free_port

#: Sessions of the server for each user. Fewer than the threads of a process, so that they are shared.
SESSIONS = 3


@contextmanager
def pgbouncer(*users: str) -> Iterator[int]:
    """Run PgBouncer, which lets ``users`` in without a password; yield its port on 127.0.0.1."""
    server = connection.settings_dict
    port = free_port()
    # It refuses to run as root, and another user may not enter the folder of the server's socket
    owner = os.stat(server["HOST"]).st_uid if server["HOST"].startswith("/") else 0
    who: dict[str, Any] = {"user": owner or "nobody"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "users.txt").write_text("".join(f'"{user}" "{server["PASSWORD"]}"\n' for user in users))
        (folder / "pgbouncer.ini").write_text(
            f"""
[databases]
* = host={server["HOST"]} port={server["PORT"] or 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {SESSIONS}
"""
        )
        log = folder / "log"
        with (
            log.open("w") as output,
            subprocess.Popen(
                ["pgbouncer", str(folder / "pgbouncer.ini")], stdout=output, stderr=output, **who
            ) as process,
        ):
            try:
                wait_until_open(port, process, log)
                yield port
            finally:
                process.terminate()
                process.wait(START_SECONDS)
