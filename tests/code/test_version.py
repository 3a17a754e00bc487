"""The version is in one place, and shown wherever somebody asks which release runs."""

import tomllib

import pytest
from django.conf import settings
from django.test import Client

from cms import gunicorn_worker
from monographs.rules.linkcheck.runner import client_settings
from tests.conftest import as_user

VERSION = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def test_probes_and_link_checks_say_the_version(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.json() == {"status": "ok", "version": VERSION}
    assert gunicorn_worker._HEADER.endswith(b"\r\n\r\n")
    assert answer.content == gunicorn_worker._BODY, "the worker answers as the view"
    assert client_settings().user_agent.startswith(f"monographs-link-check/{VERSION} (+http")


@pytest.mark.django_db
def test_the_admin_shows_the_version_and_what_changed(writer: object) -> None:
    client = as_user(writer)
    assert f"Version {VERSION}" in client.get("/admin/").content.decode()
    page = client.get("/admin/review/help/changes/").content.decode()
    assert f"Version {VERSION}" in page
    assert "<h3>Added</h3>" in page


def test_the_image_knows_its_version() -> None:
    copied = "COPY manage.py pyproject.toml CHANGELOG.md ./"
    assert copied in (settings.BASE_DIR / "Dockerfile").read_text()
    kept = (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
    assert {"!pyproject.toml", "!CHANGELOG.md"} <= set(kept)
