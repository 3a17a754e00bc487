"""The admin is in a language that its own words have, whatever the language of the site's pages."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import translation
from wagtail.admin.localization import get_available_admin_languages
from wagtail.users.models import UserProfile

from monographs.accounts.reader_language import ReaderLanguage
from tests.conftest import as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def arabic_site(settings: Any) -> Any:
    """A site whose pages are in a language that Wagtail has and the project's own screens have not."""
    settings.LANGUAGE_CODE = "ar"
    with translation.override("ar"):
        yield


def frame(client: Client, address: str) -> tuple[str, str, str]:
    """The language and direction of a screen of the admin, and its title."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.html is not None
    assert page.title is not None
    return str(page.html["lang"]), str(page.html["dir"]), page.title.get_text(" ", strip=True)


def test_the_only_language_to_choose_is_that_of_the_projects_screens(writer: Any) -> None:
    assert [code for code, _ in get_available_admin_languages()] == ["en"]
    assert "preferred_language" not in as_user(writer).get("/admin/account/").content.decode()


@pytest.mark.parametrize("has_profile", [False, True])
def test_a_site_in_another_language_has_an_admin_in_english(
    arabic_site: Any, editor: Any, has_profile: bool
) -> None:
    if has_profile:
        UserProfile.get_for_user(editor)
    client = as_user(editor)
    for address in ("/admin/", "/admin/review/", "/admin/reports/site-history/"):
        language, direction, title = frame(client, address)
        assert (language, direction) == ("en", "ltr"), address
        assert title.isascii(), address
    assert frame(Client(), "/admin/login/")[:2] == ("en", "ltr")
    assert ReaderLanguage.of(editor).language == "en"


def test_its_public_pages_stay_in_its_language(arabic_site: Any, site: Any, client: Client) -> None:
    page = BeautifulSoup(client.get("/search/").content, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "ar"
