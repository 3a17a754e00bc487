"""One review: what changed, section by section, and the whole text; what is left to do, and the answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin import messages

from monographs.editions.models import Edition, Signature
from monographs.editions.queries import public_edition
from monographs.pages.refusals import PolicyError
from monographs.review import policy
from monographs.review.actions import MEANING, record_view
from monographs.review.forms import NoteForm, RecallForm, ReturnForm, SignForm
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.review_context import ReviewContext, review_context_for
from monographs.review.screens.base import ReviewScreen
from monographs.review.screens.document_preview import links_of

#: Which comparison is shown: ``?since=mine`` is against what this person saw last.
SINCE_MINE = "mine"
#: How it is shown: ``?view=side`` is in two columns.
SIDE = "side"


def _query(*, since_mine: bool, side: bool) -> str:
    chosen = {"since": SINCE_MINE if since_mine else "", "view": SIDE if side else ""}
    said = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{said}" if said else ""


class ReviewView(ReviewScreen):
    """Read, then sign or return."""

    template_name = "review/review.html"
    sign_form: SignForm | None = None
    return_form: ReturnForm | None = None
    recall_form: RecallForm | None = None
    #: A note, or an answer to the note of this number, that was refused: it is shown again with its words.
    note_form: NoteForm | None = None
    answered: int | None = None
    answer: str = ""
    status = 200

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.submission = get_object_or_404(
            Submission.objects.select_related("workflow_state__current_task_state__task", "page"),
            pk=kwargs["pk"],
        )
        self.since_mine = request.GET.get("since") == SINCE_MINE
        self.side = request.GET.get("view") == SIDE

    @property
    def query(self) -> str:
        """What keeps the view that was chosen, at the end of an address."""
        return _query(since_mine=self.since_mine, side=self.side)

    def _views(self) -> dict[str, str]:
        """Addresses of the other views of this text, by name."""
        return {
            "edition": _query(since_mine=False, side=self.side),
            "mine": _query(since_mine=True, side=self.side),
            "inline": _query(since_mine=self.since_mine, side=False),
            "side": _query(since_mine=self.since_mine, side=True),
        }

    def _figures(self, edition: Edition | None) -> dict[str, str]:
        """Addresses of pictures by file name: patients' for an edition's, this review's for its own."""
        public = edition.document.figures() if edition else []
        here = self.submission.document.figures()
        return {figure.file_name: f"/figures/{figure.file_name}" for figure in public} | {
            figure.file_name: reverse("review:figure", args=[self.submission.pk, figure.file_name])
            for figure in here
        }

    def get_page_title(self) -> str:
        return f"Review: {self.submission.title}"

    def own_breadcrumb(self) -> str:
        return str(self.submission.title)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the text and what changed."""
        response = self.show()
        record_view(request.user, self.submission)
        return response

    def show(self) -> HttpResponse:
        """The screen, with whatever a refused answer left in its forms."""
        return self.render_to_response(self.get_context_data(), status=self.status)

    def read(self) -> ReviewContext:
        """The text as this person reads it."""
        return review_context_for(self.request.user, self.submission, since_mine=self.since_mine)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, user = self.submission, self.request.user
        seen = self.read()
        edition = seen.progress.edition
        may_review = policy.user_can_review(user, submission)
        return super().get_context_data(
            submission=submission,
            reading=seen,
            progress=seen.progress,
            edition=edition,
            ready=seen.progress.verdict(),
            reviewers=submission.reviewers.order_by("last_name", "first_name", "pk"),
            query=self.query,
            views=self._views(),
            is_open=submission.is_open,
            waits=submission.is_open or submission.is_scheduled,
            is_withdrawn=edition is not None and public_edition(submission.key) is None,
            may_sign=policy.user_can_sign(user, submission),
            may_return=may_review,
            may_mark=may_review.allowed,
            may_recall=policy.user_can_recall(user, submission),
            meaning=MEANING,
            signatures=Signature.objects.filter(submission=submission.uuid).order_by("signed_at"),
            signatures_void=submission.status in (SubmissionStatus.RETURNED, SubmissionStatus.RECALLED),
            sign_form=self.sign_form or SignForm(initial={"sha256": submission.sha256}, user=user),
            return_form=self.return_form or ReturnForm(notes=len(seen.progress.notes)),
            recall_form=self.recall_form or RecallForm(),
            side=self.side,
            links=links_of(submission.document),
            figures=self._figures(edition),
            note_forms=self._note_forms(seen),
            answered=self.answered,
            answer=self.answer,
            **kwargs,
        )

    def _note_forms(self, seen: ReviewContext) -> dict[str, NoteForm]:
        forms = {row.anchor: NoteForm.on(row.anchor) for row in seen.rows}
        if self.note_form is not None:
            forms[str(self.note_form["section"].value())] = self.note_form
        return forms


class DecisionView(ReviewView):
    """An answer is posted; its address alone leads back to the text."""

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return redirect("review:review", pk)

    def refused(self, refusal: PolicyError) -> HttpResponse:
        """The same screen with the refusal on it, so that nothing typed is lost."""
        messages.error(self.request, refusal.message)
        self.status = 403
        self.submission.refresh_from_db()
        return self.show()
