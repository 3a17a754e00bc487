"""What an invited expert does beside reading and noting: marks, ticks, asks for a code, signs or returns."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import MarkRead, MarkUnread, TickStatement
from monographs.review.forms import FocusedErrorForm
from monographs.review.models import VisitKind
from monographs.review.outside_review.expert_actions import ReturnByCode, SignByCode
from monographs.review.outside_review.expert_forms import ReturnByCodeForm, SignByCodeForm
from monographs.review.outside_review.expert_page import ExpertMessage, with_expert
from monographs.review.outside_review.link_keys import links_with_all, log_visit
from monographs.review.outside_review.outside_views import OutsideReviewView
from monographs.review.outside_review.signing_codes import (
    VALID,
    EnteredCode,
    new_session,
    send_code,
    signer_of,
)

#: The cookie of a browser that asked for a code.
COOKIE = "outside_signing"
#: Refused decisions by one link that are recorded in the ledger, which nobody may fill at will.
MOST_REFUSALS = 50


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ExpertDecisionView(OutsideReviewView):
    """The base class of acts of an invited expert; a link without an invitation is refused."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the text; the address is for acts only."""
        return HttpResponseRedirect(self.page_address())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what was posted, or show the text with what is wrong."""
        acts: dict[str, Callable[[], HttpResponse]] = {
            "mark": self.mark,
            "tick": self.tick,
            "code": self.code,
            "sign": self.sign,
            "return": self.give_back,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self.say("This page does not know what to do. Reload it.", status=400)
        if self.link.visits.filter(what=VisitKind.REFUSED_ACT).count() >= MOST_REFUSALS:
            return self.say("Too much was refused by this link. Ask for another invitation.", status=429)
        try:
            signer_of(self.link)
            return act()
        except PolicyError as refusal:
            log_visit(self.link, VisitKind.REFUSED_ACT)
            return self.refused(refusal)

    def page_address(self, fragment: str = "") -> str:
        """Return the address of the page, at a place on it."""
        return f"{reverse('outside_review')}?{urlencode({'key': self.key})}{fragment}"

    def say(self, message: str, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show the text with a message above it, which is an error with another status."""
        is_error = status != HTTPStatus.OK
        return self.show(status=status, said=ExpertMessage(message, is_error=is_error), **shown)

    def refused(self, refusal: PolicyError, **shown: Any) -> HttpResponse:
        """Show the text with the reason; if the link has ended meanwhile, only that."""
        self.link = links_with_all().get(pk=self.link.pk)
        if ended := self.ended():
            return ended
        return self.say(with_expert(refusal), status=403, **shown)

    def mark(self) -> HttpResponse:
        """Mark the change of a section as read, or not."""
        posted = self.request.POST
        section = posted.get("section", "")
        action = MarkUnread if posted.get("value") == "unread" else MarkRead
        action(
            signer_of(self.link), self.link.submission, section=section, digest=posted.get("digest", "")
        ).execute()
        return HttpResponseRedirect(self.page_address(f"#section-{section}"))

    def tick(self) -> HttpResponse:
        """Store the checklist as it was posted."""
        ticked = self.request.POST.getlist("statement")
        submission = self.link.submission
        for statement in dict.fromkeys([*submission.checklist, *ticked]):
            TickStatement(
                signer_of(self.link), submission, statement=statement, ticked=statement in ticked
            ).execute()
        return HttpResponseRedirect(self.page_address("#decision"))

    def code(self) -> HttpResponse:
        """Send a code, and let this browser show later that it asked for it."""
        session = new_session()
        send_code(self.link, session)
        log_visit(self.link, VisitKind.CODE_SENT)
        minutes = int(VALID.total_seconds() // 60)
        response = self.say(
            f"A code was sent to your recorded address. It works once, for {minutes} minutes, here."
        )
        response.set_signed_cookie(
            COOKIE,
            session,
            salt=COOKIE,
            max_age=int(VALID.total_seconds()),
            path=reverse("outside_review"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response

    def entered(self, form: FocusedErrorForm) -> EnteredCode:
        """Return the code of a valid form with what this browser keeps."""
        session = self.request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=int(VALID.total_seconds()))
        return EnteredCode(form.cleaned_data["code"], session or "")

    def sign(self) -> HttpResponse:
        """Sign the text."""
        form = SignByCodeForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=400, sign_form=form)
        SignByCode(
            self.link,
            self.entered(form),
            seen_sha256=form.cleaned_data["sha256"],
            seen_signer=form.cleaned_data["signer"],
        ).execute()
        message = "You have signed this text. Thank you. You can close this page."
        return self.done(VisitKind.SIGNED, "Signed", message)

    def give_back(self) -> HttpResponse:
        """Return the text to its writers."""
        form = ReturnByCodeForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=400, return_form=form)
        try:
            ReturnByCode(self.link, self.entered(form), reason=form.cleaned_data["reason"]).execute()
        except PolicyError as refusal:
            if refusal.rule in (Rule.WRONG_CODE, Rule.CODE_MISSING, Rule.TOO_MANY):
                log_visit(self.link, VisitKind.REFUSED_ACT)
                form.add_error("code", refusal.message)
                return self.refused(refusal, return_form=form)  # with the reason as it was typed
            raise
        message = "The text went back to its writers with your reason. Thank you."
        return self.done(VisitKind.RETURNED, "Returned", message)

    def done(self, what: VisitKind, title: str, message: str) -> HttpResponse:
        """Show that a decision was stored; nothing of the text, since the review may be over."""
        log_visit(self.link, what)
        response = render(self.request, "review/outside/done.html", {"title": title, "message": message})
        response.delete_cookie(COOKIE, path=reverse("outside_review"), samesite="Strict")
        return response
