"""The screens of drafts set aside: setting an unpublished draft aside, reading it, and merging it."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.models import Page, Revision

from monographs.core.users import authenticated_user
from monographs.editions.models import Edition
from monographs.editions.queries import current_edition, public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import redline
from monographs.review.actions import LeaveDraft, MergeDraft, SetAside
from monographs.review.actions.set_aside import merge_of
from monographs.review.models import (
    UNDER_WAY,
    Note,
    NoteStatus,
    SetAsideDraft,
    SetAsideStatus,
    Submission,
    Suggestion,
    SuggestionStatus,
)
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policies.set_aside_policy import (
    open_set_aside,
    user_can_leave,
    user_can_merge,
    user_can_set_aside,
)
from monographs.review.screens.base import FormScreen
from monographs.review.screens.document_preview import links_of, public_paths
from monographs.review.screens.versions import UnreadableDraft, resolved_draft, signed_figures
from monographs.review.set_aside.conflict_texts import conflict_texts
from monographs.review.set_aside.leave_form import LeaveForm
from monographs.review.set_aside.merge_form import MergeForm


class SeenForm(forms.Form):
    """The draft that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class UnpublishedDraftScreen(FormScreen):
    """A screen about the draft of one page, for those who may edit it."""

    header_icon = "draft"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        page = get_object_or_404(Page, pk=kwargs["page_id"], alias_of=None).specific
        if not isinstance(page, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        self.page = page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send those who may not edit the page, and so not see its draft, to its record."""
        user = request.user
        if user_can_see_review_screens(user) and not self.page.permissions_for_user(user).can_edit():
            messages.error(request, "You may not edit this page, so you cannot see its draft.")
            return redirect("review:record", self.page.translation_key)
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self) -> str:
        """The title of the draft."""
        return str(self.page.get_admin_display_title())

    def own_breadcrumb(self) -> str:
        return self.title

    def draft_redline(self, edition: Edition | None, revision: Revision | None) -> dict[str, Any]:
        """Return the part of the context that compares a stored draft with an edition."""
        try:
            document, figures = resolved_draft(revision.as_object() if revision else self.page)
        except UnreadableDraft as unreadable:
            return {"unfinished": str(unreadable)}
        before = edition.document if edition else None
        if before:
            figures |= signed_figures(before)
        links = links_of(*(each for each in (before, document) if each))
        return {"redline": redline(before, document), "links": links, "figures": figures}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.page.translation_key
        edition = current_edition(key)
        return super().get_context_data(
            page=self.page,
            edition=edition,
            is_withdrawn=edition is not None and public_edition(key) is None,
            submission=Submission.objects.filter(key=key, status__in=UNDER_WAY).defer("canonical").first(),
            **kwargs,
        )


class CorrectView(UnpublishedDraftScreen):
    """Says what is set aside and why, and does it."""

    template_name = "review/set_aside/correct.html"

    def get_page_title(self) -> str:
        return f"Correct the public text: {self.title}"

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Set the draft aside and go on to the editor, or say why not."""
        form = SeenForm(request.POST)
        seen = form.cleaned_data["seen"] if form.is_valid() else 0
        try:
            SetAside(authenticated_user(request), self.page, seen=seen).execute()
        except PolicyError as refusal:
            self.page.refresh_from_db()
            return self.refused(refusal)
        messages.success(
            request,
            "The draft is set aside. The editor has the text that patients read: correct it, and submit it.",
        )
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key, latest = self.page.translation_key, self.page.latest_revision
        suggestions = Suggestion.objects.filter(key=key, status=SuggestionStatus.OPEN)
        return super().get_context_data(
            may_set_aside=user_can_set_aside(authenticated_user(self.request), self.page),
            row=open_set_aside(key),
            notes=Note.objects.filter(key=key, status=NoteStatus.OPEN).count() + suggestions.count(),
            form=SeenForm(initial={"seen": latest.pk if latest else 0}),
            **self.draft_redline(public_edition(key), latest),
            **kwargs,
        )


class SetAsideDraftView(UnpublishedDraftScreen):
    """The draft set aside, compared with the edition it stems from, and leaving it in the history."""

    template_name = "review/set_aside/draft.html"
    form: LeaveForm | None = None

    def get_page_title(self) -> str:
        return f"Draft set aside: {self.title}"

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Leave the draft in the history and go on to the editor, or say why not."""
        self.form = form = LeaveForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        row, reason = form.cleaned_data["row"], form.cleaned_data["reason"]
        try:
            LeaveDraft(authenticated_user(request), self.page, row=row, reason=reason).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(
            request,
            "The draft set aside is left in the history of the page, and is not merged any more. From there "
            "it can be restored.",
        )
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = open_set_aside(self.page.translation_key)
        shown = self.draft_redline(row.base_edition, row.revision) if row else {}
        return super().get_context_data(
            row=row,
            last=None if row else _last_closed(self.page),
            may_leave=user_can_leave(authenticated_user(self.request), self.page),
            form=self.form or LeaveForm(initial={"row": row.pk if row else 0}),
            **shown,
            **kwargs,
        )


class MergeView(UnpublishedDraftScreen):
    """The conflicts between the draft that was set aside and the one in the editor, and merging both."""

    template_name = "review/set_aside/merge.html"
    form: MergeForm | None = None
    #: Why the two drafts cannot be merged, whoever asks.
    problem = ""

    def get_page_title(self) -> str:
        return f"Merge the draft set aside: {self.title}"

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Merge both and go on to the editor, or show the conflicts again with what was chosen."""
        self.form = form = self._form(request.POST)
        if form is None:
            self.status = 403  # the screen says why
            return self.show()
        if not form.is_valid():
            return self.invalid()
        try:
            MergeDraft(
                authenticated_user(request),
                self.page,
                row=form.cleaned_data["row"],
                seen=form.cleaned_data["seen"],
                answers=form.answers(),
            ).execute()
        except PolicyError as refusal:
            if refusal.rule == Rule.STALE:
                # Answers stay where the drafts as they are now have the same conflict
                self.page.refresh_from_db()
                self.form = self._form(chosen=request.POST)
            return self.refused(refusal)
        messages.success(
            request,
            "The draft set aside is merged. Patients see no change: read the draft, and submit it when it is "
            "ready.",
        )
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def _form(self, data: Any = None, chosen: QueryDict | None = None) -> MergeForm | None:
        """Return the form for the drafts as they are now; None if nothing can be merged.

        ``chosen`` are answers to begin with, to conflicts that may be others now.
        """
        row = open_set_aside(self.page.translation_key)
        if row is None or self.page.latest_revision is None:
            return None
        try:
            conflicts = merge_of(row, self.page).conflicts
        except PolicyError as refusal:
            self.problem = refusal.message
            return None
        initial = {**(chosen or QueryDict()).dict(), "seen": self.page.latest_revision_id, "row": row.pk}
        return MergeForm(data, texts=conflict_texts(conflicts), initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = open_set_aside(self.page.translation_key)
        form = self.form or self._form()
        return super().get_context_data(
            row=row,
            last=None if row else _last_closed(self.page),
            may_merge=user_can_merge(authenticated_user(self.request), self.page),
            form=form,
            links=public_paths(form.linked_keys if form else ()),
            problem=self.problem,
            **kwargs,
        )


def _last_closed(page: ReviewedPage) -> SetAsideDraft | None:
    rows = SetAsideDraft.objects.filter(key=page.translation_key).exclude(status=SetAsideStatus.OPEN)
    return rows.order_by("-pk").first()
