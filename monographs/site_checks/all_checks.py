"""Imports every module with checks, so that the registry is complete."""

from django.core.checks import CheckMessage

from monographs.site_checks import (
    database,
    folders,
    head_places,
    job_times,
    operation,
    optional_settings,
    other_servers,
    settings_values,
)
from monographs.site_checks.site_check import CHECKS, SiteCheck

__all__ = [
    "CHECKS",
    "database",
    "folders",
    "head_places",
    "job_times",
    "operation",
    "optional_settings",
    "other_servers",
    "settings_values",
]


def results() -> list[tuple[SiteCheck, list[CheckMessage]]]:
    """Run every check."""
    return [(check, check.run()) for check in CHECKS]


def quick_results() -> list[tuple[SiteCheck, list[CheckMessage]]]:
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
