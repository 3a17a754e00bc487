"""What gunicorn serves, once the house's rules hold."""

import os
import sys

import django
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from cms.wsgi_request import Utf8WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")


def refuse_to_start_unsafe() -> None:
    """Exit with the messages if a system check fails; those that ask the database included.

    Development servers run the checks themselves, and show them without stopping.
    """
    failed = [m for m in run_checks(databases=["default"]) if m.is_serious() and not m.is_silenced()]
    if failed:
        sys.exit("This site does not start:\n\n" + "\n\n".join(map(str, failed)))


django.setup(set_prefix=False)
application = Utf8WSGIHandler()

if settings.APPLICATION_ROLE:
    raise ImproperlyConfigured(
        "This process was given DATABASE_OWNER_URL, which is for `manage.py migrate` only: whoever serves "
        "people must not be able to change the record."
    )

if not settings.DEBUG:
    refuse_to_start_unsafe()
    connections.close_all()  # none may be shared by processes that are forked from this one
