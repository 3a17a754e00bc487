"""What an outside expert sees by a link: the text with its changes, and a form for notes.

No session and, unless the link is an invitation to sign (``expert_views``), no account and no signature.
"""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.pages.refusals import PolicyError
from monographs.review.actions.notes import MAX_LENGTH
from monographs.review.forms import FocusedErrorForm
from monographs.review.models import Note, OutsideLink, VisitKind
from monographs.review.outside_link_end import LinkEnd, end_of
from monographs.review.outside_review.expert_page import expert_context
from monographs.review.outside_review.link_keys import log_visit, opened_link
from monographs.review.outside_review.outside_actions import leave_outside_note, redline_of
from monographs.review.progress import compared_with
from monographs.review.screens.document_preview import links_of


class OutsideNoteForm(FocusedErrorForm):
    """A note on a section, or on words of it that are copied into ``quote``."""

    section = forms.CharField(max_length=60, widget=forms.HiddenInput)
    body = forms.CharField(label="Your note", max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    quote = forms.CharField(
        label="The words it is about",
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Copy them from the text. Leave it empty for the whole section.",
    )


def with_outside_headers(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of caches, search engines, frames, and addresses of other sites."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@method_decorator(never_cache, name="dispatch")
class OutsideReviewView(View):
    """The submission of a link."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the holder of an ended link the reason, and nothing of the text."""
        self.key = request.GET.get("key", "")
        opened = opened_link(self.key)
        if opened.link is None or opened.end is not None:
            return with_outside_headers(_ended(request, opened.end or LinkEnd.UNKNOWN))
        self.link: OutsideLink = opened.link
        return with_outside_headers(super().dispatch(request, *args, **kwargs))  # type: ignore[arg-type]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the text."""
        log_visit(self.link, VisitKind.READ)
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store a note, or show the text again with what was typed and what is wrong."""
        section = request.POST.get("section", "")
        form = OutsideNoteForm(request.POST, auto_id=f"note-{section}-%s")
        if not form.is_valid():
            return self.show(form, status=400)
        try:
            note = leave_outside_note(self.link, **form.cleaned_data)
        except PolicyError as refusal:
            form.add_error("quote" if form.cleaned_data["quote"] else "body", refusal.message)
            return self.show(form, status=403)
        query = urlencode({"key": self.key})
        return HttpResponseRedirect(f"{reverse('outside_review')}?{query}#note-{note.pk}")

    def ended(self) -> HttpResponse | None:
        """Return the response for an ended link; None while it can be used."""
        end = end_of(self.link)
        return _ended(self.request, end) if end else None

    def show(self, refused: OutsideNoteForm | None = None, status: int = 200, **expert: Any) -> HttpResponse:
        """Render the page; ``expert`` is what ``expert_context`` takes."""
        submission = self.link.submission
        edition = compared_with(submission)
        redline = redline_of(submission)
        notes: dict[str, list[Note]] = {}
        for note in Note.objects.filter(outside_link=self.link):
            notes.setdefault(note.section, []).append(note)
        place = str(refused["section"].value()) if refused else ""
        extra = expert_context(self.link, self.key, **expert)
        digests = extra.get("digests", {})
        read = extra["progress"].read if digests else {}
        rows = [
            {
                "section": section,
                "must_read": section.anchor in digests,
                "read_at": read.get(section.anchor),
                "notes": notes.get(section.anchor, []),
                "form": refused
                if refused and place == section.anchor
                else OutsideNoteForm(
                    initial={"section": section.anchor}, auto_id=f"note-{section.anchor}-%s"
                ),
            }
            for section in redline.sections
        ]
        lost = refused if refused and place not in {section.anchor for section in redline.sections} else None
        query = urlencode({"key": self.key})
        documents = [submission.document, *([edition.document] if edition else [])]
        context = {
            "link": self.link,
            "submission": submission,
            "edition": edition,
            "rows": rows,
            "changed": len(redline.changed),
            "lost": lost,
            "action": f"{reverse('outside_review')}?{query}",
            "links": links_of(submission.document),
            "figures": {
                figure.file_name: f"{reverse('outside_figure', args=[figure.file_name])}?{query}"
                for document in documents
                for figure in document.figures()
            },
        } | extra
        return render(self.request, "review/outside/page.html", context, status=status)


class OutsideFigureView(OutsideReviewView):
    """A figure of the text of a link."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, file_name: str = "") -> HttpResponse:
        """Return the picture if the text or the one before has it."""
        edition = compared_with(self.link.submission)
        documents = [self.link.submission.document, *([edition.document] if edition else [])]
        for figure in (figure for document in documents for figure in document.figures()):
            if figure.file_name == file_name:
                log_visit(self.link, VisitKind.FIGURE)
                try:
                    return HttpResponse(figure_bytes(file_name), content_type=figure.media_type)
                except FigureFileError as error:
                    raise Http404(str(error)) from error
        raise Http404("No such figure in this text.")


def _ended(request: HttpRequest, end: LinkEnd) -> HttpResponse:
    status = 429 if end is LinkEnd.TOO_MANY else 404 if end is LinkEnd.UNKNOWN else 410
    context = {"heading": end.heading, "reason": end.value}
    response = render(request, "review/outside/ended.html", context, status=status)
    if end is LinkEnd.TOO_MANY:
        response.headers["Retry-After"] = "60"
    return response
