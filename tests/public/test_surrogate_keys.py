"""Whatever a publication changes carries a key that it purges, at every public address."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.document.parts import Companion, Companions, Text
from monographs.document.sections import SectionType
from monographs.editions.models import Edition, Publication
from monographs.public.shared_cache.surrogate_keys import HEADER, keys_changed_by
from tests.public.published import (
    condition,
    drug_class,
    home,
    information,
    monograph,
    publish,
    reference,
    sections,
    withdraw,
)

MAKERS: dict[str, Callable[..., BaseDocument]] = {
    "drug_class": drug_class,
    "condition": condition,
    "information": information,
}
#: Pages of each kind in a site.
SITE = {"drug_class": 2, "condition": 2, "monograph": 4}
LISTS = [
    "/", "/medicines/", "/medicines/?letter=T", "/classes/", "/conditions/", "/whats-new/", "/updates.atom",
    "/sitemap.xml", "/robots.txt", "/search/?q=tes", "/search/?q=brand", "/search/suggest?q=tes",
    "/api/v1/monographs", "/api/v1/search?q=tes", "/medicines/nothing/",
]  # fmt: skip
BELOW_A_MEDICINE = ["", "editions/", "editions/1/", "editions/2/", "changes/1/2/", "helpful/", "leaflet.pdf"]
BELOW_THE_API = ["", "/editions", "/editions/1"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cache would keep of an address."""

    status: int
    body: bytes
    location: str
    keys: frozenset[str]


def linked(*pages: BaseDocument) -> Any:
    """Sections that name ``pages`` as companions, and link to them."""
    links = "".join(f'<a data-page="{page.key}">{page.title}</a>, ' for page in pages)
    return (
        *(s for s in sections() if s.type is not SectionType.COMMONLY_USED_WITH),
        next(s for s in sections() if s.type is SectionType.COMMONLY_USED_WITH).model_copy(
            update={
                "parts": (
                    Text(html=f"<p>See {links}and others.</p>"),
                    Companions(
                        items=tuple(
                            Companion(name=page.title, page=page.key)
                            for page in pages
                            if isinstance(page, MonographDocument)
                        )
                    ),
                )
            }
        ),
    )


@dataclass
class PublishedSite:
    """A site whose pages change one at a time, at random."""

    random: random.Random
    pages: list[BaseDocument] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    count: int = 0

    def chosen(self, kind: str) -> BaseDocument:
        return self.random.choice([page for page in self.pages if page.kind == kind])

    def add(self, kind: str) -> None:
        """Publish a new page, or the first edition of the frame."""
        self.count += 1
        slug = f"{kind.replace('_', '-')}-{self.count}"
        match kind:
            case "monograph":
                page: BaseDocument = monograph(f"testumab{self.count}", brand_names=(f"Brand{self.count}",))
            case "home":
                page = home()
            case _:
                page = MAKERS[kind](f"Tested {slug}", slug=slug)
        self.pages.append(page)
        self.publish(page)

    def publish(self, page: BaseDocument, **changes: Any) -> None:
        """Publish an edition of ``page`` with ``changes`` and another note."""
        self.count += 1
        changed = page.model_copy(update={"change_note": f"Change {self.count}.", **changes})
        self.pages[self.pages.index(page)] = changed
        publish(changed)
        self.slugs.add(changed.slug)
        self.withdrawn.discard(changed.key)

    def change(self, what: str) -> None:
        """Change one page."""
        match what:
            case "new":
                self.add(self.random.choice(list(SITE)))
            case "links":
                self.change_links()
            case "withdraw":
                self.withdraw()
            case _:
                kinds, changes = self.simple_changes()[what]
                self.publish(self.chosen(self.random.choice(kinds)), **changes)

    def simple_changes(self) -> dict[str, tuple[list[str], dict[str, Any]]]:
        """Return the kinds of page, and the fields, of changes that need nothing else."""
        number = self.count
        return {
            "text": ([*SITE, "information"], {"summary": f"Summary {number}."}),
            "title": (["drug_class", "condition", "information"], {"title": f"Renamed {number}"}),
            "brand": (["monograph"], {"brand_names": (f"Brand{number}", "Testra")}),
            "slug": (["monograph"], {"slug": f"testumab{number}-new"}),
            "frame": (["home"], {"organisation": f"Foundation {number}"}),
        }

    def change_links(self) -> None:
        """Let one medicine name two others, a class and a condition."""
        others = self.random.sample([p for p in self.pages if p.kind == "monograph"], 2)
        group, use = (reference(self.chosen(kind)) for kind in ("drug_class", "condition"))
        page = self.chosen("monograph")
        self.publish(page, sections=linked(*others), drug_class=group, conditions=(use,))

    def withdraw(self) -> None:
        """Withdraw a page that is public."""
        public = [p for p in self.pages if p.kind != "home" and p.key not in self.withdrawn]
        page = self.random.choice(public)
        withdraw(Edition.objects.filter(key=page.key).latest("number"))
        self.withdrawn.add(page.key)

    def addresses(self) -> Iterator[str]:
        """Yield every public address of a kind."""
        yield from LISTS
        for publication in Publication.objects.select_related("edition"):
            is_medicine = publication.edition.kind == "monograph"
            yield from (publication.path + end for end in (BELOW_A_MEDICINE if is_medicine else [""]))
        for slug in self.slugs:
            yield from (f"/api/v1/monographs/{slug}{end}" for end in BELOW_THE_API)
        yield from (f"/medicines/{page.brand_names[0].lower()}/" for page in self.pages
                    if isinstance(page, MonographDocument))  # fmt: skip


