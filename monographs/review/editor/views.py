"""The endpoints of the editor's script: it posts the form and gets the annotations of the draft in it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.pages.preview import PreviewOnCreate, PreviewOnEdit
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.dictionary_words import add_word
from monographs.review.editor.annotations import CheckedDraft, annotations_for
from monographs.review.editor.form_draft import InvalidEditorForm, draft_of
from monographs.review.forms import NoteAnswerForm
from monographs.review.models import Note
from monographs.review.screens.review_progress import NOTE_ACTIONS
from monographs.rules.finding import Finding
from monographs.rules.overrides import overrule, restore_rule

#: Names of the fields that are posted in addition to the editor's own.
RULE, FINGERPRINT, REASON, UNDO = "editor-rule", "editor-fingerprint", "editor-reason", "editor-undo"
ACT, BODY = "editor-act", "editor-body"


class _EditorEndpoint:
    """Wagtail's preview view, with the same form and permissions, that stores nothing."""

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
        """Perform the action, then return the annotations, or a message that says what is wrong."""
        try:
            draft = CheckedDraft(draft_of(self.form()))
            self.perform_action(draft)
        except InvalidEditorForm as error:
            return JsonResponse({"message": str(error)}, status=400)
        except PolicyError as refusal:
            return JsonResponse({"message": refusal.message}, status=403)
        return JsonResponse(annotations_for(draft, request))

    def form(self) -> Any:
        """Return the editor's form bound to the posted data."""
        parent = self.object.get_parent().specific
        form_class = self.object.get_edit_handler().get_form_class()
        return form_class(
            self.request.POST, instance=self.object, parent_page=parent, for_user=self.request.user
        )

    def perform_action(self, draft: CheckedDraft) -> None:
        """Do what the endpoint is for before the annotations are returned; by default nothing."""


class FindingsOnEdit(_EditorEndpoint, PreviewOnEdit):
    """The annotations of an existing page."""


class FindingsOnCreate(_EditorEndpoint, PreviewOnCreate):
    """The annotations of a page that is not saved yet."""

    def get_object(self) -> ReviewedPage:
        page_class = self.content_type.model_class()
        if page_class is None or not issubclass(page_class, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        parent = get_object_or_404(Page, pk=self.parent_object_id).specific
        if not page_class.can_create_at(parent):
            raise PermissionDenied
        page: ReviewedPage = super().get_object()
        page.locale = parent.locale
        return page


class FindingActionView(FindingsOnEdit):
    """The base class of actions on one finding."""

    def posted_finding(self, draft: CheckedDraft) -> Finding:
        """Return the finding that the form names. Raises ``PolicyError`` if the draft has it no more."""
        named = self.request.POST.get(RULE, ""), self.request.POST.get(FINGERPRINT, "")
        for finding in draft.findings():
            if (finding.rule, finding.fingerprint) == named:
                return finding
        raise PolicyError(
            Rule.NOT_ALLOWED_HERE,
            "The text has changed meanwhile, so there is nothing to overrule here any more.",
        )


class AddWordView(FindingActionView):
    """Add the word of a finding on spelling to the site's dictionary."""

    def perform_action(self, draft: CheckedDraft) -> None:
        finding = self.posted_finding(draft)
        if finding.rule != "spelling":
            raise PolicyError(Rule.NOT_ALLOWED_HERE, "This finding is not about a word.")
        add_word(authenticated_user(self.request), finding.excerpt)
        draft.check_again()


class OverrideView(FindingActionView):
    """Overrule a rule at one place of the draft, or restore it there."""

    def perform_action(self, draft: CheckedDraft) -> None:
        user, posted = authenticated_user(self.request), self.request.POST
        key = draft.page.translation_key
        finding = self.posted_finding(draft)
        if posted.get(UNDO):
            restore_rule(user, key, finding)
        else:
            overrule(user, key, finding, posted.get(REASON, ""))


class NoteActionView(FindingsOnEdit):
    """Answer, resolve, withdraw or reopen a note."""

    def perform_action(self, draft: CheckedDraft) -> None:
        note = get_object_or_404(Note, pk=self.kwargs["note"], key=draft.page.translation_key)
        form = NoteAnswerForm({"act": self.request.POST.get(ACT), "body": self.request.POST.get(BODY)})
        if not form.is_valid():
            raise InvalidEditorForm(
                "Choose what to do with the note: answer, resolve, withdraw or reopen it."
            )
        action = NOTE_ACTIONS[form.cleaned_data["act"]]
        action(authenticated_user(self.request), note, body=form.cleaned_data["body"]).execute()
