"""The WSGI application that ``KillableServer`` runs: the service with static files, on the test database."""

import os
import signal
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db.models.signals import post_save

from cms.wsgi_request import Utf8WSGIHandler

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
settings.RECORD_ACCOUNT_CHANGES = False
django.setup()


def die_if_asked(**kwargs: Any) -> None:
    """Kill this process in the middle of a save, if the file says so."""
    asked = Path(os.environ["KILL_IN_SAVE"])
    if asked.exists():
        asked.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


post_save.connect(die_if_asked, sender="wagtailcore.Revision")
application = StaticFilesHandler(Utf8WSGIHandler())
