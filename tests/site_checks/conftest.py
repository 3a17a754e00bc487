"""A site on which everything is right."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Sink
from django.db import connection

from monographs.editions.roles import grant_application
from monographs.site_checks import other_servers
from tests.notifications.conftest import AnyPort
from tests.ports import free_port

KEY = "q8Zr2-Lw0xNcV7bTy5uJm3sPd9fGh4kA1eQoRiXz6WnYjBtMvCl"


@pytest.fixture
def fit_site(settings: Any, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Settings of a site on which everything is right, with a mail server that answers."""
    monkeypatch.setattr(other_servers, "TIMEOUT", 60)  # on a busy machine a server of a test takes longer
    static = tmp_path / "static"
    static.mkdir()
    (static / "a.0123456789ab.css").touch()
    listed = {"version": "1.1", "paths": {"a.css": "a.0123456789ab.css"}, "hash": ""}
    (static / "staticfiles.json").write_text(json.dumps(listed))
    settings.STATIC_ROOT = static
    settings.MEDIA_ROOT = tmp_path / "media"
    figures = {**settings.STORAGES["figures"], "OPTIONS": {"location": tmp_path / "figures"}}
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "figures": figures, "staticfiles": manifest}
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = KEY, ["medicines.example.org"]
    settings.BASE_URL, settings.TRUSTED_PROXIES = "https://medicines.example.org", 1
    settings.DEFAULT_FROM_EMAIL = "monographs@medicines.example.org"
    settings.REQUIRE_RESTRICTED_ROLE = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE fit_role")
        cursor.execute(f'REVOKE ALL ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC')
        grant_application("fit_role")
        cursor.execute("SET ROLE fit_role")
        yield settings
        cursor.execute("RESET ROLE")


@pytest.fixture
def closed_port() -> int:
    return free_port()


@pytest.fixture
def mail_port() -> Iterator[int]:
    """The port of a mail server that takes every email."""
    controller = AnyPort(Sink(), hostname="127.0.0.1", port=0)
    controller.start()
    yield controller.port
    controller.stop()
