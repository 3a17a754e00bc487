"""The library of sources in the admin: list and file, form, the page of a source, and its chooser."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
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
from wagtail.snippets.views.snippets import DeleteView, InspectView, SnippetViewSet

from monographs.core.users import authenticated_user
from monographs.review.actions.replace_source import newest_of
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.sources.answer_views import answers_together
from monographs.review.sources.newer_version import SourceAddView, newer_version_url
from monographs.review.sources.source_changes import described_changes
from monographs.review.sources.source_form import FATE_FIELDS, NEW_FIELDS, SOURCE_PAGE, SourceForm
from monographs.review.sources.source_list import SEARCHED, SourceFilterSet, SourceIndexView, search_sources
from monographs.review.sources.source_uses import describe_state, using_pages
from monographs.review.sources_of_pages.source_record import reason_to_keep_source
from monographs.source_library.models import LibrarySource


class SourcePageView(InspectView):
    """The page of a source: its fields, where it is used, its tasks, and who changed it."""

    page_title = "Source"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source, user = self.object, authenticated_user(self.request)
        describe_state([source])
        pages = using_pages(source)
        tasks = list(source.tasks.order_by(F("closed_at").desc(nulls_first=True), "due_on", "title", "pk"))
        may_replace = user_can_bundle(user).allowed and newest_of(source) is not None
        return super().get_context_data(
            source=source,
            pages=pages,
            tasks=tasks,
            answers=answers_together(tasks) if user_can_see_review_screens(user) else [],
            newer_url=newer_version_url(user, source),
            replace_url=reverse("sources:replace", args=[source.pk]) if pages and may_replace else "",
            changes=described_changes(source),
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


class _WithReference:
    """An answer of the chooser that proposes a short name."""

    def get_chosen_response_data(self, item: LibrarySource) -> dict[str, Any]:
        """Return Wagtail's answer and the short name."""
        answer: dict[str, Any] = super().get_chosen_response_data(item)  # type: ignore[misc]  # a mixin
        return answer | {"reference": item.short_name}


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
    add_view_class = SourceAddView
    delete_view_class = SourceDeleteView
    #: For templates: a source links to its page.
    inspect_url = SOURCE_PAGE
    inspect_view_enabled = True
    inspect_template_name = "review/sources/source.html"
    copy_view_enabled = False
    filterset_class = SourceFilterSet
    edit_handler = ObjectList(
        [*_panels([*NEW_FIELDS, *FATE_FIELDS]), FieldPanel("is_another")], base_form_class=SourceForm
    )
    list_display = [
        "title",
        Column("get_kind_display", label="Kind", sort_key="kind"),
        Column("drafts", label="Drafts", sort_key="drafts"),
        Column("public", label="Public pages", sort_key="public"),
        Column("statements", label="Statements", sort_key="statements"),
        Column("state", label="State"),
        DateColumn("checked_at", label="Link last checked"),
    ]
    search_fields = SEARCHED
    list_per_page = 25
    list_export = [
        *NEW_FIELDS, "superseded_by_id", "gone_since", "drafts", "public", "statements",
        "state", "checked_at",
    ]  # fmt: skip
