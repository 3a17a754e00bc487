"""The help pages in the admin."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from monographs.review.screens.help import TOPICS
from tests.conftest import as_user

pytestmark = pytest.mark.django_db


def test_the_menu_links_to_help(reviewer: Any) -> None:
    home = as_user(reviewer).get("/admin/").content.decode()
    assert "/admin/review/help/writers/" in home
    assert "/admin/review/help/reviewers/" in home


@pytest.mark.parametrize("topic", TOPICS)
def test_every_link_and_image_of_help_exists(writer: Any, topic: str) -> None:
    client = as_user(writer)
    page = client.get(f"/admin/review/help/{topic}/")
    words = (
        page.content.decode().partition('<article class="review review-help">')[2].partition("</article>")[0]
    )
    assert "<h2>" in words
    for address in re.findall(r'(?:href|src)="(/[^"]+)"', words):
        assert client.get(address).status_code == 200, address
    assert not re.findall(r'(?:href|src)="(?!/|https://)', words)


@pytest.mark.parametrize("address", ["nothing/", "pictures/nothing.png", "pictures/..architecture.png"])
def test_there_is_no_other_help(writer: Any, address: str) -> None:
    assert as_user(writer).get(f"/admin/review/help/{address}").status_code == 404


def test_anonymous_users_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/admin/review/help/writers/").status_code == 302


def test_the_container_image_contains_the_help() -> None:
    assert "COPY docs docs" in (settings.BASE_DIR / "Dockerfile").read_text()
