"""Where sources of the library are used, and what is known of them, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, Concat
from wagtail.models import Page

from monographs.editions.models import Edition
from monographs.presentation.section_names import section_names
from monographs.rules.models import LinkCheck
from monographs.rules.source_faults import source_faults
from monographs.source_library.models import (
    DraftSource,
    LibrarySource,
    ShownSource,
    SourceChange,
    SourceCitation,
)
from monographs.source_library.shown_sources import shown_of
from monographs.source_library.source_citations import COUNTING

#: The numbers that ``with_use_counts`` adds.
USES = frozenset({"drafts", "public", "statements"})
#: Said of a source with which nothing is wrong.
RIGHT = "nothing to do"


#: How many statements citations are of; one that was removed and chosen again has two.
_STATEMENTS = Count(Concat(Cast("key", TextField()), "statement"), distinct=True)


def with_use_counts(sources: QuerySet[LibrarySource]) -> QuerySet[LibrarySource]:
    """Add to each source how many drafts (``drafts``) and public pages (``public``) list it.

    ``statements`` are those of drafts and of public pages that cite it, each once.
    """
    drafts = (
        DraftSource.objects.filter(source=OuterRef("pk")).order_by().values("source").annotate(n=Count("pk"))
    )
    said = SourceChange.objects.filter(source=OuterRef(OuterRef("pk"))).order_by().values("digest")
    shown = ShownSource.objects.filter(digest__in=said).order_by()
    public = shown.annotate(one=OuterRef("pk")).values("one").annotate(n=Count("key", distinct=True))
    cited = SourceCitation.objects.filter(COUNTING, source=OuterRef("pk")).order_by().values("source")
    counts = {
        "drafts": drafts,
        "public": public,
        "statements": cited.annotate(n=_STATEMENTS),
    }
    return sources.annotate(
        **{
            name: Coalesce(Subquery(count.values("n")), 0, output_field=IntegerField())
            for name, count in counts.items()
        }
    )


def count_uses(sources: Iterable[LibrarySource]) -> None:
    """Set the same numbers of each source, without reading the uses of others. Four queries."""
    found = {source.pk: source for source in sources}
    drafts = DraftSource.objects.filter(source__in=found).order_by()
    counted = dict(drafts.values_list("source").annotate(Count("pk")))
    said: defaultdict[str, set[int]] = defaultdict(set)
    for pk, digest in (
        SourceChange.objects.filter(source__in=found).order_by().values_list("source", "digest")
    ):
        said[digest].add(pk)
    pages: defaultdict[int, set[UUID]] = defaultdict(set)
    for digest, key in ShownSource.objects.filter(digest__in=said).values_list("digest", "key"):
        for pk in said[digest]:
            pages[pk].add(key)
    cited = SourceCitation.objects.filter(COUNTING, source__in=found).order_by()
    statements = dict(cited.values("source").annotate(n=_STATEMENTS).values_list("source", "n"))
    for pk, source in found.items():
        source.drafts = counted.get(pk, 0)  # type: ignore[attr-defined]  # for the list
        source.public = len(pages[pk])  # type: ignore[attr-defined]  # for the list
        source.statements = statements.get(pk, 0)  # type: ignore[attr-defined]  # for the list


def describe_state(sources: Iterable[LibrarySource]) -> None:
    """Set what is wrong with each source (``state``) and when its link was last checked (``checked_at``)."""
    found = list(sources)
    faults = source_faults(found)
    addresses = {source.address for source in found}
    checked = dict(LinkCheck.objects.filter(address__in=addresses).values_list("address", "checked_at"))
    for source in found:
        words = "; ".join(fault.words for fault in faults[source.pk])
        source.state = words or RIGHT  # type: ignore[attr-defined]  # for the list
        source.checked_at = checked.get(source.address)  # type: ignore[attr-defined]  # for the list


@dataclass(slots=True)
class PageWithSource:
    """A page that uses a source: in its draft, in the edition that patients read, or both.

    ``draft`` and ``public`` are the sections whose sources it is among, None if the page does not list it;
    the other numbers are of statements that cite it.
    """

    title: str
    key: str
    page: Page | None
    draft: str | None = None
    public: str | None = None
    edition: int | None = None
    draft_statements: int = 0
    public_statements: int = 0


def using_pages(source: LibrarySource) -> list[PageWithSource]:
    """Return the pages that use a source, by title, with sections and statements. Five queries."""
    drafts = {row.key: row.sections for row in source.draft_uses.all()}
    shown: dict[UUID, list[str]] = {}
    editions: dict[UUID, int] = {}
    for row in shown_of(source):
        shown.setdefault(row.key, []).extend(row.sections)
        editions[row.key] = row.edition_id
    in_drafts: defaultdict[UUID, set[str]] = defaultdict(set)
    in_public: defaultdict[UUID, set[str]] = defaultdict(set)
    for cited in source.citations.filter(COUNTING):
        if cited.in_draft:
            in_drafts[cited.key].add(cited.statement)
        if cited.edition_id:
            in_public[cited.key].add(cited.statement)
            editions[cited.key] = cited.edition_id
    keys = {*drafts, *shown, *in_drafts, *in_public}
    pages = {
        page.translation_key: page for page in Page.objects.filter(translation_key__in=keys, alias_of=None)
    }
    known = Edition.objects.defer("canonical").in_bulk(editions.values())
    found = []
    for key in keys:
        page, edition = pages.get(key), known.get(editions.get(key, 0))
        found.append(
            PageWithSource(
                title=page.draft_title if page else edition.title if edition else str(key),
                key=str(key),
                page=page,
                draft=section_names(drafts[key]) if key in drafts else None,
                public=section_names(shown[key]) if key in shown else None,
                edition=edition.number if edition else None,
                draft_statements=len(in_drafts.get(key, ())),
                public_statements=len(in_public.get(key, ())),
            )
        )
    return sorted(found, key=lambda each: (each.title, each.key))
