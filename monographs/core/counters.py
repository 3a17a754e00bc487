"""Counters of this process for Prometheus. Labels have few values: no paths, no addresses.

Under gunicorn, each worker writes its values to a file that every worker can read (``cms.gunicorn_conf``).
"""

from prometheus_client import Counter, Histogram

#: Requests by class of route (``cms.request_record.route_class``) and status.
REQUESTS = Counter("monographs_requests", "Requests answered.", ["route", "status"])
#: From far below the usual response, some 5 ms, to gunicorn's timeout.
SECONDS = Histogram(
    "monographs_request_seconds",
    "Time from a request to its response.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
#: Bodies of public responses: kept in memory (``hit``), or rendered (``miss``).
BODIES = Counter("monographs_bodies", "Bodies of public responses by where they came from.", ["cache"])
DATABASE_ERRORS = Counter("monographs_database_errors", "Requests that failed because of the database.")
