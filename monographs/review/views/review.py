"""One review: the whole text as the patient would see it, and the two answers to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin import messages

from monographs.document.models import BaseDocument
from monographs.document.reading import ReadingContext
from monographs.editions.figures import FigureLost, figure_bytes
from monographs.editions.making import current_edition, public_edition
from monographs.editions.models import Publication, PublicationState, Signature
from monographs.review import policy
from monographs.review.actions import MEANING, Recall, Return, Sign
from monographs.review.changes import beside_the_text, changes
from monographs.review.forms import RecallForm, ReturnForm, SignForm
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.refusals import Refused
from monographs.review.views.base import ReviewScreen


class ReviewView(ReviewScreen):
    """Read, then sign or return."""

    template_name = "review/review.html"
    sign_form: SignForm | None = None
    return_form: ReturnForm | None = None
    recall_form: RecallForm | None = None
    status = 200

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.submission = get_object_or_404(
            Submission.objects.select_related("workflow_state__current_task_state__task", "page"),
            pk=kwargs["pk"],
        )

    def get_page_title(self) -> str:
        return f"Review: {self.submission.title}"

    def own_breadcrumb(self) -> str:
        return str(self.submission.title)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the text and what changed."""
        return self.show()

    def show(self) -> HttpResponse:
        """The screen, with whatever a refused answer left in its forms."""
        return self.render_to_response(self.get_context_data(), status=self.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.submission
        document = submission.document
        edition = current_edition(submission.key)
        waits = submission.is_open or submission.is_scheduled
        compared = edition if waits else None
        return super().get_context_data(
            submission=submission,
            beside=beside_the_text(document),
            edition=edition,
            changes=changes(compared.document if compared else None, document),
            is_open=submission.is_open,
            waits=waits,
            is_withdrawn=edition is not None and public_edition(submission.key) is None,
            may_sign=policy.may_sign(self.request.user, submission),
            may_return=policy.may_review(self.request.user, submission),
            may_recall=policy.may_recall(self.request.user, submission),
            meaning=MEANING,
            signatures=Signature.objects.filter(submission=submission.uuid).order_by("signed_at"),
            sign_form=self.sign_form
            or SignForm(initial={"sha256": submission.sha256}, user=self.request.user),
            signatures_void=submission.status in (SubmissionStatus.RETURNED, SubmissionStatus.RECALLED),
            return_form=self.return_form or ReturnForm(),
            recall_form=self.recall_form or RecallForm(),
            **kwargs,
        )


class _AnswerView(ReviewView):
    """An answer is posted; its address alone leads back to the text."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("review:review", pk)

    def refused(self, refusal: Refused) -> HttpResponse:
        """The same screen with the refusal on it, so that nothing typed is lost."""
        messages.error(self.request, refusal.message)
        self.status = 403
        self.submission.refresh_from_db()
        return self.show()


class SignView(_AnswerView):
    """The signature."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign, or say why not."""
        form = SignForm(request.POST, user=request.user)
        if not form.is_valid():
            self.sign_form, self.status = form, 400
            return self.show()
        try:
            Sign(
                request.user,
                self.submission,
                password=form.cleaned_data["password"],
                code=form.cleaned_data.get("code", ""),
                seen_sha256=form.cleaned_data["sha256"],
                request=request,
            ).execute()
        except Refused as refusal:
            return self.refused(refusal)
        self.submission.refresh_from_db()
        if self.submission.status == SubmissionStatus.SIGNED:
            path = self.submission.document.path
            messages.success(
                request,
                f"Signed and published: {self.submission.title}.",
                buttons=[messages.button(path, "See the patient's page", new_window=True)],
            )
        elif self.submission.is_scheduled:
            messages.success(
                request,
                f"Signed: {self.submission.title}. Patients read it from "
                f"{self.submission.publish_at:%Y-%m-%d %H:%M} UTC.",
            )
        else:
            messages.success(request, f"Signed: {self.submission.title}. It waits for further signatures.")
        return redirect("review:queue")


class ReturnView(_AnswerView):
    """The return to the writers."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return with a reason, or say what is missing."""
        form = ReturnForm(request.POST)
        if not form.is_valid():
            self.return_form, self.status = form, 400
            return self.show()
        try:
            Return(request.user, self.submission, reason=form.cleaned_data["reason"]).execute()
        except Refused as refusal:
            self.return_form = form
            return self.refused(refusal)
        messages.success(request, f"Returned to {self.submission.submitter_person.name}.")
        return redirect("review:queue")


class RecallView(_AnswerView):
    """The writer's way back to the draft."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Recall, or say why not."""
        form = RecallForm(request.POST)
        self.recall_form = form
        if not form.is_valid():
            self.status = 400
            return self.show()
        try:
            Recall(request.user, self.submission, reason=form.cleaned_data["reason"]).execute()
        except Refused as refusal:
            return self.refused(refusal)
        messages.success(request, f"Recalled: {self.submission.title} can be changed again.")
        if self.submission.page_id:
            return redirect("wagtailadmin_pages:edit", self.submission.page_id)
        return redirect("review:queue")


@method_decorator(xframe_options_sameorigin, name="dispatch")
class DocumentView(View):
    """The submitted text in the public templates, for the frame on the review screen."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render exactly what would be signed."""
        submission = get_object_or_404(Submission, pk=pk)
        document: BaseDocument = submission.document
        links = Publication.objects.filter(
            key__in=document.linked_keys(), state=PublicationState.CURRENT
        ).values_list("key", "path")
        context = ReadingContext.draft(
            document,
            links={str(key): path for key, path in links},
            site=_published_home(),
            figures={
                figure.sha256: reverse("review:figure", args=[pk, figure.file_name])
                for figure in document.figures()
            },
            banner="In review, not yet approved",
        )
        return TemplateResponse(request, context.template, context.as_template_context())


def _published_home() -> Any:
    home = (
        Publication.objects.filter(path="/", state=PublicationState.CURRENT).select_related("edition").first()
    )
    return home.edition.document if home else None


class FigureView(View):
    """A pinned figure of a submitted text."""

    def get(self, request: HttpRequest, pk: int, file_name: str) -> HttpResponse:
        """The pinned bytes, if the submission shows them."""
        submission = get_object_or_404(Submission, pk=pk)
        for figure in submission.document.figures():
            if figure.file_name == file_name:
                try:
                    return HttpResponse(figure_bytes(file_name), content_type=figure.media_type)
                except FigureLost as error:
                    raise Http404(str(error)) from error
        raise Http404("No such figure in this text.")
