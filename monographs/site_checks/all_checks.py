"""Imports every module with checks, so that the registry is complete."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.checks import CheckMessage, Warning
from django.db import OperationalError, connection

from monographs.site_checks import (
    certificate,
    database,
    folders,
    head_places,
    job_times,
    operation,
    optional_settings,
    other_servers,
    settings_values,
)
from monographs.site_checks.concurrent_requests import ask_concurrently
from monographs.site_checks.site_check import CHECKS, SiteCheck

__all__ = [
    "CHECKS",
    "certificate",
    "database",
    "folders",
    "head_places",
    "job_times",
    "operation",
    "optional_settings",
    "other_servers",
    "settings_values",
]

#: A check, and what it found.
Result = tuple[SiteCheck, list[CheckMessage]]
#: Seconds after which a check of other servers is given up. Most servers are given up before.
LONGEST_CHECK = 15


def results() -> list[Result]:
    """Run every check."""
    found = {check.name: messages for check, messages in server_results()}
    (database_check,) = (check for check in CHECKS if check.name == "database_answers")
    found[database_check.name] = database_check.run()
    with _asked_no_more(is_away=bool(found[database_check.name])):
        return [(check, found[check.name] if check.name in found else check.run()) for check in CHECKS]


@contextmanager
def _asked_no_more(*, is_away: bool) -> Iterator[None]:
    """A context in which no check waits again for a database that ``is_away``."""

    def refuse() -> None:
        raise OperationalError("the database does not answer.")

    if is_away:
        connection.connect = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        if is_away:
            del connection.connect


def server_results() -> list[Result]:
    """Run the checks that ask other servers, at once: together they take as long as the slowest."""
    checks = [check for check in CHECKS if check.asks_servers]
    found = ask_concurrently(SiteCheck.run, checks, LONGEST_CHECK)
    return [
        (check, [_no_answer()] if messages is None else messages)
        for check, messages in zip(checks, found, strict=True)
    ]


def _no_answer() -> CheckMessage:
    return Warning(
        f"Not checked: there was no complete answer within {LONGEST_CHECK} seconds.",
        hint="See whether the server answers others, and whether a firewall drops what this machine sends.",
    )


def quick_results() -> list[Result]:
    """Run the quick checks; only that of the database if it does not answer, since each would wait for it."""
    first, *others = sorted(
        (check for check in CHECKS if check.is_quick), key=lambda check: check.name != "database_answers"
    )
    found = [(first, first.run())]
    return found if found[0][1] else found + [(check, check.run()) for check in others]


def reasons_not_to_start() -> list[str]:
    """Return every error that keeps the service from starting, with its remedy."""
    return [
        f"{message.msg}\n  {message.hint}"
        for check in CHECKS
        if check.at_start
        for message in check.run()
        if message.is_serious()
    ]
