"""Screens of the second factor: asked at sign-in, set up, renewed, removed, required of groups."""

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as otp_login
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.accounts import second_factor
from monographs.accounts.forms import CodeForm, GroupsForm, ProofForm, SetUpForm
from monographs.accounts.identity import (
    IdentityNotConfirmed,
    check_code,
    check_password,
    confirm,
    count_failure,
)
from monographs.accounts.second_factor import CodesThrottled


def next_url(request: HttpRequest) -> str:
    """Where somebody was going when they were stopped; only within the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    home = reverse("wagtailadmin_home")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith(home) else home


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CodeView(View):
    """The second step of signing in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the code, if there is something to ask."""
        if second_factor.session_has_code(request) or not second_factor.has_second_factor(request.user):
            return redirect(next_url(request))
        return self._ask(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look at the code."""
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._ask(form, status=400)
        try:
            check_code(request.user, form.cleaned_data["code"], request)
        except IdentityNotConfirmed as refusal:
            form.add_error(None, refusal.message)
            return self._ask(form, status=403)
        request.session.cycle_key()
        otp_login(request, second_factor.authenticator_app_of(request.user))
        return redirect(next_url(request))

    def _ask(self, form: CodeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "next": next_url(self.request)}
        return TemplateResponse(self.request, "accounts/code.html", context, status=status)


class SecondFactorScreen(WagtailAdminTemplateMixin, View):
    """A page of Wagtail's admin about somebody's own second factor."""

    header_icon = "key"
    page_title = "Second factor"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse("wagtailadmin_account"), "label": "Account"},
            {"url": reverse("accounts:second_factor"), "label": "Second factor"},
        ]
        if self.page_title == SecondFactorScreen.page_title:
            return [*items[:-1], {"url": "", "label": self.page_title}]
        return [*items, {"url": "", "label": self.page_title}]

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """The screen."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def show_codes(self, codes: list[str]) -> HttpResponse:
        """The recovery codes, this once."""
        self.template_name = "accounts/codes.html"
        return self.show(codes=codes, next=next_url(self.request))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondFactorView(SecondFactorScreen):
    """What there is, or setting it up."""

    template_name = "accounts/second_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The state of it; a fresh key if there is none."""
        if second_factor.has_second_factor(request.user):
            return self.show(
                has_one=True,
                codes_left=second_factor.recovery_codes_left(request.user),
                is_required=second_factor.is_required(request.user),
            )
        second_factor.start_enrolment(request.user)
        return self._set_up(SetUpForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm the app by its first code."""
        form = SetUpForm(request.POST)
        if second_factor.has_second_factor(request.user):
            return redirect("accounts:second_factor")
        if not form.is_valid():
            return self._set_up(form, status=400)
        codes = self._confirmed(form)
        if codes is None:
            return self._set_up(form, status=403)
        otp_login(request, second_factor.authenticator_app_of(request.user))
        messages.success(request, "From now on you are asked for a code when you sign in and when you sign.")
        return self.show_codes(codes)

    def _confirmed(self, form: SetUpForm) -> list[str] | None:
        """Recovery codes of the app that is now confirmed; None after telling the form what is wrong."""
        user = self.request.user
        try:
            check_password(user, form.cleaned_data["password"], self.request)
            codes = second_factor.confirm_app(user, form.cleaned_data["code"])
        except IdentityNotConfirmed as refusal:
            form.add_error("password", refusal.message)
            return None
        except CodesThrottled as throttled:
            form.add_error("code", f"The last code was wrong; {throttled}. Wait for the next code.")
            return None
        if codes is None:
            form.add_error("code", "That is not the code the app shows for this key. Wait for the next one.")
        return codes

    def _set_up(self, form: SetUpForm, status: int = 200) -> HttpResponse:
        device = second_factor.unconfirmed_app(self.request.user) or second_factor.start_enrolment(
            self.request.user
        )
        return self.show(
            status=status,
            form=form,
            qr_code=_qr_code(device.config_url),
            key=_in_fours(device),
            is_required=second_factor.is_required(self.request.user),
            next=next_url(self.request),
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class _ProofView(SecondFactorScreen):
    """A change of the second factor, for which password and code are asked."""

    template_name = "accounts/proof.html"
    explanation = ""
    button = ""
    serious = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the proof."""
        if not second_factor.has_second_factor(request.user):
            return redirect("accounts:second_factor")
        return self._ask(ProofForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look at the proof, then do it."""
        form = ProofForm(request.POST)
        if not form.is_valid():
            return self._ask(form, status=400)
        try:
            confirm(request.user, **form.cleaned_data, request=request)
        except IdentityNotConfirmed as refusal:
            if refusal.counts:
                count_failure(request.user, request)
            form.add_error(None, refusal.message)
            return self._ask(form, status=403)
        return self.done()

    def done(self) -> HttpResponse:
        """Do it."""
        raise TypeError(f"{type(self).__name__} must say what it does")

    def _ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            explanation=self.explanation,
            button=self.button,
            serious=self.serious,
            is_required=second_factor.is_required(self.request.user),
        )


class RecoveryCodesView(_ProofView):
    """New recovery codes."""

    page_title = "New recovery codes"
    explanation = "You get ten new recovery codes. Those you have now stop working."
    button = "Make new recovery codes"

    def done(self) -> HttpResponse:
        return self.show_codes(second_factor.renew_recovery_codes(self.request.user))


class RemoveView(_ProofView):
    """No second factor any more."""

    page_title = "Remove second factor"
    explanation = (
        "The app and your recovery codes stop working. You sign in and sign with your password only."
    )
    button = "Remove second factor"
    serious = True

    def done(self) -> HttpResponse:
        second_factor.remove_second_factor(self.request.user)
        self.request.session.pop(DEVICE_ID_SESSION_KEY, None)
        messages.success(self.request, "Your second factor was removed.")
        return redirect("accounts:second_factor")


class GroupsView(WagtailAdminTemplateMixin, View):
    """Which groups must have one; for administrators."""

    template_name = "accounts/groups.html"
    page_title = "Second factor of groups"
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.render_to_response(self.get_context_data(form=GroupsForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store them."""
        form = GroupsForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        form.save()
        messages.success(request, "Saved. Members without a second factor are asked to set it up.")
        return redirect("accounts:groups")


def _qr_code(address: str) -> str:
    """Inline SVG, dark on white in every theme: cameras need the contrast."""
    svg = segno.make(address, error="m").svg_inline(scale=5, light="#fff", dark="#000", omitsize=True)
    return mark_safe(svg)  # noqa: S308  # made of squares


def _in_fours(device: Any) -> str:
    """The key as people type it."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))
