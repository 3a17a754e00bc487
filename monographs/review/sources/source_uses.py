"""Where sources of the library are used, and what is known of them, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import Page

from monographs.editions.models import Edition
from monographs.presentation.section_names import section_names
from monographs.rules.models import LinkCheck
from monographs.rules.source_faults import source_faults
from monographs.source_library.models import DraftSource, LibrarySource, ShownSource, SourceChange
from monographs.source_library.shown_sources import shown_of

#: The numbers that ``with_use_counts`` adds.
USES = frozenset({"drafts", "public"})
#: Said of a source with which nothing is wrong.
RIGHT = "nothing to do"
#: Class of columns of a list that narrow screens leave out; the page of a row has what they say.
WIDE_SCREENS = "wide-screens"


def with_use_counts(sources: QuerySet[LibrarySource]) -> QuerySet[LibrarySource]:
    """Add to each source the numbers of drafts (``drafts``) and of public pages (``public``) that have it."""
    drafts = (
        DraftSource.objects.filter(source=OuterRef("pk")).order_by().values("source").annotate(n=Count("pk"))
    )
    said = SourceChange.objects.filter(source=OuterRef(OuterRef("pk"))).order_by().values("digest")
    shown = ShownSource.objects.filter(digest__in=said).order_by()
    public = shown.annotate(one=OuterRef("pk")).values("one").annotate(n=Count("key", distinct=True))
    return sources.annotate(
        drafts=Coalesce(Subquery(drafts.values("n")), 0, output_field=IntegerField()),
        public=Coalesce(Subquery(public.values("n")), 0, output_field=IntegerField()),
    )


def count_uses(sources: Iterable[LibrarySource]) -> None:
    """Set the same numbers of each source, without reading the uses of others. Three queries."""
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
    for pk, source in found.items():
        source.drafts = counted.get(pk, 0)  # type: ignore[attr-defined]  # for the list
        source.public = len(pages[pk])  # type: ignore[attr-defined]  # for the list


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
    """A page that uses a source: in its draft, in the edition that patients read, or both."""

    title: str
    key: str
    page: Page | None
    draft: str | None = None
    public: str | None = None
    edition: int | None = None


def using_pages(source: LibrarySource) -> list[PageWithSource]:
    """Return the pages that use a source, by title, with the sections that name it. Four queries."""
    drafts = {row.key: row.sections for row in source.draft_uses.all()}
    shown: dict[UUID, list[str]] = {}
    editions: dict[UUID, int] = {}
    for row in shown_of(source):
        shown.setdefault(row.key, []).extend(row.sections)
        editions[row.key] = row.edition_id
    pages = {
        page.translation_key: page
        for page in Page.objects.filter(translation_key__in={*drafts, *shown}, alias_of=None)
    }
    known = Edition.objects.defer("canonical").in_bulk(editions.values())
    found = []
    for key in {*drafts, *shown}:
        page, edition = pages.get(key), known.get(editions.get(key, 0))
        found.append(
            PageWithSource(
                title=page.draft_title if page else edition.title if edition else str(key),
                key=str(key),
                page=page,
                draft=section_names(drafts[key]) if key in drafts else None,
                public=section_names(shown[key]) if key in shown else None,
                edition=edition.number if edition else None,
            )
        )
    return sorted(found, key=lambda each: (each.title, each.key))
