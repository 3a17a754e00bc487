"""The list of the library's sources, and the file of it: searched, filtered, with uses and state of each."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.snippets.views.snippets import IndexView

from monographs.core.db_clock import database_today
from monographs.review.sources.source_uses import USES, count_uses, describe_state, with_use_counts
from monographs.rules.source_faults import SourceFaultKind, source_faults
from monographs.source_library.models import LibrarySource, SourceKind

SEARCHED = ("title", "publisher", "identifier", "address")
#: Value of the filter for anything that is wrong with a source.
ANY_FAULT = "any"
_FAULT_NAMES = {
    SourceFaultKind.GONE: "Withdrawn or retracted",
    SourceFaultKind.SUPERSEDED: "Superseded",
    SourceFaultKind.NEWER_LABEL: "Its label has a newer version",
    SourceFaultKind.DEAD_LINK: "Its address does not answer",
    SourceFaultKind.MOVED: "Its address moved",
    SourceFaultKind.OLD: "Old",
}


def search_sources(sources: QuerySet[LibrarySource], words: str) -> QuerySet[LibrarySource]:
    """Return the sources that have each of ``words`` in title, publisher, identifier or address."""
    for word in words.split():
        condition = Q()
        for name in SEARCHED:
            condition |= Q(**{f"{name}__icontains": word})
        sources = sources.filter(condition)
    return sources


class SourceFilterSet(WagtailFilterSet):
    """What the list of sources is filtered by: kind, use, and what is wrong with a source."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=SourceKind.choices)
    used = django_filters.ChoiceFilter(
        label="Used",
        choices=[("public", "Patients read it"), ("nowhere", "Nowhere")],
        method="filter_used",
    )
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[
            (ANY_FAULT, "Something to do"),
            *((kind.value, name) for kind, name in _FAULT_NAMES.items()),
        ],
        method="filter_state",
    )

    class Meta:
        model = LibrarySource
        fields: list[str] = []

    def filter_used(
        self, sources: QuerySet[LibrarySource], name: str, wanted: str
    ) -> QuerySet[LibrarySource]:
        """Filter for sources that patients read, or that nothing uses."""
        uses = {"public__gt": 0} if wanted == "public" else dict.fromkeys(USES, 0)
        return with_use_counts(sources).filter(**uses)

    def filter_state(
        self, sources: QuerySet[LibrarySource], name: str, wanted: str
    ) -> QuerySet[LibrarySource]:
        """Filter for sources with which anything is wrong, or one kind of it."""
        found = source_faults(LibrarySource.objects.all())
        return sources.filter(
            pk__in=[
                pk for pk, faults in found.items() if any(wanted in (ANY_FAULT, each.kind) for each in faults)
            ]
        )


class SourceIndexView(IndexView):
    """The list of sources: what each is, where it is used, what is wrong with it, and when it was asked."""

    def search_queryset(self, queryset: QuerySet[LibrarySource]) -> QuerySet[LibrarySource]:
        """Search by part of a title, publisher, identifier or address."""
        return search_sources(queryset, self.search_query or "")

    def get_base_queryset(self) -> QuerySet[LibrarySource]:
        """Return all sources, with the number of their uses where all of them are needed."""
        sources = LibrarySource.objects.select_related("superseded_by")
        return with_use_counts(sources) if self.needs_all_uses else sources

    @property
    def needs_all_uses(self) -> bool:
        """Whether the list is sorted by use, or a file: otherwise those of the rows shown are counted."""
        return self.is_export or str(self.ordering).lstrip("-") in USES

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["object_list"] = rows = list(context["object_list"])
        if not self.needs_all_uses:
            count_uses(rows)
        describe_state(rows)
        if context.get("page_obj") is not None:
            context["page_obj"].object_list = rows
        return context

    def as_spreadsheet(self, queryset: QuerySet[LibrarySource], spreadsheet_format: str) -> Any:
        """Return the file of all sources found."""
        return super().as_spreadsheet(_Rows(queryset), spreadsheet_format)

    def get_filename(self) -> str:
        return f"sources-{database_today():%Y-%m-%d}"


class _Rows(list[LibrarySource]):
    """Rows of a file, which names its columns by the model."""

    model = LibrarySource
