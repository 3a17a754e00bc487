"""The WSGI application for gunicorn. It starts only if every system check passes."""

import os
import sys
from contextlib import suppress

import django
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError

from cms.faults import SETTINGS_FAULTS, settings_fault_message
from cms.web_database import limit_connections
from cms.wsgi_request import Utf8WSGIHandler
from monographs.core.mail import send_in_background
from monographs.editions.roles import reason_not_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")


def exit_if_checks_fail() -> None:
    """Exit with the messages if a system check fails, including checks of the database.

    Development servers run the checks themselves and show the messages without stopping.
    """
    failed = [m for m in run_checks(databases=["default"]) if m.is_serious() and not m.is_silenced()]
    if failed:
        sys.exit("This site does not start:\n\n" + "\n\n".join(map(str, failed)))


def exit_if_record_can_be_changed() -> None:
    """Exit if the process has the rights of the tables' owner, or could change the record in another way.

    A database that does not answer is not checked: ``/readyz`` checks the same before every use.
    """
    with suppress(DatabaseError):
        if reason := reason_not_to_start():
            sys.exit(f"This site does not start. {reason}")


def exit_if_site_is_unfit() -> None:
    """Exit if a setting makes no sense or a folder cannot be used, with what to do (``manage.py doctor``)."""
    from monographs.site_checks.all_checks import reasons_not_to_start  # noqa: PLC0415  # after the set-up

    if reasons := reasons_not_to_start():
        sys.exit("This site does not start:\n\n" + "\n\n".join(reasons))


def load_names() -> None:
    """Read the names that the search knows. Forked processes share them, and no reader waits for it."""
    from monographs.public.search.index_sync import load_index  # noqa: PLC0415  # imports models

    with suppress(DatabaseError):
        load_index()


try:
    django.setup(set_prefix=False)
except SETTINGS_FAULTS as fault:
    sys.exit(f"This site does not start:\n\n{settings_fault_message(fault, [])}")
application = Utf8WSGIHandler()
send_in_background()

if settings.APPLICATION_ROLE or not settings.DEBUG:
    exit_if_record_can_be_changed()
if not settings.DEBUG:
    exit_if_checks_fail()
    if settings.CHECK_SITE_AT_START:
        exit_if_site_is_unfit()
    load_names()
    limit_connections()
