"""The screen on which a reviewer reads a page as patients do and signs that nothing has to change."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin import messages
from wagtail.models import Page

from monographs.accounts.actors import person_of
from monographs.core.users import authenticated_user
from monographs.document.render_context import RenderContext
from monographs.editions.models import Edition
from monographs.editions.queries import public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions.sign_unchanged import (
    UNCHANGED_MEANING,
    SignUnchanged,
    UnchangedReview,
    unchanged_review,
)
from monographs.review.due_reviews.review_round import ReviewRound
from monographs.review.due_reviews.unchanged_form import UnchangedForm
from monographs.review.models import SubmissionStatus
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.policies.unchanged_policy import user_can_sign_unchanged
from monographs.review.policy import Verdict
from monographs.review.screens.base import FormScreen
from monographs.review.screens.document_preview import links_of, published_home
from monographs.review.signer_identity import signer_hash


def page_and_edition(page_id: int) -> tuple[ReviewedPage, Edition]:
    """Return a page and the edition of it that patients read. Raises ``Http404`` without one."""
    page = get_object_or_404(Page, pk=page_id, alias_of=None).specific
    edition = public_edition(page.translation_key) if isinstance(page, ReviewedPage) else None
    if edition is None or not isinstance(page, ReviewedPage):
        raise Http404("Patients do not read this page.")
    return page, edition


class UnchangedView(FormScreen):
    """One page of a review round: the text as patients read it, the checklist and the signature."""

    template_name = "review/due_reviews/unchanged.html"
    header_icon = "calendar-check"
    breadcrumb_root = ("due:list", "Reviews due")
    form: UnchangedForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page, self.edition = page_and_edition(kwargs["page_id"])
        self.round = ReviewRound.read(request.GET.get("round", ""))

    def get_page_title(self) -> str:
        return f"Review: {self.edition.title}"

    def own_breadcrumb(self) -> str:
        return str(self.edition.title)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Sign and go on to the round's next page, or show the page again with the reason why not."""
        user = authenticated_user(request)
        review, refusal = self._review()
        if review is None:
            messages.error(request, refusal.message)
            self.status = 403
            return self.show()
        self.form = form = UnchangedForm(request.POST, user=user, statements=review.statements)
        if not form.is_valid():
            return self.invalid()
        try:
            submission = SignUnchanged(
                user,
                self.page,
                seen_sha256=form.cleaned_data["sha256"],
                ticked=form.cleaned_data.get("statements", []),
                **form.signing(request),
            ).execute()
        except PolicyError as error:
            return self.refused(error, form)
        submission.refresh_from_db()
        if submission.status == SubmissionStatus.SIGNED:
            messages.success(request, f"Signed: {self.edition.title} was reviewed, nothing changes.")
        else:
            messages.success(request, f"Signed: {self.edition.title}. It needs further signatures.")
        return redirect(self.round.after(page_id))

    def refused(self, refusal: PolicyError, proof: Any = None) -> HttpResponse:
        """Show the page as it is now."""
        self.page, self.edition = page_and_edition(self.page.pk)
        return super().refused(refusal, proof)

    def explain(self, refusal: PolicyError) -> None:
        """Say why not; another signature asks for a form with the text and the signer as they are now."""
        super().explain(refusal)
        self.form = None

    def _review(self) -> tuple[UnchangedReview | None, Verdict]:
        """Return what is signed, and whether the user may."""
        try:
            review = unchanged_review(self.page)
        except PolicyError as error:
            return None, Verdict(False, error.rule, error.message)
        return review, user_can_sign_unchanged(authenticated_user(self.request), review.facts, review.task)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        review, may_sign = self._review()
        step = review.task.name if review else ""
        shown = {
            "sha256": self.edition.sha256,
            "signer": signer_hash(person_of(user), step, UNCHANGED_MEANING),
        }
        statements = review.statements if review else []
        return super().get_context_data(
            page=self.page,
            edition=self.edition,
            review=review,
            may_sign=may_sign,
            may_edit=self.page.permissions_for_user(user).can_edit(),
            label_tasks=review.facts.label_changes if review else 0,
            form=self.form or UnchangedForm(initial=shown, user=user, statements=statements),
            meaning=UNCHANGED_MEANING,
            signer=person_of(user),
            step=step,
            round=self.round,
            place=self.round.place(self.page.pk),
            next_url=self.round.after(self.page.pk),
            **kwargs,
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class EditionTextView(ReviewAccessMixin, View):
    """The text that patients read, for the frame of the screen."""

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Render the edition with the public templates."""
        _, edition = page_and_edition(page_id)
        document = edition.document
        context = RenderContext.draft(
            document,
            links=links_of(document),
            site=published_home(),
            figures={figure.sha256: f"/figures/{figure.file_name}" for figure in document.figures()},
            banner=f"Edition {edition.number}, which patients read now",
        )
        return TemplateResponse(request, context.template, context.as_template_context())
