"""The review screen: the changes by section, the whole text, the remaining steps, and the decisions."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from monographs.accounts.actors import person_of
from monographs.core.users import authenticated_user
from monographs.editions.conflicts import conflicts_now
from monographs.editions.models import Edition, Signature
from monographs.editions.queries import public_edition
from monographs.imports.models import ImportedText
from monographs.pages.refusals import PolicyError
from monographs.review import policy
from monographs.review.actions import MEANING, record_view
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.forms import ConfirmForm, NoteForm, RecallForm, ReturnForm, SignForm
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.policies.remedy_policy import remedy_page_of
from monographs.review.policies.set_aside_policy import open_set_aside
from monographs.review.review_context import ReviewContext, review_context_for
from monographs.review.screens.base import FormScreen
from monographs.review.screens.document_parts import parts_of_rows
from monographs.review.screens.document_preview import links_of
from monographs.review.screens.review_claims import claim_context
from monographs.review.screens.versions import submission_name
from monographs.review.signer_identity import signer_hash
from monographs.review.submission_state.step_progress import step_progress_of
from monographs.review.suggestion_forms import SuggestionForm
from monographs.review.suggestions.suggestion_policy import bar_notice_for

#: ``?since=mine`` compares with the submission the user opened last.
SINCE_MINE = "mine"
#: ``?view=side`` shows the comparison in two columns.
SIDE = "side"


def _query_string(*, since_mine: bool, side: bool) -> str:
    parameters = {"since": SINCE_MINE if since_mine else "", "view": SIDE if side else ""}
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"?{query}" if query else ""


class ReviewView(FormScreen):
    """A submission to read, and then to sign or return."""

    template_name = "review/review.html"
    sign_form: SignForm | None = None
    return_form: ReturnForm | None = None
    recall_form: RecallForm | None = None
    #: A refused note, or a refused answer to the note with the primary key ``answered``, to show again.
    note_form: NoteForm | None = None
    suggestion_form: SuggestionForm | None = None
    answered: int | None = None
    answer: str = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.submission = get_object_or_404(
            Submission.objects.select_related("workflow_state__current_task_state__task", "page", "bundle"),
            pk=kwargs["pk"],
        )
        self.since_mine = request.GET.get("since") == SINCE_MINE
        self.side = request.GET.get("view") == SIDE

    @property
    def query(self) -> str:
        """The query string that keeps the chosen comparison and layout."""
        return _query_string(since_mine=self.since_mine, side=self.side)

    def _view_queries(self) -> dict[str, str]:
        """Return the query strings of the other comparisons and layouts."""
        return {
            "edition": _query_string(since_mine=False, side=self.side),
            "mine": _query_string(since_mine=True, side=self.side),
            "inline": _query_string(since_mine=self.since_mine, side=False),
            "side": _query_string(since_mine=self.since_mine, side=True),
        }

    def _figures(self, edition: Edition | None) -> dict[str, str]:
        """Return the URLs of the figures of edition and submission by file name."""
        published = edition.document.figures() if edition else []
        return {figure.file_name: f"/figures/{figure.file_name}" for figure in published} | {
            figure.file_name: reverse("review:figure", args=[self.submission.pk, figure.file_name])
            for figure in self.submission.document.figures()
        }

    def get_page_title(self) -> str:
        return f"Review: {self.submission.title}"

    def own_breadcrumb(self) -> str:
        return str(self.submission.title)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render the screen and store that the user viewed the submission."""
        response = self.show()
        record_view(authenticated_user(request), self.submission)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission, user = self.submission, authenticated_user(self.request)
        context = review_context_for(user, submission, since_mine=self.since_mine)
        progress = context.progress
        edition = progress.edition
        may_review = policy.user_can_review(user, submission)
        return super().get_context_data(
            submission=submission,
            version_name=submission_name(submission),
            imported=ImportedText.latest(submission.key, edition.created_at if edition else None),
            review=context,
            progress=progress,
            edition=edition,
            ready=progress.verdict(),
            query=self.query,
            views=self._view_queries(),
            remedy_page=remedy_page_of(user, submission),
            conflicts=conflicts_now(submission.key),
            user_id=user.pk,
            **self._state(edition),
            **self._decisions(user, may_review, notes=len(progress.notes)),
            parts=parts_of_rows(submission.document, [row.anchor for row in context.rows]),
            side=self.side,
            links=links_of(submission.document),
            figures=self._figures(edition),
            note_forms=self._note_forms(context),
            suggestion_forms=self._suggestion_forms(context) if may_review.allowed else {},
            bar_notice=bar_notice_for(user) if may_review.allowed else "",
            answered=self.answered,
            answer=self.answer,
            **kwargs,
        )

    def _state(self, edition: Edition | None) -> dict[str, Any]:
        """Return how far the submission is, and what was decided about it."""
        submission = self.submission
        reviewers = submission.reviewers.order_by("last_name", "first_name", "pk")
        away = absences_today() if submission.is_open else {}
        return {
            "reviewers": [name_with_absence(each, away) for each in reviewers],
            "is_open": submission.is_open,
            "under_way": submission.is_open or submission.is_scheduled,
            "set_aside": open_set_aside(submission.key) if edition else None,
            "is_withdrawn": edition is not None and public_edition(submission.key) is None,
            "signatures": Signature.objects.filter(submission=submission.uuid).order_by("signed_at"),
            "signatures_void": submission.status in (SubmissionStatus.RETURNED, SubmissionStatus.RECALLED),
            "step_progress": step_progress_of(submission),
        }

    def _decisions(self, user: User, may_review: policy.Verdict, notes: int) -> dict[str, Any]:
        """Return what the user may decide about the submission, and the forms for it."""
        submission, signer = self.submission, person_of(user)
        task = policy.current_task(submission)
        step = task.name if task else ""
        shown = {"sha256": submission.sha256, "signer": signer_hash(signer, step, MEANING)}
        return {
            "may_invite": policy.is_editor_or_superuser(user),
            "may_sign": policy.user_can_sign(user, submission),
            "may_return": may_review,
            "may_mark": may_review.allowed,
            "may_recall": policy.user_can_recall(user, submission),
            "meaning": MEANING,
            "signer": signer,
            "step": step,
            "sign_form": self.sign_form or SignForm(initial=shown, user=user),
            "return_form": self.return_form or ReturnForm(notes=notes),
            "recall_form": self.recall_form or RecallForm(),
            **claim_context(user, [submission], may_review=may_review.allowed),
        }

    def _note_forms(self, context: ReviewContext) -> dict[str, NoteForm]:
        forms = {row.anchor: NoteForm.for_section(row.anchor) for row in context.rows}
        if self.note_form is not None:
            forms[str(self.note_form["section"].value())] = self.note_form
        return forms

    def _suggestion_forms(self, context: ReviewContext) -> dict[str, SuggestionForm]:
        forms = {row.anchor: SuggestionForm.for_section(row.anchor) for row in context.rows}
        if self.suggestion_form is not None:
            forms[str(self.suggestion_form["section"].value())] = self.suggestion_form
        return forms


class DecisionView(ReviewView):
    """The base class of actions on a submission; a GET request redirects to the review."""

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return redirect("review:review", pk)

    def refused(self, refusal: PolicyError, proof: ConfirmForm | None = None) -> HttpResponse:
        self.submission.refresh_from_db()
        return super().refused(refusal, proof)

    def explain(self, refusal: PolicyError) -> None:
        """Say why not; another signature asks for a form with the text and the signer as they are now."""
        super().explain(refusal)
        self.sign_form = None
