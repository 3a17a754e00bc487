"""The library of sources in the admin: list and file, form, the page of a source, and its chooser."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenView,
    SnippetCreateView,
)
from wagtail.snippets.views.snippets import DeleteView, IndexView, InspectView, SnippetViewSet

from monographs.core.db_clock import database_today
from monographs.review.source_record import reason_to_keep_source
from monographs.review.sources.source_form import FATE_FIELDS, NEW_FIELDS, SOURCE_PAGE, SourceForm
from monographs.review.sources.source_uses import WIDE_SCREENS, describe_state, using_pages, with_use_counts
from monographs.source_library.models import LibrarySource, SourceChange, SourceKind

SEARCHED = ("title", "publisher", "identifier", "address")


def search_sources(sources: QuerySet[LibrarySource], words: str) -> QuerySet[LibrarySource]:
    """Return the sources that have each of ``words`` in title, publisher, identifier or address."""
    for word in words.split():
        condition = Q()
        for name in SEARCHED:
            condition |= Q(**{f"{name}__icontains": word})
        sources = sources.filter(condition)
    return sources


class _SourceFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label="Kind", choices=SourceKind.choices)
    used = django_filters.ChoiceFilter(
        label="Used",
        choices=[("public", "Patients read it"), ("nowhere", "Nowhere")],
        method="filter_used",
    )

    class Meta:
        model = LibrarySource
        fields: list[str] = []

    def filter_used(
        self, sources: QuerySet[LibrarySource], name: str, wanted: str
    ) -> QuerySet[LibrarySource]:
        """Filter for sources that patients read, or that nothing uses."""
        # Columns of ``with_use_counts``
        uses = {"public__gt": 0} if wanted == "public" else {"public": 0, "drafts": 0}
        return sources.filter(**uses)


class SourceIndexView(IndexView):
    """The list of sources: what each is, where it is used, what is wrong with it, and when it was asked."""

    def search_queryset(self, queryset: QuerySet[LibrarySource]) -> QuerySet[LibrarySource]:
        """Search by part of a title, publisher, identifier or address."""
        return search_sources(queryset, self.search_query or "")

    def get_base_queryset(self) -> QuerySet[LibrarySource]:
        """Return all sources with the number of their uses."""
        return with_use_counts(LibrarySource.objects.select_related("superseded_by"))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["object_list"] = rows = list(context["object_list"])
        describe_state(rows)
        if context.get("page_obj") is not None:
            context["page_obj"].object_list = rows
        return context

    def as_spreadsheet(self, queryset: QuerySet[LibrarySource], spreadsheet_format: str) -> Any:
        """Return the file of all sources found."""
        rows = list(queryset)
        describe_state(rows)
        rows_with_model = _Rows(rows)
        return super().as_spreadsheet(rows_with_model, spreadsheet_format)

    def get_filename(self) -> str:
        return f"sources-{database_today():%Y-%m-%d}"


class _Rows(list[LibrarySource]):
    """Rows of a file, which names its columns by the model."""

    model = LibrarySource


class SourcePageView(InspectView):
    """The page of a source: what it says, where it is used, its tasks, and who changed it."""

    page_title = "Source"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.object
        describe_state([source])
        return super().get_context_data(
            source=source,
            pages=using_pages(source),
            tasks=source.tasks.order_by("closed_at", "due_on"),
            changes=SourceChange.objects.filter(source=source.pk).order_by("-pk"),
            **kwargs,
        )


class SourceDeleteView(DeleteView):
    """Deleting a source: refused, with the reason, while anything needs it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kept_because = reason_to_keep_source(self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask whether to delete it."""
        return self._refused(request) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Delete it."""
        return self._refused(request) or super().post(request, *args, **kwargs)

    def _refused(self, request: HttpRequest) -> HttpResponseBase | None:
        if not self.kept_because:
            return None
        messages.error(request, f"“{self.object}” cannot be deleted. {self.kept_because}")
        return redirect(SOURCE_PAGE, self.object.pk)


class _SearchForm(BaseFilterForm):
    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Title, publisher, DOI, PMID, set id or address"}),
    )

    def filter(self, objects: QuerySet[LibrarySource]) -> QuerySet[LibrarySource]:
        """Return the sources that have the words."""
        self.is_searching = bool(self.cleaned_data["q"])
        self.search_query = self.cleaned_data["q"]
        return search_sources(super().filter(objects), self.search_query)


