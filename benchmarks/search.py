"""How fast and how well names and words are found: ``python -m benchmarks.search [--medicines 20000]``.

Time: from request to response inside one process, no network, no cache. Accuracy: names of real medicines,
misspelt by rule and by hand (``tests/search/names.toml``), among the invented ones, beside Wagtail's own
search in the same database over the same names. ``--here`` measures in the database of the settings, which
keeps what is published there; without it a database is made and dropped.
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

from benchmarks.harness import ROW, SEED, Request, measure, publish_many, scratch_database
from devtools.synthetic.publisher import publish
from devtools.synthetic.vocabulary import WORDS
from monographs.document import MonographDocument
from monographs.editions.models import Publication
from monographs.public.search.service import search
from tests.search.misspellings import Misspelling, by_hand, by_rule, medicines, ranks

#: Keys of the real names' pages are made below this.
NAMESPACE = uuid.UUID("0f6c9c58-5f0b-4f0b-8a51-0d6f6a6f3a10")
#: Digits of a step of a page's path in Wagtail's tree.
STEP_LENGTH = 4
SHOWN = 10
TABLE = "{:<22}{:>8}{:>12}{:>12}{:>14}{:>12}"


def publish_names() -> None:
    """A page without sections for every real name that has none."""
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
    """What is timed, by name; queries are picked at random, the same ones each time."""
    client, pick = Client(), random.Random(SEED)  # noqa: S311  # not for secrets
    rows = Publication.objects.filter(state="current", edition__kind="monograph")
    titles = list(rows.order_by("path").values_list("edition__title", flat=True))
    wrongs = [wrong.typed for wrong in by_rule(SEED)]
    words = [*WORDS["topics"], *WORDS["effects"], *WORDS["serious_effects"]]

    def name() -> str:
        return pick.choice(titles)

    def asked(path: str, make: Callable[[], str]) -> Request:
        return lambda: client.get(path, {"q": make()})

    return {
        "search, a name": asked("/search/", name),
        "search, its beginning": asked("/search/", lambda: name()[:4]),
        "search, misspelt": asked("/search/", lambda: pick.choice(wrongs)),
        "search, a word of texts": asked("/search/", lambda: pick.choice(words)),
        "search, two words": asked("/search/", lambda: " ".join(pick.sample(words, 2))),
        "search, name and word": asked("/search/", lambda: f"{name()} {pick.choice(words)}"),
        "suggestions": asked("/search/suggest", lambda: name()[:3]),
        "suggestions, misspelt": asked("/search/suggest", lambda: pick.choice(wrongs)[:7]),
        "home": lambda: client.get("/"),
        "A–Z": lambda: client.get("/medicines/"),
        "A–Z, a page of a letter": lambda: client.get("/medicines/", {"letter": "B", "page": "3"}),
        "a medicine": lambda: client.get(f"/medicines/{name()}/"),
    }


def ours(typed: str) -> list[str]:
    """Medicines that the site finds."""
    return [result["name"] for result in search(typed)["results"]]


class Stock:
    """Wagtail's search over pages with the same names, by whole words and then by beginnings."""

    def __init__(self) -> None:
        self.backend = get_search_backend()

    def index(self) -> None:
        """Pages in Wagtail's tree and in its index; within a transaction that is taken back."""
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
        made = Page.objects.bulk_create(pages)
        self.backend.get_index_for_model(Page).add_items(Page, made)

    def find(self, typed: str) -> list[str]:
        """Medicines that Wagtail finds."""
        pages = Page.objects.filter(depth=2, content_type=ContentType.objects.get_for_model(Page))
        by_word = self.backend.search(typed, pages)[:SHOWN]
        by_beginning = self.backend.autocomplete(typed, pages)[:SHOWN]
        found = [page.title.split(" (")[0] for page in (*by_word, *by_beginning)]
        return list(dict.fromkeys(found))


def accuracy(wrongs: Iterable[Misspelling], *finders: Callable[[str], list[str]]) -> list[str]:
    """A row for each rule and for all: how many, and the shares each finder has first and among three."""
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
                shares[rule][2 * number + 1] += 1 <= place <= 3  # noqa: PLR2004  # among three
    return [
        TABLE.format(rule, count, *(f"{share / count:.1%}" for share in shares[rule]))
        for rule, count in counts.items()
    ]


def main() -> None:
    """Publish, measure, print."""
    parser = argparse.ArgumentParser(description="Time search in-process, and how well it understands.")
    parser.add_argument("--medicines", type=int, default=20_000, help="published medicines (20000)")
    parser.add_argument("--requests", type=int, default=300, help="requests per row (300)")
    parser.add_argument("--here", action="store_true", help="in the settings' own database, which is kept")
    options = parser.parse_args()
    with nullcontext() if options.here else scratch_database():
        start = time.perf_counter()
        count = len(publish_many(options.medicines))
        publish_names()
        print(f"{count} medicines and the real names, published within {time.perf_counter() - start:.0f} s\n")
        search("")  # a process fetches all names once
        print(ROW.format("page", "queries", "KiB", "p50 ms", "p95 ms", "worst ms"))
        for name, request in requests().items():
            print(measure(name, request, options.requests))
        with transaction.atomic():
            stock = Stock()
            stock.index()
            print("\n" + TABLE.format("misspelt", "names", "first", "in three", "Wagtail first", "in three"))
            for row in accuracy([*by_hand(), *by_rule(SEED)], ours, stock.find):
                print(row)
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
