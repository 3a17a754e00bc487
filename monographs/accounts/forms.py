"""Forms for passwords, codes and the second factor of groups."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from wagtail.admin.forms.auth import LoginForm

from monographs.accounts import lockout
from monographs.accounts.models import GroupSecondFactor


class SignInForm(LoginForm):
    """Wagtail's sign-in form. For a locked account it says so, and asks for password and code together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_locked = False
        self.fields["username"].widget.attrs["autofocus"] = True
        self.fields["code"] = code_field(
            "Code",
            "Only while the account is locked: of your second factor, if you have one.",
            required=False,
        )

    @property
    def extra_fields(self) -> Iterator[tuple[str, forms.BoundField]]:
        """Wagtail's template shows these below the password."""
        if self.is_locked:
            yield "code", self["code"]

    def clean(self) -> dict[str, Any]:
        lockout.enter_code_with_password(self.request, self.cleaned_data.get("code") or "")
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def get_invalid_login_error(self) -> forms.ValidationError:
        username = self.cleaned_data.get("username") or ""
        lock = lockout.lockout_of_username(username, self.request)
        if lock:
            self.is_locked = True
            return forms.ValidationError(lock.message, code="locked")
        return super().get_invalid_login_error()


def password_field() -> forms.CharField:
    """A field for the current password."""
    return forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def code_field(label: str, help_text: str, *, required: bool = True, **attributes: Any) -> forms.CharField:
    """A field for a one-time code; ``attributes`` are further attributes of its input.

    Without a numeric keyboard where a recovery code is taken, too: those have letters.
    """
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        required=required,
        max_length=40,
        widget=forms.TextInput(attrs=attrs | attributes),
        help_text=help_text,
    )


class ReauthenticationForm(forms.Form):
    """A form that focuses the field with an error, which may be out of sight below a QR code."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        self.fields[field or next(iter(self.fields))].widget.attrs["autofocus"] = True


class CodeForm(ReauthenticationForm):
    """The second step of signing in."""

    code = code_field(
        "Code", "Six digits from your authenticator app, or one of your recovery codes.", autofocus=True
    )


class SetUpForm(ReauthenticationForm):
    """The first code of an app, and the password, in case the user left a signed-in computer unattended."""

    code = code_field(
        "2. Enter the six digits it shows now", "They change every 30 seconds.", inputmode="numeric"
    )
    password = password_field()


class PasswordAndCodeForm(ReauthenticationForm):
    """Password and code, for changes of the second factor."""

    password = password_field()
    code = code_field("Code", "From your authenticator app, or a recovery code.")


class ConfirmIdentityForm(ReauthenticationForm):
    """Password, and a code for those who have a second factor."""

    password = password_field()
    code = code_field(
        "Code", "If you have a second factor: from its app, or a recovery code.", required=False
    )


class GroupsForm(forms.Form):
    """Which groups require a second factor."""

    groups = forms.ModelMultipleChoiceField(
        label="Groups whose members must have a second factor",
        help_text="A member without one is asked to set it up before anything else opens.",
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"groups": Group.objects.filter(second_factor__required=True)}
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        """Store the groups whose setting changed."""
        chosen = set(self.cleaned_data["groups"])
        for group in Group.objects.select_related("second_factor"):
            row = getattr(group, "second_factor", None) or GroupSecondFactor(group=group)
            if row.required != (group in chosen):
                row.required = group in chosen
                row.save()
