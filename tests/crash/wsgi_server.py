"""gunicorn's settings beside the Dockerfile's own: what a worker that is to be killed needs.

The application is loaded once, in the process that holds the socket, so that a new worker is a fork of it
and there in a moment. What is killed is a real worker, with its threads and database connections.
"""

import os
import resource
import signal
from typing import Any


def connections_of(process: int) -> str:
    """What the database calls the connections of a process that may be killed."""
    return f"process-{process}"


preload_app = True
#: A worker ends when a test kills it, not before.
max_requests = 0


def when_ready(server: Any) -> None:
    """Load what the first request would load, once for all workers."""
    from django.urls import get_resolver  # noqa: PLC0415  # the application is there only now

    get_resolver()._populate()


def post_fork(server: Any, worker: Any) -> None:
    """Let the database name the worker's connections; prepare the worker to die in the midst of a file."""
    os.environ["PGAPPNAME"] = connections_of(os.getpid())
    limit = os.environ.get("LARGEST_FILE")
    if limit:
        # The kernel kills whoever writes a file beyond the limit, unless they ignore it as Python does.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
