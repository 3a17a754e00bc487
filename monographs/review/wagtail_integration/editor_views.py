"""Wagtail's page editor with the side panel “House rules”.

Wagtail has no hook for side panels of pages; its views create them in ``get_side_panels``.
"""

from typing import Any

from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.urls import display_custom_404
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from monographs.models import ReviewedPage
from monographs.review.editor.origin_panel import OriginSidePanel, imported_texts
from monographs.review.editor.panel import HouseRulesSidePanel
from monographs.review.wagtail_integration.editor_saves import SafeCreateMixin, SafeEditMixin
from monographs.review.wagtail_integration.page_deletion import delete_page


class _HouseRulesMixin:
    """Adds the panel where the whole editor of a reviewed page is shown, not only parts of it."""

    page: Any
    request: Any
    expects_json_response: bool
    kept_text_shown: str

    def get_side_panels(self) -> MediaContainer:
        panels: MediaContainer = super().get_side_panels()  # type: ignore[misc]  # a mixin of Wagtail's views
        partial = self.expects_json_response or getattr(self, "hydrate_create_view", False)
        if isinstance(self.page, ReviewedPage) and not partial:
            panels.append(
                HouseRulesSidePanel(
                    self.page,
                    self.request,
                    url=self.findings_address(),
                    kept_text_shown=self.kept_text_shown,
                )
            )
            if texts := imported_texts(self.page):
                panels.append(OriginSidePanel(self.page, self.request, texts=texts))
        return panels

    def findings_address(self) -> str:
        """Return the address from which the panel's script gets findings."""
        return reverse("review:editor:findings", args=[self.page.pk])


class ReviewedEditView(SafeEditMixin, _HouseRulesMixin, EditView):
    """The editor of an existing page."""


class ReviewedRevertView(SafeEditMixin, _HouseRulesMixin, RevisionsRevertView):
    """The editor of a page, filled from an earlier revision."""


class ReviewedCreateView(SafeCreateMixin, _HouseRulesMixin, CreateView):
    """The editor of a new page."""

    def findings_address(self) -> str:
        content_type = self.page_content_type
        return reverse(
            "review:editor:findings_on_create",
            args=[content_type.app_label, content_type.model, self.parent_page.pk],
        )


_addresses = [
    path(
        "add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        ReviewedCreateView.as_view(),
    ),
    path("<int:page_id>/edit/", ReviewedEditView.as_view()),
    path("<int:page_id>/revisions/<int:revision_id>/revert/", ReviewedRevertView.as_view()),
    path("<int:page_id>/delete/", delete_page),
]
for guard in (require_admin_access, display_custom_404, never_cache):
    _addresses = decorate_urlpatterns(_addresses, guard)
#: The editor's addresses, to be put before Wagtail's own; decorated as Wagtail decorates them.
addresses = _addresses
