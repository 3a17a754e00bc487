"""The WSGI application for gunicorn. It starts only if every system check passes."""

import os
import sys

import django
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from cms.wsgi_request import Utf8WSGIHandler
from monographs.editions.roles import excess_privileges

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")


def exit_if_checks_fail() -> None:
    """Exit with the messages if a system check fails, including checks of the database.

    Development servers run the checks themselves and show the messages without stopping.
    """
    failed = [m for m in run_checks(databases=["default"]) if m.is_serious() and not m.is_silenced()]
    if failed:
        sys.exit("This site does not start:\n\n" + "\n\n".join(map(str, failed)))


def exit_if_record_can_be_changed() -> None:
    """Exit if the database role owns the record's tables, or could change them in another way.

    A database that does not answer is not checked: ``/readyz`` checks the same before every use.
    """
    if not settings.REQUIRE_RESTRICTED_ROLE:
        return
    try:
        excess = excess_privileges()
    except DatabaseError:
        return
    if excess:
        sys.exit(
            "This site does not start: the role in DATABASE_URL could change the record of what was signed ("
            + "; ".join(excess)
            + ").\n\nConnect as the application's role instead. deploy/roles.sql creates it, and `manage.py "
            "migrate` with DATABASE_OWNER_URL grants it what it needs (docs/operators.md). "
            "On a host that offers one role only, set ONE_DATABASE_ROLE=true, which accepts this explicitly."
        )


django.setup(set_prefix=False)
application = Utf8WSGIHandler()

if settings.APPLICATION_ROLE:
    raise ImproperlyConfigured(
        "This process was given DATABASE_OWNER_URL, which is for `manage.py migrate` only: a web process "
        "must not be able to change the record. Remove it from the environment."
    )

if not settings.DEBUG:
    exit_if_checks_fail()
    exit_if_record_can_be_changed()
    connections.close_all()  # forked worker processes must not share a connection