class _SourceColumns:
    """Columns and search of the chooser."""

    filter_form_class = _SearchForm
    per_page = 15

    @property
    def columns(self) -> list[Column]:
        """Title, kind and identifier."""
        return [
            *super().columns,  # type: ignore[misc]  # a mixin of Wagtail's views
            Column("get_kind_display", label="Kind"),
            Column("identifier", label="Identifier"),
        ]


class _ChooseSourceView(_SourceColumns, ChooseView):
    pass


class _SourceResultsView(_SourceColumns, ChooseResultsView):
    pass


def suggested_reference(source: LibrarySource) -> str:
    """Return a short name by which the sections of a page could refer to a source."""
    if source.kind == SourceKind.LABEL:
        return "label"
    words = "".join(c if c.isalnum() else " " for c in source.publisher or source.title).split()
    return (words[0] if words else "source").lower()[:20]


class _WithReference:
    """An answer of the chooser that proposes a short name."""

    def get_chosen_response_data(self, item: LibrarySource) -> dict[str, Any]:
        """Return Wagtail's answer and the short name."""
        answer: dict[str, Any] = super().get_chosen_response_data(item)  # type: ignore[misc]  # a mixin
        return answer | {"reference": suggested_reference(item)}


class _ChosenSourceView(_WithReference, SnippetChosenView):
    pass


class _CreateSourceView(_WithReference, SnippetCreateView):
    pass


class SourceChooserViewSet(SnippetChooserViewSet):
    """Choosing a source of the library, or adding one on the way."""

    choose_view_class = _ChooseSourceView
    choose_results_view_class = _SourceResultsView
    chosen_view_class = _ChosenSourceView
    create_view_class = _CreateSourceView
    creation_form_class = SourceForm
    creation_tab_label = "Add a source"
    create_action_label = "Add to the library"
    permission_policy = ModelPermissionPolicy(LibrarySource)


def _panels(names: list[str]) -> list[FieldPanel]:
    return [FieldPanel(name) for name in names]


class SourceViewSet(SnippetViewSet):
    """The library of sources, under *Reports*."""

    model = LibrarySource
    icon = "openquote"
    menu_label = "Sources"
    menu_name = "sources"
    menu_hook = "register_reports_menu_item"
    admin_url_namespace = "source_library"
    base_url_path = "sources"
    chooser_viewset_class = SourceChooserViewSet
    index_view_class = SourceIndexView
    inspect_view_class = SourcePageView
    delete_view_class = SourceDeleteView
    #: For templates: a source links to its page.
    inspect_url = SOURCE_PAGE
    inspect_view_enabled = True
    inspect_template_name = "review/sources/source.html"
    copy_view_enabled = False
    filterset_class = _SourceFilterSet
    edit_handler = ObjectList(
        [*_panels([*NEW_FIELDS, *FATE_FIELDS]), FieldPanel("is_another")], base_form_class=SourceForm
    )
    list_display = [
        "title",
        Column("get_kind_display", label="Kind", sort_key="kind", classname=WIDE_SCREENS),
        Column("drafts", label="Drafts", sort_key="drafts", classname=WIDE_SCREENS),
        Column("public", label="Public pages", sort_key="public", classname=WIDE_SCREENS),
        Column("state", label="State"),
        DateColumn("checked_at", label="Link last checked", classname=WIDE_SCREENS),
    ]
    search_fields = SEARCHED
    list_per_page = 25
    list_export = [
        *NEW_FIELDS, "superseded_by_id", "gone_since", "drafts", "public", "state", "checked_at",
    ]  # fmt: skip
