"""Views of the second factor: code at sign-in, set-up, recovery codes, removal, and required groups."""

from abc import ABC, abstractmethod
from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.accounts import known_devices, second_factor
from monographs.accounts.forms import CodeForm, GroupsForm, PasswordAndCodeForm, SetUpForm
from monographs.accounts.identity import (
    IdentityNotConfirmed,
    check_code,
    check_password,
    confirm_or_count,
)
from monographs.accounts.second_factor import CodesThrottled
from monographs.accounts.sign_in_facts import owners_change, second_factor_changed
from monographs.core.next_url import next_url
from monographs.core.users import authenticated_user


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CodeView(View):
    """The second step of signing in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, unless no code is needed."""
        if second_factor.session_has_code(request) or not second_factor.has_second_factor(request.user):
            return redirect(next_url(request))
        return self._render_form(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the code."""
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._render_form(form, status=400)
        try:
            check_code(authenticated_user(request), form.cleaned_data["code"], request)
        except IdentityNotConfirmed as refusal:
            form.add_error(None, refusal.message)
            return self._render_form(form, status=403)
        request.session.cycle_key()
        otp_login(request, second_factor.authenticator_app_of(request.user))
        known_devices.complete_sign_in(request)
        return redirect(next_url(request))

    def _render_form(self, form: CodeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "next": next_url(self.request)}
        return TemplateResponse(self.request, "accounts/code.html", context, status=status)


class SecondFactorScreen(WagtailAdminTemplateMixin, View):
    """Base of the admin views of the user's own second factor."""

    header_icon = "key"
    page_title = "Second factor"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailadmin_account"), "label": "Account"},
            {"url": reverse("accounts:second_factor"), "label": "Second factor"},
        ]
        if self.page_title == SecondFactorScreen.page_title:
            return [*items[:-1], {"url": "", "label": self.page_title}]
        return [*items, {"url": "", "label": self.page_title}]

    def render(self, status: int = 200, **context: Any) -> HttpResponse:
        """Render the template with ``context``."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def render_recovery_codes(self, codes: list[str]) -> HttpResponse:
        """Show new recovery codes, which cannot be shown again."""
        self.template_name = "accounts/recovery_codes.html"
        return self.render(codes=codes, next=next_url(self.request))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondFactorView(SecondFactorScreen):
    """The state of the second factor, or its set-up."""

    template_name = "accounts/second_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the state, or the set-up with a new key."""
        if second_factor.has_second_factor(request.user):
            return self.render(
                has_second_factor=True,
                codes_left=second_factor.recovery_codes_left(authenticated_user(request)),
                is_required=second_factor.is_required(request.user),
            )
        second_factor.start_enrolment(authenticated_user(request))
        return self._render_set_up(SetUpForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm the app with its first code."""
        form = SetUpForm(request.POST)
        if second_factor.has_second_factor(request.user):
            return redirect("accounts:second_factor")
        if not form.is_valid():
            return self._render_set_up(form, status=400)
        codes = self._confirm_app(form)
        if codes is None:
            return self._render_set_up(form, status=403)
        otp_login(request, second_factor.authenticator_app_of(request.user))
        known_devices.complete_sign_in(request)
        messages.success(request, "From now on you are asked for a code when you sign in and when you sign.")
        return self.render_recovery_codes(codes)

    def _confirm_app(self, form: SetUpForm) -> list[str] | None:
        """Confirm the app and return its recovery codes; None after adding an error to ``form``."""
        user = authenticated_user(self.request)
        try:
            check_password(user, form.cleaned_data["password"], self.request)
            codes = second_factor.confirm_app(user, form.cleaned_data["code"])
        except IdentityNotConfirmed as refusal:
            form.add_error("password", refusal.message)
            return None
        except CodesThrottled as throttled:
            form.add_error("code", f"The last code was wrong; {throttled}. Wait for the next code.")
            return None
        if codes is not None:
            with owners_change(user):
                second_factor_changed(user, "a second factor was set up")
        else:
            form.add_error("code", "That is not the code the app shows for this key. Wait for the next one.")
        return codes

    def _render_set_up(self, form: SetUpForm, status: int = 200) -> HttpResponse:
        user = authenticated_user(self.request)
        device = second_factor.unconfirmed_app(user) or second_factor.start_enrolment(user)
        return self.render(
            status=status,
            form=form,
            app_url=device.config_url,
            qr_code=_qr_code(device.config_url),
            key=_formatted_key(device),
            is_required=second_factor.is_required(self.request.user),
            next=next_url(self.request),
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class _SecondFactorChangeView(SecondFactorScreen, ABC):
    """Base of changes of the second factor that require password and code."""

    template_name = "accounts/confirm_change.html"
    explanation = ""
    button = ""
    is_destructive = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        if not second_factor.has_second_factor(request.user):
            return redirect("accounts:second_factor")
        return self._render_form(PasswordAndCodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check password and code, then make the change."""
        form = PasswordAndCodeForm(request.POST)
        if not form.is_valid():
            return self._render_form(form, status=400)
        user = authenticated_user(request)
        try:
            confirm_or_count(user, **form.cleaned_data, request=request)
        except IdentityNotConfirmed as refusal:
            form.add_error(None, refusal.message)
            return self._render_form(form, status=403)
        return self.apply()

    @abstractmethod
    def apply(self) -> HttpResponse:
        """Make the change."""

    def _render_form(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.render(
            status=status,
            form=form,
            explanation=self.explanation,
            button=self.button,
            is_destructive=self.is_destructive,
            is_required=second_factor.is_required(self.request.user),
        )


class RecoveryCodesView(_SecondFactorChangeView):
    """Replacement of the recovery codes."""

    page_title = "New recovery codes"
    explanation = "You get ten new recovery codes. Those you have now stop working."
    button = "Make new recovery codes"

    def apply(self) -> HttpResponse:
        user = authenticated_user(self.request)
        codes = second_factor.renew_recovery_codes(user)
        with owners_change(user):
            second_factor_changed(user, "the recovery codes were replaced")
        return self.render_recovery_codes(codes)


class RemoveSecondFactorView(_SecondFactorChangeView):
    """Removal of the second factor."""

    page_title = "Remove second factor"
    explanation = (
        "The app and your recovery codes stop working. You sign in and sign with your password only."
    )
    button = "Remove second factor"
    is_destructive = True

    def apply(self) -> HttpResponse:
        user = authenticated_user(self.request)
        second_factor.remove_second_factor(user)
        with owners_change(user):
            second_factor_changed(user, "the second factor was removed", removed=True)
        self.request.session.pop(DEVICE_ID_SESSION_KEY, None)
        messages.success(self.request, "Your second factor was removed.")
        return redirect("accounts:second_factor")


class RequiredGroupsView(WagtailAdminTemplateMixin, View):
    """Which groups require a second factor; for superusers."""

    template_name = "accounts/groups.html"
    page_title = "Second factor of groups"
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the groups."""
        return self.render_to_response(self.get_context_data(form=GroupsForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the groups."""
        form = GroupsForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        form.save()
        messages.success(request, "Saved. Members without a second factor are asked to set it up.")
        return redirect("accounts:groups")


def _qr_code(url: str) -> str:
    """Inline SVG, dark on white in every theme: cameras need the contrast."""
    svg = segno.make(url, error="m").svg_inline(scale=5, light="#fff", dark="#000", omitsize=True)
    return mark_safe(svg)  # noqa: S308  # generated SVG without user text


def _formatted_key(device: TOTPDevice) -> str:
    """The key in groups of four characters, for typing."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))
