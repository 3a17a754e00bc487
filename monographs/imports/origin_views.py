"""Where the drafts of a page come from: its imported texts, and the remarks that nobody dismissed yet."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.core.db_clock import database_now
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.imports.models import ImportedText
from monographs.imports.preview import ShownRemark
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule


class OriginView(WagtailAdminTemplateMixin, View):
    """The imported texts of the page with one key, newest first."""

    template_name = "imports/origin.html"
    page_title = "Where the text comes from"
    header_icon = "download"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]
        self.texts = list(ImportedText.objects.filter(key=self.key))
        self.page = MonographPage.objects.filter(translation_key=self.key).first()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*super().get_breadcrumbs_items()]
        if self.page:
            address = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
            items.append({"url": address, "label": self.page.get_admin_display_title()})
        return [*items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Show the texts."""
        if not self.texts:
            raise Http404("No text was imported into this page.")
        rows = [
            (text, [ShownRemark(remark) for remark in text.open_remarks], self._is_used(text))
            for text in self.texts
        ]
        context = self.get_context_data(rows=rows, page=self.page, may_edit=self._may_edit())
        return self.render_to_response(context)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Dismiss the remarks on one text."""
        if not self._may_edit():
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE, "You may not edit this page, and so not dismiss remarks on it."
            )
        text = posted_key(request.POST.get("text", ""))
        user = authenticated_user(request)
        changed = ImportedText.objects.filter(key=key, pk=text, dismissed_at=None).update(
            dismissed_at=database_now(), dismissed_by=user.get_full_name() or user.get_username()
        )
        if changed:
            messages.success(request, "The remarks were dismissed.")
        return redirect("imports:origin", key)

    def _may_edit(self) -> bool:
        return bool(self.page and self.page.permissions_for_user(self.request.user).can_edit())

    def _is_used(self, text: ImportedText) -> bool:
        """Whether the page's latest draft is still the one that was imported."""
        return bool(self.page and self.page.latest_revision_id == text.revision_id)
