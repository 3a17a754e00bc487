"""Saving in the editor: never over a version that the writer has not seen, and never half.

Wagtail refuses only its own autosave when the draft was saved elsewhere meanwhile; “Save draft” would replace
it. Here the typed text stays in the form, the writer is told who saved what, and a second press saves it.
A form that is sent again because the answer to it was lost is recognised and saved once.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.models import Page, Revision

from monographs.core.locks import lock_page_keys
from monographs.core.posted_keys import posted_key
from monographs.models import ReviewedPage
from monographs.review.editor.saved_version import matches_revision, newer_version
from monographs.review.wagtail_integration.blocked_routes import CANCEL

#: The field by which the browser asks to show text that it kept; its value is the number of that text.
SHOWN = "kept-text-shown"
CONFLICT = 409
IS_SHOWN = "The text you typed is back in the form below. It is not saved yet."


class SafeCreateMixin:
    """Creates a page whole or not at all, and shows text that the browser kept."""

    request: HttpRequest
    form: Any
    kept_text_shown = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of Wagtail's views
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # as above

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Save the form, or only show it."""
        if SHOWN not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]  # as above
        return self.show_form(IS_SHOWN)

    def form_arguments(self) -> dict[str, Any]:
        """Return what Wagtail's view gives to the form besides the posted data."""
        view: Any = self
        return {
            "instance": view.page,
            "subscription": view.subscription,
            "parent_page": view.parent_page,
            "for_user": self.request.user,
        }

    def bind_form(self) -> bool:
        """Bind the form to the posted data; return whether a draft could be saved from it."""
        view: Any = self
        self.form = view.form_class(self.request.POST, self.request.FILES, **self.form_arguments())
        self.form.defer_required_fields()
        valid = bool(self.form.is_valid())
        self.form.restore_required_fields()
        return valid

    def show_form(self, message: str) -> HttpResponse:
        """Render the editor with the posted text, nothing saved."""
        view: Any = self
        self.bind_form()
        view.has_unsaved_changes = True
        self.kept_text_shown = self.request.POST.get(SHOWN, "")
        messages.info(self.request, message)
        response: HttpResponse = view.render_to_response(view.get_context_data())
        return response


class SafeEditMixin(SafeCreateMixin):
    """The same for an existing page, and a refusal to replace a version that the writer has not seen."""

    page: Any
    latest_revision: Revision | None
    expects_json_response: bool
    is_out_of_date: bool
    is_conflict = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or CANCEL in request.POST:
            return super(SafeCreateMixin, self).dispatch(request, *args, **kwargs)  # type: ignore[misc]  # as above
        key = Page.objects.filter(pk=kwargs.get("page_id")).values_list("translation_key", flat=True).first()
        with transaction.atomic():
            if key:
                lock_page_keys(key)  # before the draft is read: of two saves at once one is the second
            return super().dispatch(request, *args, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        view: Any = self
        return {
            "instance": view.page,
            "subscription": view.subscription,
            "parent_page": view.parent,
            "for_user": self.request.user,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Save the form, show it, or say that the draft was saved elsewhere meanwhile."""
        if self.page.alias_of_id or self.expects_json_response or not isinstance(self.page, ReviewedPage):
            return super().post(request, *args, **kwargs)
        if SHOWN in request.POST:
            self.is_conflict = self.is_out_of_date
            self._keep_loaded_revision()
            return self.show_form(IS_SHOWN)
        if self.latest_revision is not None and self.is_out_of_date:
            return self._answer_conflict(self.latest_revision)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # as above
        if self.is_conflict:
            context["autosave_enabled"] = False  # it would decide for the writer
        return context

    def _answer_conflict(self, latest: Revision) -> HttpResponse:
        view: Any = self
        own = self.bind_form() and latest.user_id == self.request.user.pk
        if own and matches_revision(self.form.save(commit=False), latest):
            view.add_save_confirmation_message()
            response: HttpResponse | None = view.run_hook("after_edit_page", self.request, self.page)
            return response or view.redirect_and_remain()
        self.is_conflict = view.has_unsaved_changes = True
        messages.warning(
            self.request,
            format_html(
                "{} Your text is in the form below and was not saved. Compare it with "
                '<a href="{}" target="_blank" rel="noopener">their version</a>, then save again to put yours '
                "in its place; theirs stays in the history.",
                newer_version(latest, self.request),
                reverse("wagtailadmin_pages:view_draft", args=[self.page.pk]),
            ),
        )
        shown: HttpResponse = view.render_to_response(view.get_context_data())
        shown.status_code = CONFLICT
        return shown

    def _keep_loaded_revision(self) -> None:
        """Let the shown form say which version its text began from, so that saving it is refused as well."""
        revision = posted_key(self.request.POST.get("loaded_revision_id", ""))
        if self.is_out_of_date and self.page.revisions.filter(pk=revision).exists():
            self.page.latest_revision_id = revision
            self.__dict__["latest_revision_created_at"] = self.request.POST.get(
                "loaded_revision_created_at", ""
            )
