"""What the editor's script asks: the form goes in, what to show beside each section comes out."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.pages.preview import PreviewOnCreate, PreviewOnEdit
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError
from monographs.review.editor.annotations import annotations_for, findings_in
from monographs.review.editor.form_draft import FormDraft, InvalidEditorForm, draft_of
from monographs.review.forms import NoteAnswerForm
from monographs.review.models import Note
from monographs.review.screens.review_progress import ACTS
from monographs.rules.finding import Finding
from monographs.rules.overrides import OverruleRefused, overrule, restore_rule

#: Names of what is sent beside the editor's own fields.
RULE, FINGERPRINT, REASON, UNDO = "desk-rule", "desk-fingerprint", "desk-reason", "desk-undo"
ACT, WORDS = "desk-act", "desk-words"


class _EditorEndpoint:
    """Wagtail's preview without its memory: the same form, the same permissions, nothing kept."""

    http_method_names = ["post"]
    object: ReviewedPage
    request: HttpRequest
    kwargs: dict[str, Any]
    get_form: Callable[..., Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(self.object, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of Wagtail's views

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Do what was asked, then say what to show; a refusal in words, with what to do."""
        try:
            draft = draft_of(self.form())
            self.act(draft)
        except InvalidEditorForm as error:
            return JsonResponse({"message": str(error)}, status=400)
        except PolicyError as refusal:
            return JsonResponse({"message": refusal.message}, status=403)
        return JsonResponse(annotations_for(draft, request))

    def form(self) -> Any:
        """The editor's form as it stands, unfinished fields included."""
        parent = self.object.get_parent().specific
        form_class = self.object.get_edit_handler().get_form_class()
        return form_class(
            self.request.POST, instance=self.object, parent_page=parent, for_user=self.request.user
        )

    def act(self, draft: FormDraft) -> None:
        """What is done before the answer; nothing when somebody only types."""


class FindingsOnEdit(_EditorEndpoint, PreviewOnEdit):
    """What to show beside a page that is being edited."""


class FindingsOnCreate(_EditorEndpoint, PreviewOnCreate):
    """What to show beside a page that is not there yet."""

    def get_object(self) -> Any:
        kind = self.content_type.model_class()
        if kind is None or not issubclass(kind, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        parent = get_object_or_404(Page, pk=self.parent_object_id).specific
        if not kind.can_create_at(parent):
            raise PermissionDenied
        page = super().get_object()
        page.locale = parent.locale
        return page


class OverrideView(FindingsOnEdit):
    """A rule is overruled at one place of the draft, or holds again there."""

    def act(self, draft: FormDraft) -> None:
        user = authenticated_user(self.request)
        asked = self.request.POST
        finding = self._finding(draft, asked.get(RULE, ""), asked.get(FINGERPRINT, ""))
        if asked.get(UNDO):
            restore_rule(user, draft.page.translation_key, finding)
        else:
            overrule(user, draft.page.translation_key, finding, asked.get(REASON, ""))

    def _finding(self, draft: FormDraft, rule: str, fingerprint: str) -> Finding:
        for finding in findings_in(draft):
            if (finding.rule, finding.fingerprint) == (rule, fingerprint):
                return finding
        raise OverruleRefused(
            "The text has changed meanwhile, so there is nothing to overrule here any more."
        )


class NoteActionView(FindingsOnEdit):
    """A note is answered, resolved, withdrawn or opened again beside its section."""

    def act(self, draft: FormDraft) -> None:
        note = get_object_or_404(Note, pk=self.kwargs["note"], key=draft.page.translation_key)
        asked = NoteAnswerForm({"act": self.request.POST.get(ACT), "body": self.request.POST.get(WORDS)})
        if not asked.is_valid():
            raise InvalidEditorForm(
                "Say what is to be done with the note: answer, resolve, withdraw or reopen it."
            )
        ACTS[asked.cleaned_data["act"]](self.request.user, note, body=asked.cleaned_data["body"]).execute()
