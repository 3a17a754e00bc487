"""Each edition as a page for people: the text as patients read it, and who answers for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import Lower, RowNumber
from django.template.loader import get_template

from monographs.document.render_context import RenderContext
from monographs.editions.export.tables import CHUNK
from monographs.editions.models import Edition, Publication, PublicationState, Signature, Withdrawal

PAGES = "editions"
FIGURES = "figures"
INDEX = "index.html"


class Pages:
    """Renders editions, a handful of queries for every ``CHUNK`` of them."""

    def __init__(self) -> None:
        self._template = get_template("export/edition.html")
        self._homonyms = _homonyms()

    def render_all(self) -> Iterator[tuple[str, bytes]]:
        """File name and bytes of every edition's page, in the order the editions were made."""
        editions = Edition.objects.order_by("pk").iterator(chunk_size=CHUNK)
        while chunk := list(islice(editions, CHUNK)):
            yield from self._render(chunk)

    def file_name(self, edition: Edition) -> str:
        """Slug and number; the row's own number too where another page had that slug before."""
        again = f".{edition.pk}" if edition.pk in self._homonyms else ""
        return f"{edition.slug}-{edition.number}{again}.html"

    def _render(self, chunk: list[Edition]) -> Iterator[tuple[str, bytes]]:
        withdrawals = _withdrawals(chunk)
        acts = [act.uuid for acts in withdrawals.values() for act in acts]
        signatures = _signatures([*(edition.submission for edition in chunk), *acts])
        families = self._families(edition.key for edition in chunk)
        newest = self._newest(key for edition in chunk for key in edition.linked_keys)
        for edition in chunk:
            document = edition.document
            reading = RenderContext(
                document,
                links={str(key): newest[key] for key in edition.linked_keys if key in newest},
                edition=edition,
                figures={f.sha256: f"../{FIGURES}/{f.file_name}" for f in document.figures()},
            )
            family = families[edition.key]
            context = {
                **reading.as_template_context(),
                "record": edition.as_record(),
                "signatures": _of_text(signatures[edition.submission], edition.sha256),
                "withdrawals": [
                    {**act.as_record(), "signatures": _of_text(signatures[act.uuid], act.sha256)}
                    for act in withdrawals[edition.pk]
                ],
                "index": f"../{INDEX}",
                "previous": family.get(edition.number - 1),
                "next": family.get(edition.number + 1),
            }
            yield self.file_name(edition), self._template.render(context).encode()

    def _families(self, keys: Iterable[UUID]) -> dict[UUID, dict[int, str]]:
        """File names of all editions of pages, by number."""
        families: dict[UUID, dict[int, str]] = defaultdict(dict)
        for edition in Edition.objects.filter(key__in=set(keys)).only("key", "slug", "number"):
            families[edition.key][edition.number] = self.file_name(edition)
        return families

    def _newest(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """File names of the newest editions of pages."""
        rows = Edition.objects.filter(key__in=set(keys)).order_by("key", "-number").distinct("key")
        return {edition.key: self.file_name(edition) for edition in rows.only("key", "slug", "number")}

    def index(self, facts: dict[str, Any]) -> bytes:
        """The page that leads to every other: each page's newest edition and what the public sees of it."""
        states = Publication.objects.exclude(state=PublicationState.MOVED)
        public = {p.key: p for p in states.only("key", "path", "state", "reason")}
        columns = ("key", "number", "slug", "title", "kind")
        newest = Edition.objects.order_by("key", "-number").distinct("key").only(*columns)
        entries = [
            {"file": f"{PAGES}/{self.file_name(e)}", "edition": e, "publication": public.get(e.key)}
            for e in sorted(newest, key=lambda edition: (edition.kind, edition.title.casefold()))
        ]
        return get_template("export/index.html").render({**facts, "entries": entries}).encode()


def _homonyms() -> frozenset[int]:
    """Editions whose slug and number another page's edition had before them, whatever the case of letters."""
    place = Window(RowNumber(), partition_by=[Lower("slug"), F("number")], order_by="pk")
    return frozenset(Edition.objects.annotate(place=place).filter(place__gt=1).values_list("pk", flat=True))


def _withdrawals(chunk: list[Edition]) -> dict[int, list[Withdrawal]]:
    found: dict[int, list[Withdrawal]] = defaultdict(list)
    for act in Withdrawal.objects.filter(edition__in=[edition.pk for edition in chunk]).order_by("pk"):
        found[act.edition_id].append(act)
    return found


def _signatures(acts: list[UUID]) -> dict[UUID, list[Signature]]:
    given: dict[UUID, list[Signature]] = defaultdict(list)
    for signature in Signature.objects.filter(submission__in=acts).order_by("signed_at", "pk"):
        given[signature.submission].append(signature)
    return given


def _of_text(signatures: list[Signature], sha256: str) -> list[dict[str, Any]]:
    return [signature.as_record() for signature in signatures if signature.sha256 == sha256]
