"""gunicorn settings for workers that are killed, in addition to those in the Dockerfile.

The application is preloaded in the master process, so that a new worker is a fork of it and ready at once.
What is killed is a real worker, with its threads and database connections.
"""

import os
import resource
import signal
from typing import Any


def connections_of(process: int) -> str:
    """Return the application name of a process's database connections."""
    return f"process-{process}"


preload_app = True
#: A worker ends when a test kills it, not before.
max_requests = 0


def when_ready(server: Any) -> None:
    """Load the URL configuration once for all workers."""
    from django.urls import get_resolver  # noqa: PLC0415  # the application is there only now

    get_resolver()._populate()


def post_fork(server: Any, worker: Any) -> None:
    """Name the worker's database connections, and let the kernel kill it in the middle of a large file."""
    os.environ["PGAPPNAME"] = connections_of(os.getpid())
    limit = os.environ.get("LARGEST_FILE")
    if limit:
        # The kernel kills a process that exceeds the limit, unless it ignores the signal as Python does.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
