"""The endpoint by which the editor answers a suggestion beside its passage."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404

from monographs.core.users import authenticated_user
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.authorship.stored_passages import UNFOLLOWABLE, passages_of
from monographs.review.editor.annotations import CheckedDraft
from monographs.review.editor.form_draft import InvalidEditorForm
from monographs.review.editor.saved_version import matches_revision
from monographs.review.editor.views import ACT, FindingsOnEdit
from monographs.review.models import Suggestion
from monographs.review.screens.suggested_changes import SUGGESTION_ACTIONS
from monographs.review.suggestion_forms import SuggestionAnswerForm

_NOT_SAVED = (
    "Save the draft first, then accept: the form says something that is not saved, which would be lost."
)


class SuggestionActionView(FindingsOnEdit):
    """Accept, decline or withdraw a suggestion.

    One is accepted only while the form says what is saved: the answer asks the browser to load it anew.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Return the annotations, or that the form is to be loaded anew, or a message."""
        response = super().post(request, *args, **kwargs)
        if response.status_code == 200 and request.POST.get(ACT) == "accept":  # noqa: PLR2004  # an HTTP status
            return JsonResponse({"reload": True})
        return response

    def perform_action(self, draft: CheckedDraft) -> None:
        suggestion = get_object_or_404(
            Suggestion, pk=self.kwargs["suggestion"], key=draft.page.translation_key
        )
        form = SuggestionAnswerForm({"act": self.request.POST.get(ACT)})
        if not form.is_valid():
            raise InvalidEditorForm("Choose what to do with the suggestion: accept, decline or withdraw it.")
        act = form.cleaned_data["act"]
        if act == "accept" and suggestion.is_open and not _is_saved(draft.page):
            raise PolicyError(Rule.STALE, _NOT_SAVED)
        SUGGESTION_ACTIONS[act](authenticated_user(self.request), suggestion).execute()


def _is_saved(draft: ReviewedPage) -> bool:
    """Return whether what is in the form is what is stored, passage by passage.

    A draft that a command stored can lack fields that the form has, empty, and name marks otherwise.
    """
    latest = draft.get_latest_revision()
    if latest is None or matches_revision(draft, latest):
        return True
    try:
        return _contents(draft.serializable_data(), draft) == _contents(latest.content, draft)
    except UNFOLLOWABLE:
        return False


#: Tags that mean the same (``document.html`` keeps the first of each pair).
_SAME_MARKS = {"<strong>": "<b>", "</strong>": "</b>", "<em>": "<i>", "</em>": "</i>"}


def _contents(content: dict[str, Any], page: ReviewedPage) -> list[tuple[str, list[str]]]:
    return [
        (each.kind, [_SAME_MARKS.get(token, token) for token in each.tokens])
        for each in passages_of(content, type(page))
    ]
