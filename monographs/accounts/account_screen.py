"""Wagtail's account screen: a change of name, email address or password needs password and second factor."""

from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.views import account
from wagtail.log_actions import log

from monographs.accounts.forms import code_field, password_field
from monographs.accounts.identity import IdentityNotConfirmed, confirm_or_count
from monographs.accounts.second_factor import has_second_factor
from monographs.accounts.sign_in_facts import owners_change
from monographs.core.users import authenticated_user

CHANGED_MEANWHILE = (
    "Your account was changed meanwhile, so nothing was saved. Reload this page and try again."
)


class AccountPasswordForm(SetPasswordForm):
    """The present password and a code, and a new password for those who want to change it."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        present = password_field()
        present.label, present.required = "Your present password", False
        present.help_text = "Needed to change your name, your email address or your password."
        confirmation = {"old_password": present}
        if has_second_factor(user):
            confirmation["code"] = code_field(
                "Code", "From your authenticator app, or a recovery code.", required=False
            )
        for name in ("new_password1", "new_password2"):
            self.fields[name].required = False
        self.fields = {**confirmation, **self.fields}

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        first, second = cleaned.get("new_password1"), cleaned.get("new_password2")
        if bool(first) != bool(second) and not self.errors:
            self.add_error("new_password2", "Enter the new password twice.")
        return cleaned


class PasswordPanel(account.ChangePasswordPanel):
    """The panel of the present and the new password."""

    title = "Confirmation and password"
    form_class = AccountPasswordForm
    _form: AccountPasswordForm | None = None

    def get_form(self) -> AccountPasswordForm:
        """Return one form for the whole request, so that its errors are shown."""
        if self._form is None:
            data = self.request.POST if self.request.method == "POST" else None
            # A user of its own: the form of name and address changes the attributes of ``self.user``
            owner = User.objects.get(pk=self.user.pk)
            self._form = self.form_class(owner, data, prefix=self.name)
        return self._form


@method_decorator(sensitive_post_parameters(), name="dispatch")
class AccountView(account.AccountView):
    """The account screen. Facts of signing in are saved apart from the other settings."""

    _panels: list[Any] | None = None

    def get_panels(self) -> list[Any]:
        """Return Wagtail's panels, with ours for the password."""
        if self._panels is None:
            ours = PasswordPanel(self.request, self.request.user, None)
            self._panels = [
                ours if isinstance(panel, account.ChangePasswordPanel) else panel
                for panel in super().get_panels()
            ]
        return self._panels

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the settings, after confirming the identity if a sign-in fact changes."""
        form_of = {panel.name: panel.get_form() for panel in self.get_panels()}
        if not all(form.is_valid() or not form.is_bound for form in form_of.values()):
            return self._show()
        facts, password = form_of.pop("name_email"), form_of.pop("password", None)
        changed = {name: facts.cleaned_data[name] for name in facts.changed_data}
        new_password = password.cleaned_data["new_password1"] if password else ""
        if changed or new_password:
            refused = self._save_facts(changed, new_password, password)
            if refused:
                return self._show(status=403)
        with transaction.atomic():
            for form in form_of.values():
                if form.is_bound:
                    form.save()
        log(request.user, "wagtail.edit")
        messages.success(request, "Your account settings have been changed successfully!")
        return redirect("wagtailadmin_account")

    def _save_facts(
        self, changed: dict[str, Any], new_password: str, form: AccountPasswordForm | None
    ) -> bool:
        """Save sign-in facts of the user; return whether that was refused, with the error in ``form``."""
        if form is None:  # an account without a password, which nobody can sign in with
            return True
        owner = User.objects.get(pk=authenticated_user(self.request).pk)
        given = {"password": form.cleaned_data["old_password"], "code": form.cleaned_data.get("code", "")}
        field = "code" if given["password"] and "code" in form.fields else "old_password"
        if not given["password"]:
            form.add_error("old_password", "Enter your present password to change these.")
            return True
        try:
            confirm_or_count(owner, **given, request=self.request)
        except IdentityNotConfirmed as refusal:
            form.add_error("old_password" if "password" in refusal.kind.value else field, refusal.message)
            return True
        return self._store(owner, changed, new_password, form)

    def _store(self, confirmed: User, changed: dict[str, Any], new_password: str, form: forms.Form) -> bool:
        """Store only what changed, in the row as it is now, so that no change made meanwhile is undone."""
        with transaction.atomic(), owners_change(confirmed):
            owner = User.objects.select_for_update().get(pk=confirmed.pk)
            if owner.password != confirmed.password:
                form.add_error("old_password", CHANGED_MEANWHILE)
                return True
            for name, value in changed.items():
                setattr(owner, name, value)
            if new_password:
                owner.set_password(new_password)
            owner.save(update_fields=[*changed, *(["password"] if new_password else [])])
        if new_password:
            update_session_auth_hash(self.request, owner)
        return False

    def _show(self, status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=status)
