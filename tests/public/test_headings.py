"""Heading levels: one title, and no level skipped (WCAG 1.3.1)."""

import re
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from monographs.public.templatetags.public_tags import shift_headings
from tests.public.full_document import PAGES, publish_everything
from tests.public.published import information, publish, soup, text

pytestmark = pytest.mark.django_db


def levels(page: Any) -> list[int]:
    """Return the levels of the headings in the main element, in reading order."""
    return [int(heading.name[1]) for heading in page.main.find_all(re.compile("^h[1-6]$"))]


def test_no_public_page_skips_a_level(client: Client) -> None:
    publish_everything()
    skipping = {}
    for path in PAGES:
        found = levels(soup(client, path))
        assert found[0] == 1, path
        assert found.count(1) == 1, path
        if any(after > before + 1 for before, after in pairwise(found)):
            skipping[path] = found
    assert not skipping


def test_headings_of_a_page_without_sections_stand_right_below_its_title(client: Client) -> None:
    publish(information(body=(text("<h3>How</h3><p>Plainly.</p><h4>With whom</h4><p>Nurses.</p>"),)))
    assert levels(soup(client, "/about/how-we-write/"))[:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("top", "source", "placed"),
    [
        (3, "<h3>A</h3><h4>B</h4>", "<h3>A</h3><h4>B</h4>"),
        (2, "<h3>A</h3><h4>B</h4><h3>C</h3>", "<h2>A</h2><h3>B</h3><h2>C</h2>"),
        (3, "<h4>A</h4><h3>B</h3><h4>C</h4>", "<h3>A</h3><h3>B</h3><h4>C</h4>"),
        (2, "<p>h3 &lt;h3&gt;</p>", "<p>h3 &lt;h3&gt;</p>"),
    ],
)
def test_writers_two_levels_become_those_of_their_place(top: int, source: str, placed: str) -> None:
    assert shift_headings(top, source) == placed
