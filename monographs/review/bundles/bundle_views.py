"""The list of bundles, and the screen on which a bundle is read, signed or returned."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin import messages

from monographs.accounts.actors import person_of
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_moment_text
from monographs.review.actions import (
    MEANING,
    AddToBundle,
    MakeBundle,
    MarkAllRead,
    MarkSameRead,
    ReturnBundle,
    SignBundle,
    TakeOut,
    TickStatement,
    record_view,
)
from monographs.review.bundles.bundle_forms import (
    BundleNoteForm,
    MakeBundleForm,
    ReturnBundleForm,
    TakeOutForm,
)
from monographs.review.bundles.bundle_rows import BundleReview, bundle_review
from monographs.review.forms import ConfirmForm, SignForm
from monographs.review.models import UNDER_WAY, ReviewBundle, Submission, SubmissionStatus
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.policies.bundle_policy import bundle_takes_more, user_can_bundle
from monographs.review.queue.submission_facts import open_submissions
from monographs.review.screens.base import FormScreen
from monographs.review.screens.review_claims import claim_context
from monographs.review.screens.review_progress import PARTS_HEADER
from monographs.review.signer_identity import signer_hash

#: Bundles, and texts that can be put into one, on the list's screen.
MOST_BUNDLES, MOST_TEXTS = 50, 200
#: Texts that the screen of a bundle has with their words at once; of more, each is fetched when it is opened.
MOST_WHOLE = 12


class BundlesView(FormScreen):
    """The bundles, and for editors a form that puts texts in review together."""

    page_title = "Bundles"
    breadcrumb_root = ("bundles:list", "Bundles")
    template_name = "review/bundles/list.html"
    form: MakeBundleForm | None = None

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put the ticked texts into a new bundle, or say why not."""
        self.form = MakeBundleForm(request.POST)
        if not self.form.is_valid():
            return self.invalid()
        user, title = authenticated_user(request), self.form.cleaned_data["title"]
        try:
            bundle = MakeBundle(user, ticked_texts(request), title=title).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, "Put together. Its texts are signed as one from now on.")
        return redirect("bundles:bundle", bundle.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_bundle = user_can_bundle(self.request.user).allowed
        return super().get_context_data(
            bundles=bundles_with_counts()[:MOST_BUNDLES],
            may_bundle=may_bundle,
            texts=texts_without_bundle() if may_bundle else [],
            ticked=set(self.request.POST.getlist("text")),
            form=self.form or MakeBundleForm(),
            **kwargs,
        )


def texts_without_bundle() -> list[Submission]:
    """Return the texts in review that are in no bundle, by title."""
    return list(open_submissions().filter(bundle=None).order_by("title", "pk")[:MOST_TEXTS])


def ticked_texts(request: HttpRequest) -> list[Submission]:
    """Return the texts that were ticked, one more than a bundle takes at most."""
    ticked = [posted_key(pk) for pk in request.POST.getlist("text")[: MOST_PAGES + 1]]
    return list(Submission.objects.filter(pk__in=ticked).defer("canonical"))


def bundles_with_counts() -> QuerySet[ReviewBundle]:
    """Return all bundles with the numbers of their texts, those with texts under way first."""
    waiting = Count("submissions", filter=Q(submissions__status__in=UNDER_WAY))
    return ReviewBundle.objects.annotate(
        pages=Count("submissions"),
        waiting=waiting,
        signed=Count("submissions", filter=Q(submissions__status=SubmissionStatus.SIGNED)),
    ).order_by("-waiting", "-created_at")


class BundleView(FormScreen):
    """A bundle to read, and then to sign or return."""

    template_name = "review/bundles/bundle.html"
    breadcrumb_root = ("bundles:list", "Bundles")
    sign_form: SignForm | None = None
    return_form: ReturnBundleForm | None = None
    take_out_form: TakeOutForm | None = None
    #: A refused note, to show again.
    note_form: BundleNoteForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.bundle = get_object_or_404(ReviewBundle, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return f"Bundle: {self.bundle.title}"

    def own_breadcrumb(self) -> str:
        return str(self.bundle.title)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render the screen and store that the user viewed its texts."""
        response = self.show()
        record_view(authenticated_user(request), *open_submissions().filter(bundle=self.bundle))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        review: BundleReview = bundle_review(user, self.bundle)
        step = review.step.step.step if review.step else ""
        may_bundle = user_can_bundle(user).allowed
        shown = {"sha256": review.seen, "signer": signer_hash(person_of(user), step, MEANING)}
        return super().get_context_data(
            bundle=self.bundle,
            review=review,
            **self._shown_texts(review),
            may_bundle=may_bundle,
            loose=texts_without_bundle() if may_bundle and bundle_takes_more(self.bundle).allowed else [],
            ticked=set(self.request.POST.getlist("text")),
            meaning=MEANING,
            signer=person_of(user),
            step=step,
            sign_form=self.sign_form or SignForm(initial=shown, user=user),
            take_out_form=self.take_out_form,
            note_form=self.note_form,
            **claim_context(user, [text.submission for text in review.texts], may_review=review.may_claim),
            return_form=self.return_form or ReturnBundleForm(initial={"sha256": review.seen}),
            **kwargs,
        )

    def _shown_texts(self, review: BundleReview) -> dict[str, Any]:
        """Return which texts are open, and which have their words on the screen, by primary key."""
        everything = {text.submission.pk for text in review.texts}
        open_all = self.request.GET.get("open") == "all"
        named = {
            posted_key(self.request.GET.get("page", "")),
            getattr(self.take_out_form, "text", None),
            getattr(self.note_form, "submission_pk", None),
        }
        return {
            "open_all": open_all,
            "opened": everything if open_all else named,
            "whole": everything if open_all or len(everything) <= MOST_WHOLE else named,
        }

    @property
    def is_parts_request(self) -> bool:
        """Whether the screen's script requests the parts that a mark changes only."""
        return PARTS_HEADER in self.request.headers

    def respond(self, fragment: str, text: int | None = None) -> HttpResponse:
        """Redirect to ``fragment`` of the bundle, or return only the parts that show progress.

        ``text`` is the primary key of the text that the fragment is in.
        """
        if self.is_parts_request:
            return TemplateResponse(self.request, "review/bundles/update.html", self.get_context_data())
        is_large = Submission.objects.filter(bundle=self.bundle).count() > MOST_WHOLE
        opened = f"?page={text}" if text and is_large else ""
        return HttpResponseRedirect(f"{reverse('bundles:bundle', args=[self.bundle.pk])}{opened}#{fragment}")

    def refused(self, refusal: PolicyError, proof: ConfirmForm | None = None) -> HttpResponse:
        if self.is_parts_request:
            return HttpResponse(refusal.message, status=403, content_type="text/plain; charset=utf-8")
        return super().refused(refusal, proof)

    def explain(self, refusal: PolicyError) -> None:
        """Say why not; another attempt asks for a form with the texts and the signer as they are now."""
        super().explain(refusal)
        self.sign_form = self.return_form = None

    def member(self, request: HttpRequest) -> Submission:
        """Return the posted text of this bundle."""
        pk = posted_key(request.POST.get("text", ""))
        found: Submission = get_object_or_404(Submission, pk=pk, bundle=self.bundle)
        return found


class BundleTextView(BundleView):
    """What one text of a bundle changes, for the bundle's screen when it is opened there."""

    template_name = "review/bundles/text_body.html"

    def get(self, request: HttpRequest, pk: int, text: int = 0) -> HttpResponse:
        """Render the part."""
        user = authenticated_user(request)
        review = bundle_review(user, self.bundle, only=text)
        if not review.texts:
            raise Http404("The bundle has no such text.")
        context = {
            "bundle": self.bundle,
            "review": review,
            "text": review.texts[0],
            "may_bundle": user_can_bundle(user).allowed,
        }
        return TemplateResponse(request, self.template_name, context)


class BundleStepView(BundleView):
    """The base class of acts on a bundle; a GET request redirects to it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("bundles:bundle", pk)


class MarkTextView(BundleStepView):
    """Mark the changes of one text as read."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the marks, or say why not."""
        member = self.member(request)
        try:
            MarkAllRead(authenticated_user(request), member, digest=request.POST.get("digest", "")).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.respond(f"page-{member.pk}", member.pk)


class MarkSameView(BundleStepView):
    """Mark a change that several texts share as read on all of them."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the marks, or say why not."""
        posted = {name: request.POST.get(name, "") for name in ("seen", "digest")}
        try:
            marked = MarkSameRead(authenticated_user(request), self.bundle, **posted).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.respond(f"same-{marked[0].pk}")


class AddTextsView(BundleStepView):
    """Put further texts into a bundle."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the ticked texts in, or say why not."""
        try:
            AddToBundle(authenticated_user(request), self.bundle, ticked_texts(request)).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, "Put in. All texts of the bundle are signed as one.")
        return redirect("bundles:bundle", pk)


class BundleChecklistView(BundleStepView):
    """Store the checklist of all texts as it was posted."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tick the posted statements on each text that has them, and untick the others; or say why not."""
        posted, user = set(request.POST.getlist("statement")), authenticated_user(request)
        review = bundle_review(user, self.bundle)
        try:
            for text in review.texts:
                for statement in text.progress.statements:
                    ticked = statement in posted
                    if ticked != (statement in text.progress.ticked):
                        TickStatement(user, text.submission, statement=statement, ticked=ticked).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.respond("checklist")


class SignBundleView(BundleStepView):
    """Sign all texts of a bundle."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign, or show the bundle again with the reason why not."""
        self.sign_form = form = SignForm(request.POST, user=authenticated_user(request))
        if not form.is_valid():
            return self.invalid()
        try:
            signed = SignBundle(
                authenticated_user(request),
                self.bundle,
                seen=form.cleaned_data["sha256"],
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(request, _signed_text(signed))
        return redirect("bundles:bundle", pk)


def _signed_text(signed: list[Submission]) -> str:
    """Return the status of the texts, which is the same for all."""
    now = Submission.objects.get(pk=signed[0].pk)
    one = len(signed) == 1
    pages = "1 page" if one else f"{len(signed)} pages"
    match now.status:
        case SubmissionStatus.SIGNED:
            return f"Signed and published: {pages}{'' if one else ', at one moment'}."
        case SubmissionStatus.SCHEDULED if now.publish_at:
            day = long_moment_text(now.publish_at)
            then = f"It becomes public on {day}" if one else f"They become public on {day}, at one moment"
            return f"Signed: {pages}. {then}."
    return f"Signed: {pages}. {'It needs' if one else 'They need'} further signatures."


class ReturnBundleView(BundleStepView):
    """Return all texts of a bundle to their writers."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return them with a reason, or show the bundle again with what is missing."""
        self.return_form = form = ReturnBundleForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        try:
            returned = ReturnBundle(
                authenticated_user(request),
                self.bundle,
                seen=form.cleaned_data["sha256"],
                reason=form.cleaned_data["reason"],
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"Returned: {len(returned)} page{'' if len(returned) == 1 else 's'}.")
        return redirect("review:queue")


class TakeOutView(BundleStepView):
    """Take a text out of a bundle."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it out, or say why not; a missing reason at its field."""
        member = self.member(request)
        self.take_out_form = form = TakeOutForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        reason = form.cleaned_data["reason"]
        try:
            taken = TakeOut(authenticated_user(request), self.bundle, member, reason=reason).execute()
        except PolicyError as refusal:
            if refusal.rule != Rule.NO_REASON:
                return self.refused(refusal)
            form.add_error("reason", refusal.message)
            return self.invalid()
        then = "it becomes public on its day" if taken.is_scheduled else "its review goes on"
        messages.success(request, f"{member.title} is out of the bundle; {then} by itself.")
        return redirect("bundles:bundle", pk)
