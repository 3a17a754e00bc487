"""What differs between text that the browser kept and the saved draft, for the bar above the editor."""

from collections import Counter
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from monographs.models import ReviewedPage
from monographs.redline import SectionRedline, redline
from monographs.review.authorship.stored_passages import UNFOLLOWABLE, passages_of
from monographs.review.editor.annotations import heading_of
from monographs.review.editor.form_draft import InvalidEditorForm, draft_of
from monographs.review.editor.saved_version import matches_revision, newer_version
from monographs.review.editor.views import FindingsOnEdit


class KeptTextView(FindingsOnEdit):
    """Compares posted kept text with the saved draft. Stores nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Return whether they are the same, what differs as HTML, and whether somebody saved meanwhile."""
        try:
            kept = draft_of(self.form()).page
        except InvalidEditorForm as error:
            return JsonResponse({"message": str(error)}, status=400)
        latest = kept.get_latest_revision()
        same = latest is not None and matches_revision(kept, latest)
        saved = latest.as_object() if latest else type(kept).objects.get(pk=kept.pk)
        context = {"sections": [], "words": []} if same else _differences(saved, kept)
        seen = request.POST.get("loaded_revision_created_at", "")
        moved_on = latest is not None and bool(seen) and seen != latest.created_at.isoformat()
        return JsonResponse(
            {
                "same": same,
                "html": render_to_string("review/editor/kept_text.html", context, request),
                "moved_on": newer_version(latest, request) + _MOVED_ON if latest and moved_on else "",
            }
        )


_MOVED_ON = " Compare both: putting yours back shows it in the form and saves nothing."


def _differences(saved: ReviewedPage, kept: ReviewedPage) -> dict[str, Any]:
    """Return the changed sections; the words by field for a text too unfinished to be a document."""
    changed: tuple[SectionRedline, ...] = ()
    with suppress(ValueError):
        changed = tuple(redline(saved.to_document(), kept.to_document()).changed)
    return {"sections": changed, "words": [] if changed else _changed_words(saved, kept)}


def _changed_words(saved: ReviewedPage, kept: ReviewedPage) -> list[tuple[str, str, str]]:
    """Return for each field with other words its label, the saved words and the kept ones."""
    try:
        before, after = (passages_of(page.serializable_data(), type(page)) for page in (saved, kept))
    except UNFOLLOWABLE:
        return []
    old, new = Counter(each.content for each in before), Counter(each.content for each in after)
    found: dict[str, tuple[list[str], list[str]]] = {}
    for passages, others, side in ((before, new, 0), (after, old, 1)):
        for passage in passages:
            if passage.content not in others and passage.tokens:
                words = " ".join(token for token in passage.tokens if not token.startswith("<"))
                found.setdefault(passage.kind.split("/")[0], ([], []))[side].append(words)
    return [(heading_of(kept, name), " … ".join(a), " … ".join(b)) for name, (a, b) in found.items()]
