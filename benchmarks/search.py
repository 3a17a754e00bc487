"""Measures speed and accuracy of the search: ``python -m benchmarks.search [--medicines 20000]``.

Speed: from request to response in one process, without network or cache. Accuracy: names of real medicines,
misspelt by rule and by hand (``tests/search/names.toml``), among synthetic ones, compared with Wagtail's own
search over the same names in the same database. ``--here`` uses the database of the settings and keeps what
is published there; by default a temporary database is used.
"""

import argparse
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import nullcontext

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from benchmarks.harness import ROW, SEED, Request, measure, publish_many, temporary_database
from devtools.synthetic.publisher import publish
from devtools.synthetic.word_lists import WORDS
from monographs.document import MonographDocument
from monographs.editions.models import Publication
from monographs.public.search.service import search
from tests.search.misspellings import Misspelling, by_hand, by_rule, medicines, ranks

#: Namespace of the keys of pages with real names.
NAMESPACE = uuid.UUID("0f6c9c58-5f0b-4f0b-8a51-0d6f6a6f3a10")
#: Digits per level of a page's path in Wagtail's tree.
STEP_LENGTH = 4
#: Results taken from each of Wagtail's two searches.
RESULT_LIMIT = 10
TABLE = "{:<22}{:>8}{:>12}{:>12}{:>14}{:>12}"


def publish_names() -> None:
    """Publish a document without sections for every real name that is not published yet."""
    for name, brands in medicines().items():
        if not Publication.objects.filter(path=f"/medicines/{name}/").exists():
            publish(
                MonographDocument(
                    key=str(uuid.uuid5(NAMESPACE, name)),
                    slug=name,
                    title=name,
                    brand_names=tuple(brands),
                    summary=f"A name to be found: {name}.",
                    review_interval_months=12,
                    demonstration=True,
                )
            )


def requests() -> dict[str, Request]:
    """Return the requests to time, by name. Queries are chosen at random, the same in each run."""
    client, rng = Client(), random.Random(SEED)  # noqa: S311  # not used for secrets
    rows = Publication.objects.filter(state="current", edition__kind="monograph")
    titles = list(rows.order_by("path").values_list("edition__title", flat=True))
    wrongs = [wrong.typed for wrong in by_rule(SEED)]
    words = [*WORDS["topics"], *WORDS["effects"], *WORDS["serious_effects"]]

    def name() -> str:
        return rng.choice(titles)

    def query(path: str, make_query: Callable[[], str]) -> Request:
        return lambda: client.get(path, {"q": make_query()})

    return {
        "search, a name": query("/search/", name),
        "search, its beginning": query("/search/", lambda: name()[:4]),
        "search, misspelt": query("/search/", lambda: rng.choice(wrongs)),
        "search, a word of texts": query("/search/", lambda: rng.choice(words)),
        "search, two words": query("/search/", lambda: " ".join(rng.sample(words, 2))),
        "search, name and word": query("/search/", lambda: f"{name()} {rng.choice(words)}"),
        "suggestions": query("/search/suggest", lambda: name()[:3]),
        "suggestions, misspelt": query("/search/suggest", lambda: rng.choice(wrongs)[:7]),
        "home": lambda: client.get("/"),
        "A–Z": lambda: client.get("/medicines/"),
        "A–Z, a page of a letter": lambda: client.get("/medicines/", {"letter": "B", "page": "3"}),
        "a medicine": lambda: client.get(f"/medicines/{name()}/"),
    }


def find_in_index(typed: str) -> list[str]:
    """Return the medicines that this site's search finds."""
    return [result["name"] for result in search(typed)["results"]]


class WagtailSearch:
    """Wagtail's search over pages with the same names: by whole words, then by prefixes."""

    def __init__(self) -> None:
        self.backend = get_search_backend()

    def index(self) -> None:
        """Create and index the pages. Call it in a transaction that is rolled back."""
        public = Publication.objects.filter(state="current", edition__kind="monograph")
        names = list(public.values_list("edition__title", "edition__brand_names"))
        root = Page.objects.get(depth=1)
        first = root.get_children_count() + 1
        common = {
            "depth": 2,
            "content_type": ContentType.objects.get_for_model(Page),
            "locale": Locale.get_default(),
            "live": True,
        }
        pages = [
            Page(
                title=f"{title} ({', '.join(brands)})",
                slug=f"benchmark-{number}",
                url_path=f"/benchmark-{number}/",
                path=root.path + Page._int2str(number).rjust(STEP_LENGTH, Page.alphabet[0]),
                **common,
            )
            for number, (title, brands) in enumerate(names, first)
        ]
        created = Page.objects.bulk_create(pages)
        self.backend.get_index_for_model(Page).add_items(Page, created)

    def find(self, typed: str) -> list[str]:
        """Return the medicines that Wagtail finds."""
        pages = Page.objects.filter(depth=2, content_type=ContentType.objects.get_for_model(Page))
        by_word = self.backend.search(typed, pages)[:RESULT_LIMIT]
        by_prefix = self.backend.autocomplete(typed, pages)[:RESULT_LIMIT]
        found = [page.title.split(" (")[0] for page in (*by_word, *by_prefix)]
        return list(dict.fromkeys(found))


def accuracy(wrongs: Iterable[Misspelling], *finders: Callable[[str], list[str]]) -> list[str]:
    """Return a row per misspelling rule, and one for all: count, and each finder's share of top 1 and 3."""
    wrongs = list(wrongs)
    counts: dict[str, int] = defaultdict(int)
    shares: dict[str, list[int]] = defaultdict(lambda: [0] * (2 * len(finders)))
    for wrong in wrongs:
        counts[wrong.rule] += 1
        counts["all"] += 1
    for number, find in enumerate(finders):
        for wrong, place in ranks(wrongs, find):
            for rule in (wrong.rule, "all"):
                shares[rule][2 * number] += place == 1
                shares[rule][2 * number + 1] += 1 <= place <= 3  # noqa: PLR2004  # the top three
    return [
        TABLE.format(rule, count, *(f"{share / count:.1%}" for share in shares[rule]))
        for rule, count in counts.items()
    ]


def main() -> None:
    """Publish medicines, measure speed and accuracy, and print two tables."""
    parser = argparse.ArgumentParser(description="Measure speed and accuracy of the search.")
    parser.add_argument("--medicines", type=int, default=20_000, help="published medicines (20000)")
    parser.add_argument("--requests", type=int, default=300, help="requests per row (300)")
    parser.add_argument("--here", action="store_true", help="use the database of the settings, and keep it")
    options = parser.parse_args()
    with nullcontext() if options.here else temporary_database():
        start = time.perf_counter()
        count = len(publish_many(options.medicines))
        publish_names()
        print(f"{count} medicines and the real names, published within {time.perf_counter() - start:.0f} s\n")
        search("")  # load the index of names before measuring
        print(ROW.format("page", "queries", "KiB", "p50 ms", "p95 ms", "worst ms"))
        for name, request in requests().items():
            print(ROW.format(*measure(name, request, options.requests)))
        with transaction.atomic():
            wagtail_search = WagtailSearch()
            wagtail_search.index()
            print("\n" + TABLE.format("misspelt", "names", "first", "in three", "Wagtail first", "in three"))
            for row in accuracy([*by_hand(), *by_rule(SEED)], find_in_index, wagtail_search.find):
                print(row)
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
