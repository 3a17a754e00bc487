"""Markup that validators of HTML find fault with, on every kind of public page."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.public.full_document import PAGES, publish_everything

#: Elements that have a role anyway, which HTML does not let them repeat (ARIA in HTML, W3C recommendation).
TABLE = ["table", "caption", "thead", "tbody", "tr", "th", "td"]
#: Elements that are announced with a name: landmarks, what one can act on, and pictures.
NAMED = [
    "nav",
    "section",
    "aside",
    "form",
    "a",
    "button",
    "input",
    "summary",
    "svg",
    "img",
    "dialog",
    "table",
]


def faults(html: str) -> list[str]:
    """Return what validators report about a page."""
    page = BeautifulSoup(html, "html.parser")
    named = page.select("[aria-label], [aria-labelledby]")
    found = [f"role of {tag.name}" for tag in page(TABLE) if tag.get("role")]
    found += [f"name of {tag.name}" for tag in named if tag.name not in NAMED and not tag.get("role")]
    found += [
        f"no element {tag['aria-labelledby']}"
        for tag in page.select("[aria-labelledby]")
        if not page.find(id=tag["aria-labelledby"])
    ]
    ids = [tag["id"] for tag in page.select("[id]")]
    return found + [f"id twice: {each}" for each in set(ids) if ids.count(each) > 1]


@pytest.mark.django_db
def test_no_page_has_markup_that_validators_report(client: Client) -> None:
    publish_everything()
    paths = (*PAGES, "/search/?q=fever", "/search/?q=overdose")
    found = {path: faults(client.get(path).content.decode()) for path in paths}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "html",
    ['<table role="table">', '<ul aria-label="x">', '<nav aria-labelledby="x">', '<b id="a"><b id="a">'],
)
def test_such_markup_is_found(html: str) -> None:
    assert len(faults(html)) == 1
