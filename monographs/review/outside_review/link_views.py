"""The links for outside experts of one submission, for editors: made, shown, watched, revoked."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.expert_policy import outside_experts
from monographs.review.forms import FocusedErrorForm
from monographs.review.models import OutsideLink, OutsideVisit, Submission
from monographs.review.outside_link_end import end_of
from monographs.review.outside_review.expert_forms import InvitationToSignForm
from monographs.review.outside_review.invitation_policy import ExpertChoice, InvitationFacts
from monographs.review.outside_review.invitations import InviteExpert
from monographs.review.outside_review.link_keys import LONGEST_DAYS, USUAL_DAYS
from monographs.review.outside_review.outside_actions import (
    NOT_FOR_YOU,
    MakeOutsideLink,
    RevokeOutsideLink,
    user_can_make_link,
)
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import Verdict
from monographs.review.screens.base import FormScreen

#: Accesses of each link that are shown.
MOST_VISITS = 20


def _new_form() -> str:
    return uuid.uuid4().hex


class OutsideLinkForm(FocusedErrorForm):
    """For whom a link is, and how long it lasts."""

    expert = forms.CharField(
        label="Name of the expert",
        max_length=200,
        help_text="Their notes carry it, marked “outside expert”. They read this text, and sign nothing.",
    )
    days = forms.IntegerField(
        label="Days until it ends",
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=USUAL_DAYS,
        help_text="It also ends with the review.",
    )
    #: Sent again, the form shows the link that it made.
    form = forms.RegexField(r"^[0-9a-f]{32}$", required=False, initial=_new_form, widget=forms.HiddenInput)


@method_decorator(never_cache, name="dispatch")
class OutsideLinksView(FormScreen):
    """The links of one submission."""

    template_name = "review/outside/links.html"
    header_icon = "link-external"
    form: OutsideLinkForm | None = None
    invitation_form: InvitationToSignForm | None = None
    address = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse others than editors and administrators."""
        editor_or_superuser(authenticated_user(request), NOT_FOR_YOU).enforce()
        self.submission = get_object_or_404(Submission, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"Outside experts: {self.submission.title}"

    def own_breadcrumb(self) -> str:
        return str(self.submission.title)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link and show its address, or revoke one."""
        user = authenticated_user(request)
        try:
            if "revoke" in request.POST:
                link = self._link(request.POST["revoke"])
                if link is not None:
                    RevokeOutsideLink(user, link).execute()
                    messages.success(request, f"The link of {link.expert} has ended.")
                return redirect("review:outside_links", pk)
            if "invite" in request.POST:
                return self.invite(user)
            self.form = form = OutsideLinkForm(request.POST)
            if not form.is_valid():
                return self.invalid()
            key = MakeOutsideLink(user, self.submission, **form.cleaned_data).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        self.form = None
        self.address = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('outside_review')}?key={key}"
        return self.show()

    def invite(self, user: User) -> HttpResponse:
        """Invite a recorded expert to sign."""
        _, choices = self._choices(user)
        form = InvitationToSignForm(self.request.POST, auto_id="invite-%s", choices=choices)
        self.invitation_form = form
        if not form.is_valid():
            return self.invalid()
        link = InviteExpert(user, self.submission, form.chosen, days=form.cleaned_data["days"]).execute()
        if link.email_failed:
            messages.error(self.request, f"The invitation could not be sent to {link.expert}: see below.")
        else:
            messages.success(self.request, f"{link.expert} was sent an invitation to sign.")
        return redirect("review:outside_links", self.submission.pk)

    def _choices(self, user: User) -> tuple[Verdict, list[ExpertChoice]]:
        """Return whether ``user`` may invite anybody to sign this text, and the recorded experts."""
        experts = outside_experts()
        facts = InvitationFacts.of(user, self.submission, experts)
        return facts.of_user(), [ExpertChoice.of(facts, expert) for expert in experts]

    def _invitation(self, user: User) -> dict[str, Any]:
        """Return what the part of the screen shows by which an expert is invited."""
        if not settings.OUTSIDE_SIGNATURES:
            return {}
        may_invite, choices = self._choices(user)
        form = self.invitation_form or InvitationToSignForm(auto_id="invite-%s", choices=choices)
        return {
            "may_invite": may_invite,
            "experts": choices,
            "can_be_invited": any(not each.state for each in choices),
            "invitation_form": form,
        }

    def _link(self, number: str) -> OutsideLink | None:
        """Return the link of this submission with a primary key that was posted."""
        return self.submission.outside_links.filter(pk=posted_key(number)).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        links = OutsideLink.objects.filter(submission=self.submission).annotate(notes=Count("outside_notes"))
        visits = Prefetch("visits", OutsideVisit.objects.all()[:MOST_VISITS], to_attr="last_visits")
        rows = [
            {"link": link, "end": _state(link)}
            for link in links.select_related("submission", "made_by", "signer").prefetch_related(visits)
        ]
        return super().get_context_data(
            submission=self.submission,
            rows=rows,
            form=self.form or OutsideLinkForm(),
            address=self.address,
            takes_signatures=settings.OUTSIDE_SIGNATURES,
            may_make=user_can_make_link(user, self.submission),
            **self._invitation(user),
            **kwargs,
        )


def _state(link: OutsideLink) -> str:
    """Return why ``link`` has ended; empty while it can be used."""
    end = end_of(link)
    return end.visit.why if end else ""
