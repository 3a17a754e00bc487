"""The endpoints by which the editor offers passages and sources, and stores what a statement cites."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from monographs.blocks.source_blocks import FROM_LIBRARY
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.label_watch.citations import passages_by_key
from monographs.labels import LabelPassage, likely_passages
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.editor.annotations import CheckedDraft
from monographs.review.editor.form_draft import InvalidEditorForm, draft_of
from monographs.review.editor.views import FindingsOnEdit
from monographs.review.labels_of_pages.statement_citations import (
    DraftCitations,
    choose_source,
    cite_passage,
    remove_citation,
    remove_source,
)
from monographs.source_library.models import LibrarySource

#: Names of the fields that are posted in addition to the editor's own.
STATEMENT, LABEL, PASSAGE, QUERY, REMOVE = (
    "editor-statement",
    "editor-label",
    "editor-passage",
    "editor-query",
    "editor-remove",
)
#: Primary keys of sources: the one chosen, that which it replaces, and one that is cited no more.
SOURCE, REPLACES, REMOVE_SOURCE = "editor-source", "editor-replaces", "editor-remove-source"


def _citations_of(draft: CheckedDraft) -> DraftCitations:
    citations = draft.citations()
    if citations is None:
        raise PolicyError(Rule.NOT_READY, "Finish the parts that the house rules name first, then cite.")
    return citations


class PassagesView(FindingsOnEdit):
    """The passages that a statement of the draft most likely cites, or those with other words."""

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
        row = citations.row_of_statement(statement.key)
        return {
            "page": self.object,
            "row": row,
            "sources": _sources_to_choose(citations, {each.citation.source_id for each in row.sources}),
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


def _sources_to_choose(citations: DraftCitations, cited: set[int]) -> list[LibrarySource]:
    """Return the sources of the library in the page's list that a statement does not cite yet."""
    blocks = getattr(citations.page, "sources", ())
    chosen = [child.value["source"] for child in blocks if child.block_type == FROM_LIBRARY]
    return list(dict.fromkeys(each for each in chosen if each is not None and each.pk not in cited))


def _now(changed: Any, sha256: str) -> list[LabelPassage]:
    """Return what a label says now in place of the changed sentences."""
    now = (each.change.new for each in changed if each.newer.sha256 == sha256)
    return list(dict.fromkeys(passage for passages in now for passage in passages))


class CiteView(FindingsOnEdit):
    """Add or remove a citation of a passage or a source for a statement."""

    def perform_action(self, draft: CheckedDraft) -> None:
        user, posted, citations = authenticated_user(self.request), self.request.POST, _citations_of(draft)
        statement = posted.get(STATEMENT, "")
        if posted.get(SOURCE):
            chosen, replaced = posted_key(posted[SOURCE]), posted_key(posted.get(REPLACES, ""))
            choose_source(user, citations, statement, chosen, replaces=replaced)
        elif posted.get(REMOVE_SOURCE):
            remove_source(user, citations, statement, posted_key(posted[REMOVE_SOURCE]))
        elif posted.get(REMOVE):
            remove_citation(user, citations, statement, [posted[REMOVE]])
        else:
            cite_passage(user, citations, statement, posted.get(LABEL, ""), posted.get(PASSAGE, ""))
