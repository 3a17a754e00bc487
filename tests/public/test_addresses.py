"""Every address in a page is a valid URL."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.public.full_document import PAGES, publish_everything

#: Characters of a URL (RFC 3986, 2). A browser forgives others, a validator does not.
URL = re.compile(r"(?:[A-Za-z0-9:/?\[\]@!$&'()*+,;=._~#-]|%[0-9A-Fa-f]{2})*")


@pytest.mark.django_db
def test_every_address_in_a_page_is_a_valid_url(client: Client) -> None:
    publish_everything()
    found = 0
    for path in PAGES:
        page = BeautifulSoup(client.get(path).content, "html.parser")
        for element in page.select("[href], [src], [action]"):
            for name in {"href", "src", "action"} & set(element.attrs):
                assert URL.fullmatch(element[name]), f"{path}: {element[name]}"
                found += 1
    assert found > len(PAGES)