CHANGES = ["new", "text", "title", "brand", "slug", "frame", "links", "withdraw"]


def answers(client: Client, site: PublishedSite) -> dict[str, Answer]:
    """Read every address."""
    found = {}
    for address in site.addresses():
        response = client.get(address)
        found[address] = Answer(
            response.status_code,
            response.content,
            response.get("Location", ""),
            frozenset(response[HEADER].split()),
        )
    return found


def purged_since(moment: Any) -> set[str]:
    """The keys that the publications set since ``moment`` purge."""
    found = Publication.objects.filter(flipped_at__gt=moment)
    return {key for publication in found for key in keys_changed_by(publication)}


class SurrogateKeysTest(TestCase):
    """Hypothesis runs each example in a transaction of its own."""

    @settings(max_examples=settings().max_examples // 30)
    @given(st.integers(), st.permutations(CHANGES))
    def test_everything_that_a_publication_changes_carries_a_key_that_it_purges(
        self, seed: int, changes: list[str]
    ) -> None:
        site = PublishedSite(random.Random(seed))  # noqa: S311  # repeatable
        for kind in ("home", "information", *(kind for kind, number in SITE.items() for _ in range(number))):
            site.add(kind)
        site.change("links")
        before = answers(self.client, site)
        for what in changes:
            moment = Publication.objects.latest("flipped_at").flipped_at
            site.change(what)
            purged = purged_since(moment)
            after = answers(self.client, site)
            for address in before.keys() & after.keys():
                old, new = before[address], after[address]
                if old != new:
                    assert old.keys & purged, f"{what}: {address} changed, and no purge says so"
            before = after


def test_a_publication_does_not_purge_pages_that_have_nothing_to_do_with_it(client: Client, db: None) -> None:
    one, other = monograph("onumab", brand_names=()), monograph("otherumab", brand_names=())
    for document in (one, other):
        publish(document)
    keys = set(client.get("/medicines/otherumab/")[HEADER].split())
    publish(one.model_copy(update={"summary": "Changed."}))
    publication = Publication.objects.get(path="/medicines/onumab/")
    assert keys.isdisjoint(keys_changed_by(publication))
    assert not keys.isdisjoint(client.get("/medicines/onumab/editions/")[HEADER].split())


@pytest.mark.parametrize(
    "path", ["/medicines/", "/static/nothing.css", "/medicines/nothing/", "/updates.atom"]
)
def test_every_answer_that_caches_keep_has_keys(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert "site" in response[HEADER].split()
