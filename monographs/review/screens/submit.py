"""Submit a draft for review: its errors, or the form with what reviewers need to know."""

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.document import matches_hash
from monographs.editions.conflicts import conflicts_now
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.queries import current_edition, public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError
from monographs.redline import redline
from monographs.review import policy
from monographs.review.actions import Submit
from monographs.review.actions.open_review import workflow_of
from monographs.review.forms import SubmitForm
from monographs.review.labels_of_pages.label_findings import label_findings
from monographs.review.policies.correction_policy import correction_obstacles
from monographs.review.screens.base import ReviewScreen
from monographs.review.submission_state.last_submission import remembered_terms
from monographs.rules.checks.structure import CHANGE_NOTE
from monographs.rules.draft_check import change_note_problem, findings_of


class SubmitView(ReviewScreen):
    """Submit a draft for review."""

    template_name = "review/submit.html"
    header_icon = "resubmit"
    form: SubmitForm | None = None
    status = 200

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not isinstance(page, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        self.page = page
        self.draft: ReviewedPage = page.get_latest_revision_as_object()

    def get_page_title(self) -> str:
        return f"Submit for review: {self.draft.title}"

    def own_breadcrumb(self) -> str:
        return str(self.draft.title)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Show the errors of the draft, or the form."""
        return self.redirect_if_refused() or self.show()

    def redirect_if_refused(self) -> HttpResponse | None:
        """Redirect a user who may not submit this page: they may not see its draft either."""
        verdict = policy.user_can_submit(self.request.user, self.page)
        if verdict.allowed:
            return None
        messages.error(self.request, verdict.message)
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Submit, or show the form again with the reason why not."""
        form = self.make_form(request.POST)
        self.form = form
        if not form.is_valid():
            self.status = 400
            return self.redirect_if_refused() or self.show()
        try:
            submission = Submit(
                authenticated_user(request),
                self.page,
                review_kind=ReviewKind(form.cleaned_data["review_kind"]),
                reason=form.cleaned_data["reason"],
                publish_at=form.cleaned_data["publish_at"],
                reviewers=form.cleaned_data["reviewers"],
                due_on=form.cleaned_data["due_on"],
                nothing_to_change=form.cleaned_data.get("nothing_to_change", False),
                change_note=form.cleaned_data.get("change_note"),
            ).execute()
        except PolicyError as refusal:
            messages.error(request, refusal.message)
            self.status = 403
            return self.redirect_if_refused() or self.show()
        messages.success(request, f"{self.draft.title} is in review. The public pages have not changed.")
        return redirect("review:review", submission.pk)

    def make_form(self, data: Any = None) -> SubmitForm:
        """Return the form with the choices that there are for this draft.

        It opens with what was entered for the last submission, if that one came back.
        """
        edition = current_edition(self.page.translation_key)
        candidates = self.candidates()
        return SubmitForm(
            data,
            candidates=candidates,
            unchanged=self.is_unchanged(),
            first=edition is None,
            note_problem=lambda note: self.note_problem(note, edition),
            initial={
                "change_note": "" if edition and not self._has_own_note(edition) else self.draft.change_note,
                **remembered_terms(self.page.translation_key, candidates),
            },
        )

    def _has_own_note(self, edition: Edition) -> bool:
        return bool(self.draft.change_note != edition.change_note)

    def note_problem(self, note: str, edition: Edition | None) -> str:
        """Return what is wrong with a sentence on what changed, beside that of ``edition``; "" if nothing."""
        try:
            document = self.draft.to_document().model_copy(update={"change_note": note})
        except ValueError:  # the draft has errors, which are shown instead
            return ""
        return change_note_problem(document, edition.document if edition else None)

    def candidates(self) -> list[User]:
        """Return the accounts that can be asked to review it.

        None where no workflow is set up; submitting then says so.
        """
        try:
            _, tasks = workflow_of(self.page)
        except PolicyError:
            return []
        return policy.eligible_reviewers(
            tasks[0], self.page.translation_key, authenticated_user(self.request)
        )

    def is_unchanged(self) -> bool:
        """Return whether patients read exactly the draft."""
        edition = public_edition(self.page.translation_key)
        try:
            return edition is not None and matches_hash(self.draft.to_document(), edition.sha256)
        except ValueError:
            return False

    def show(self) -> HttpResponse:
        """Render the screen."""
        edition = current_edition(self.page.translation_key)
        published = edition.document if edition else None
        findings = [*findings_of(self.draft, published=published), *label_findings(self.draft)]
        # What changed is asked in the form
        problems = [finding for finding in findings if finding.stops and finding.rule != CHANGE_NOTE.name]
        document = None if problems else self.draft.to_document()
        compared = redline(published, document) if document else None
        context = self.get_context_data(
            page=self.page,
            edition=edition,
            problems=problems,
            advice=[finding for finding in findings if not finding.stops],
            is_withdrawn=edition is not None and public_edition(self.page.translation_key) is None,
            redline=compared,
            full_review_reasons=(
                correction_obstacles(self.page.translation_key, document, compared)
                if document and edition
                else []
            ),
            conflicts=conflicts_now(self.page.translation_key),
            form=self.form or self.make_form(),
        )
        return self.render_to_response(context, status=self.status)
