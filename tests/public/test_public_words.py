"""No word that patients read comes from a row that nobody signed, whichever row it is."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Site

from monographs.editions.models import Edition, Signature
from monographs.feedback.models import Feedback
from monographs.public.leaflet_pdf import views as leaflet_views
from monographs.review.models import MedicalReviewTask
from tests.factories import edit, make_group, make_image, make_monograph, make_user, publish, with_figure
from tests.public.poison import MARK, poison
from tests.public.test_fuzz import public_patterns, publish_pages

#: Found by the search index, whose rows may hide a page but never show a word.
FOUND_BY_WORDS = "/search/?q=seizure"
#: Found by the columns of listed pages, which likewise may hide a page but never show a word.
FOUND_BY_COLUMNS = ("/api/v1/monographs", "/api/v1/labels", "/sitemap.xml", "/sitemap-1.xml")
QUERIES = (
    "/?q=testumab",
    "/medicines/?letter=T",
    "/search/?q=umab",
    f"/search/?q={MARK[:3]}",
    FOUND_BY_WORDS,
    "/search/suggest?q=test",
    "/api/v1/search?q=testumab",
    "/api/v1/search?q=test&limit=x",
    "/api/v1/monographs?limit=0",
    "/api/v1/monographs?nothing=1",
    "/api/v1/nothing",
    "/nothing/",
    "/medicines/testumab/?preview=1",
)
#: Columns too short for the mark, or of a type that cannot hold it. None of them holds words.
UNMARKED: set[str] = set()


@pytest.fixture
def leaflets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the leaflets that were typeset: a PDF holds numbers of glyphs, not letters."""
    texts: list[str] = []
    render = leaflet_views.leaflet_pdf

    def typeset(leaflet: Any) -> bytes:
        texts.append(json.dumps(leaflet.data(), ensure_ascii=False, default=str))
        return render(leaflet)

    monkeypatch.setattr(leaflet_views, "leaflet_pdf", typeset)
    return texts


@pytest.fixture
def addresses(site: Any, figure_files: None) -> list[str]:
    """Every public address, with every kind of content; names that nobody signed have the mark already."""
    slugs = [*(part for part in publish_pages() if not part.isdigit()), "wordumab"]
    step = MedicalReviewTask.objects.get()
    step.name = f"{MARK} step"
    step.save()
    reviewers = make_group(f"{MARK} group")
    step.groups.set([reviewers])
    writer = make_user("writer", "Medical writers")
    get_user_model().objects.filter(pk=writer.pk).update(first_name=MARK, last_name=MARK)
    writer.refresh_from_db()
    reviewer = make_user("reviewer", reviewers.name, credentials="PharmD")
    page = make_monograph("wordumab", by=writer)
    image = make_image("red", by=writer)
    image.title = MARK
    image.save()
    publish(with_figure(page, image, by=writer), writer, reviewer, reason=f"{MARK} reason")
    edit(page, writer, how_it_works="Other words.")
    publish(page, writer, reviewer, reason=f"{MARK} reason")
    edit(page, writer, how_it_works=f"{MARK} in a draft.")
    edition = Edition.objects.filter(slug="wordumab").first()
    assert edition is not None
    Feedback.objects.create(key=edition.key, slug=MARK, title=MARK, number=1, sha256="0" * 64, words=MARK)
    values = {"int": ["1", "2"], "slug": slugs, "str": [edition.figures.get().file_name, "none.png"]}
    filled = (address for pattern in public_patterns() for address in _filled(pattern, values))
    return sorted({*filled, *QUERIES})


def _filled(pattern: str, values: dict[str, list[str]]) -> Iterator[str]:
    """Yield the addresses of a pattern with every combination of values for its parts."""
    converters = re.findall(r"<(\w+):\w+>", pattern)
    template = re.sub(r"<\w+:\w+>", "{}", pattern)
    for chosen in product(*(values[converter] for converter in converters)):
        yield template.format(*chosen)


def answers(addresses: list[str]) -> dict[str, tuple[int, bytes]]:
    """Return status and headers with body of every address, by GET and, for a 405, by PUT; and a 400 page."""
    client = Client(raise_request_exception=False)
    found = {}
    for method, address in [*product(["get"], addresses), *product(["put"], addresses[::10])]:
        response = getattr(client, method)(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
        found[f"{method} {address}"] = (response.status_code, headers.encode() + b"\n" + body)
    for address in ("/", "/api/v1/monographs"):
        response = client.get(address, headers={"host": "not a host"})
        found[f"bad host {address}"] = (response.status_code, response.content)
    return found


def test_no_public_word_comes_from_an_unsigned_row(addresses: list[str], leaflets: list[str]) -> None:
    before = answers(addresses)
    assert {200, 301, 400, 404, 405, 410, 422} <= set(Counter(status for status, _ in before.values()))
    assert any("wordumab" in text.lower() for text in leaflets)
    signed = {"step": Signature.objects.filter(step__contains=MARK).count()}
    assert signed["step"] == 2, "the record itself keeps the step's name"
    _check_unmarked(before, leaflets)
    leaflets.clear()
    try:
        left_out = poison()
        assert MARK in Page.objects.get(pk=Page.objects.first().pk).title
        assert MARK in Site.objects.values_list("site_name", flat=True)[0]
        ContentType.objects.clear_cache()
        cache.clear()
        after = answers(addresses)
    finally:
        ContentType.objects.clear_cache()
        cache.clear()
    assert left_out == UNMARKED
    _check_unmarked(after, leaflets)
    changed = {address for address in before if before[address] != after[address]}
    assert changed <= {f"get {address}" for address in (FOUND_BY_WORDS, *FOUND_BY_COLUMNS)}


def _check_unmarked(found: dict[str, tuple[int, bytes]], leaflets: list[str]) -> None:
    marked = [name for name, (_, body) in found.items() if MARK.lower().encode() in body.lower()]
    # An address that names the mark itself, such as a search for it, may show it
    assert [name for name in marked if MARK[:3] not in name] == []
    assert not [text for text in leaflets if MARK.lower() in text.lower()]
