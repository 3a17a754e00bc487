"""Notes posted from the screen of a bundle, on a section of one of its texts."""

from django.http import HttpRequest, HttpResponse
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions import AddNote
from monographs.review.bundles.bundle_forms import BundleNoteForm
from monographs.review.bundles.bundle_views import BundleStepView
from monographs.review.screens.review_progress import NOTE_ADDED, warn_of_unknown_mentions


class NoteOnTextView(BundleStepView):
    """Add a note on a section of one text."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the note and go back to it in the bundle, or show what is wrong with it there."""
        member = self.member(request)
        self.note_form = form = BundleNoteForm.posted(request.POST)
        if not form.is_valid():
            return self.invalid()
        try:
            note = AddNote(authenticated_user(request), member, **form.note_fields()).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, NOTE_ADDED)
        warn_of_unknown_mentions(request, note.key, note.body)
        return self.respond(f"note-{note.pk}", member.pk)
