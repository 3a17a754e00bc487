"""HTML pages of the export: each edition's text, signatures and contributors, and an index."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import Lower, RowNumber
from django.template.loader import get_template

from monographs.document.models import BaseDocument
from monographs.document.render_context import RenderContext
from monographs.editions.export.record_tables import CHUNK
from monographs.editions.models import Edition, Publication, PublicationState, Signature, Withdrawal

PAGES = "editions"
FIGURES = "figures"
INDEX = "index.html"


class Pages:
    """Renders editions, with a fixed number of queries for every ``CHUNK`` of them."""

    def __init__(self) -> None:
        self._template = get_template("export/edition.html")
        self._homonyms = _homonyms()

    def render_all(self) -> Iterator[tuple[str, bytes]]:
        """Yield file name and bytes of every edition's page, in the order of their creation."""
        editions = Edition.objects.order_by("pk").iterator(chunk_size=CHUNK)
        while chunk := list(islice(editions, CHUNK)):
            yield from self._render(chunk)

    def file_name(self, edition: Edition) -> str:
        """Slug and number; also the primary key where another page had that slug before."""
        suffix = f".{edition.pk}" if edition.pk in self._homonyms else ""
        return f"{edition.slug}-{edition.number}{suffix}.html"

    def _render(self, chunk: list[Edition]) -> Iterator[tuple[str, bytes]]:
        withdrawals = _withdrawals(chunk)
        uuids = [withdrawal.uuid for rows in withdrawals.values() for withdrawal in rows]
        signatures = _signatures([*(edition.submission for edition in chunk), *uuids])
        siblings = self._file_names_by_number(edition.key for edition in chunk)
        newest = self._newest_file_names(key for edition in chunk for key in edition.linked_keys)
        for edition in chunk:
            document = _document_of(edition)
            if document is None:
                continue
            render_context = RenderContext(
                document,
                links={str(key): newest[key] for key in edition.linked_keys if key in newest},
                edition=edition,
                figures={f.sha256: f"../{FIGURES}/{f.file_name}" for f in document.figures()},
            )
            sibling_files = siblings[edition.key]
            context = {
                **render_context.as_template_context(),
                "record": edition.as_record(),
                "signatures": _records_for(signatures[edition.submission], edition.sha256),
                "withdrawals": [
                    {**w.as_record(), "signatures": _records_for(signatures[w.uuid], w.sha256)}
                    for w in withdrawals[edition.pk]
                ],
                "index": f"../{INDEX}",
                "previous": sibling_files.get(edition.number - 1),
                "next": sibling_files.get(edition.number + 1),
            }
            yield self.file_name(edition), self._template.render(context).encode()

    def _file_names_by_number(self, keys: Iterable[UUID]) -> dict[UUID, dict[int, str]]:
        """File names of all editions of each page, by number."""
        siblings: dict[UUID, dict[int, str]] = defaultdict(dict)
        for edition in Edition.objects.filter(key__in=set(keys)).only("key", "slug", "number"):
            siblings[edition.key][edition.number] = self.file_name(edition)
        return siblings

    def _newest_file_names(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """File name of each page's newest edition."""
        rows = Edition.objects.filter(key__in=set(keys)).order_by("key", "-number").distinct("key")
        return {edition.key: self.file_name(edition) for edition in rows.only("key", "slug", "number")}

    def index(self, metadata: dict[str, Any]) -> bytes:
        """Render the index: each page's newest edition and what its public path shows."""
        states = Publication.objects.exclude(state=PublicationState.MOVED)
        public = {p.key: p for p in states.only("key", "path", "state", "reason")}
        columns = ("key", "number", "slug", "title", "kind")
        newest = Edition.objects.order_by("key", "-number").distinct("key").only(*columns)
        entries = [
            {"file": f"{PAGES}/{self.file_name(e)}", "edition": e, "publication": public.get(e.key)}
            for e in sorted(newest, key=lambda edition: (edition.kind, edition.title.casefold()))
        ]
        return get_template("export/index.html").render({**metadata, "entries": entries}).encode()


def _document_of(edition: Edition) -> BaseDocument | None:
    """The document of an edition; None for a damaged text, whose row is exported without a page."""
    try:
        document: BaseDocument = edition.document
    except ValueError:
        return None
    return document


def _homonyms() -> frozenset[int]:
    """Editions whose slug and number an earlier edition of another page has, ignoring case."""
    place = Window(RowNumber(), partition_by=[Lower("slug"), F("number")], order_by="pk")
    return frozenset(Edition.objects.annotate(place=place).filter(place__gt=1).values_list("pk", flat=True))


def _withdrawals(chunk: list[Edition]) -> dict[int, list[Withdrawal]]:
    found: dict[int, list[Withdrawal]] = defaultdict(list)
    for withdrawal in Withdrawal.objects.filter(edition__in=[edition.pk for edition in chunk]).order_by("pk"):
        found[withdrawal.edition_id].append(withdrawal)
    return found


def _signatures(uuids: list[UUID]) -> dict[UUID, list[Signature]]:
    found: dict[UUID, list[Signature]] = defaultdict(list)
    for signature in Signature.objects.filter(submission__in=uuids).order_by("signed_at", "pk"):
        found[signature.submission].append(signature)
    return found


def _records_for(signatures: list[Signature], sha256: str) -> list[dict[str, Any]]:
    return [signature.as_record() for signature in signatures if signature.sha256 == sha256]
