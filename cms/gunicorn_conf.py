"""gunicorn's settings that its command line cannot express; the others are in the Dockerfile."""

import gc
import sys
from typing import Any
from urllib.parse import quote

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from cms.gunicorn_worker import HealthWorker
from cms.log_lines import OneLineFormatter, escape_unprintable, is_json
from cms.worker_metrics import WorkerNumbers, keep_counters_in_files

if "gunicorn.arbiter" in sys.modules:  # a server starts, before it loads the application
    keep_counters_in_files()
_workers = WorkerNumbers()

# Django reads X-Forwarded-Proto and X-Forwarded-For itself. gunicorn needs no header of a proxy, so it trusts
# none, from no address: neither SCRIPT_NAME and PATH_INFO, which it accepts by default from a local proxy,
# nor a scheme. A name with an underscore, which could pass for another header, is refused.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
header_map = "refuse"
proxy_protocol = False
#: Characters of a path that RFC 3986 leaves as they are (section 3.3).
_PATH_CHARACTERS = "/:@!$&'()*+,;=-._~"


class OneLineLogger(Logger):
    """gunicorn's logger, with paths and headers that cannot begin a new line."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(OneLineFormatter(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(OneLineFormatter(self.access_fmt))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        # A space in a path could pass for the end of the field
        found["U"] = quote(found["U"] or "", safe=_PATH_CHARACTERS, encoding="latin-1", errors="replace")
        return {key: escape_unprintable(v) if isinstance(v, str) else v for key, v in found.items()}

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Log a request: as the command line says, or as JSON, with neither who asked nor what for."""
        if not is_json():
            super().access(resp, req, environ, request_time)
        elif self.access_log_enabled:
            sent = {name.lower(): value for name, value in resp.headers}
            fields = {
                "event": "request",
                "request_id": sent.get("x-request-id", ""),
                "method": environ.get("REQUEST_METHOD", ""),
                "path": self.atoms(resp, req, environ, request_time)["U"],
                "status": int(str(resp.status).split(maxsplit=1)[0]),
                "bytes": resp.sent,
                "seconds": round(request_time.total_seconds(), 6),
                "edition": sent.get("x-edition", ""),
            }
            self.access_log.info("request", extra={"fields": fields})


logger_class = OneLineLogger
worker_class = HealthWorker


def pre_fork(server: Any, worker: Any) -> None:
    """Keep a number for a worker, under which it counts."""
    _workers.take(worker.age)


def post_fork(server: Any, worker: Any) -> None:
    """Count under the number kept for this worker."""
    _workers.enter(worker.age)


def child_exit(server: Any, worker: Any) -> None:
    """Give the number of a worker that has ended to the next one."""
    _workers.release(worker.age)


def when_ready(server: Any) -> None:
    """Freeze what was loaded before workers are forked, so that they go on sharing its memory."""
    gc.collect()
    gc.freeze()
