"""The endpoints by which the editor offers the passages of labels, and stores which one a statement cites."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from monographs.core.users import authenticated_user
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.label_watch.citations import passages_by_key
from monographs.labels import LabelPassage, likely_passages
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.editor.annotations import CheckedDraft
from monographs.review.editor.form_draft import InvalidEditorForm, draft_of
from monographs.review.editor.views import FindingsOnEdit
from monographs.review.labels_of_pages.resting_rows import resting_row
from monographs.review.labels_of_pages.statement_citations import (
    DraftCitations,
    cite_passage,
    remove_citation,
)

#: Names of the fields that are posted in addition to the editor's own.
STATEMENT, LABEL, PASSAGE, QUERY, REMOVE = (
    "editor-statement",
    "editor-label",
    "editor-passage",
    "editor-query",
    "editor-remove",
)


def _citations_of(draft: CheckedDraft) -> DraftCitations:
    citations = draft.citations()
    if citations is None:
        raise PolicyError(Rule.NOT_READY, "Finish the parts that the house rules name first, then cite.")
    return citations


class PassagesView(FindingsOnEdit):
    """The passages that a statement of the draft most likely rests on, or those with other words."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Return the content of the picker as HTML, or a message that says what is wrong."""
        try:
            citations = _citations_of(CheckedDraft(draft_of(self.form())))
            context = self._context(citations)
        except InvalidEditorForm as error:
            return JsonResponse({"message": str(error)}, status=400)
        except PolicyError as refusal:
            return JsonResponse({"message": refusal.message}, status=403)
        return JsonResponse({"html": render_to_string("review/editor/passages.html", context, request)})

    def _context(self, citations: DraftCitations) -> dict[str, Any]:
        rests = citations.of_statement(self.request.POST.get(STATEMENT, ""))
        statement, query = rests.statement, self.request.POST.get(QUERY, "").strip()
        return {
            "page": self.object,
            "row": resting_row(rests),
            "heading": SECTION_HEADINGS[SectionType(statement.section)],
            "query": query,
            "offers": [
                {
                    "label": label,
                    "now": _now(rests.changed, label.sha256),
                    "likely": likely_passages(
                        query or statement.words,
                        statement.section,
                        tuple(passages_by_key(label).values()),
                    ),
                }
                for label in citations.labels
            ],
        }


def _now(changed: Any, sha256: str) -> list[LabelPassage]:
    """Return what a label says now in place of the changed sentences."""
    now = (each.change.new for each in changed if each.newer.sha256 == sha256)
    return list(dict.fromkeys(passage for passages in now for passage in passages))


class CiteView(FindingsOnEdit):
    """Let a statement rest on a passage, or no more."""

    def perform_action(self, draft: CheckedDraft) -> None:
        user, posted, citations = authenticated_user(self.request), self.request.POST, _citations_of(draft)
        statement = posted.get(STATEMENT, "")
        if posted.get(REMOVE):
            remove_citation(user, citations, statement, [posted[REMOVE]])
        else:
            cite_passage(user, citations, statement, posted.get(LABEL, ""), posted.get(PASSAGE, ""))
