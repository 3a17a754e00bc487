"""What changed in one section since the last edition, for the fold beside it in the editor."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string

from monographs.editions.queries import current_edition
from monographs.redline import redline
from monographs.review.editor.contents import FIRST_FIELD, PAGE
from monographs.review.editor.form_draft import InvalidEditorForm, draft_of
from monographs.review.editor.views import FindingsOnEdit


class SectionChangesView(FindingsOnEdit):
    """Compares one section of the posted draft with the last edition. Stores nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Return the redline of the section as HTML; "" for one that does not differ any more."""
        try:
            document = draft_of(self.form()).page.to_document()
        except InvalidEditorForm as error:
            return JsonResponse({"message": str(error)}, status=400)
        except ValueError:
            return JsonResponse(
                {"message": "The text is too unfinished to be compared. Fix what is marked first."},
                status=400,
            )
        edition = current_edition(document.key)
        if edition is None or edition.document.kind != document.kind:
            raise Http404("There is no edition to compare with.")
        anchor = PAGE if kwargs["anchor"] == FIRST_FIELD else kwargs["anchor"]
        changed = redline(edition.document, document).changed
        found = next((section for section in changed if section.anchor == anchor), None)
        html = render_to_string("review/section_text.html", {"section": found}, request) if found else ""
        return JsonResponse({"html": html})
