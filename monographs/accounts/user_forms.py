"""The forms of users, without passwords; a change of a sign-in fact needs the editor's own authentication."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from wagtail.users.forms import UserCreationForm, UserEditForm

from monographs.accounts.forms import code_field, password_field
from monographs.accounts.identity import IdentityNotConfirmed, confirm_or_count
from monographs.accounts.sign_in_facts import FACTS
from monographs.core.users import authenticated_user


class InvitationForm(UserCreationForm):
    """A new user, who chooses a password by the link that is sent to the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "An invitation is sent to this address: a link to choose a password."

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        return user


class UserFactsForm(UserEditForm):
    """An existing user. Saves only the columns that were changed, so that nothing else is undone."""

    your_password = password_field()
    your_code = code_field("Your code", "If you have a second factor: from its app.", required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        field = self.fields["your_password"]
        field.required = False
        field.help_text = "Yours, not theirs. Needed to change a sign-in name, an email address or a name."

    @property
    def changed_facts(self) -> list[str]:
        """The sign-in facts that differ from the stored ones."""
        return [name for name in FACTS if name in self.changed_data]

    def _post_clean(self) -> None:
        """Confirm the identity last, so that only a valid form is an attempt."""
        super()._post_clean()
        if self.errors or not self.changed_facts:
            return
        password, code = self.cleaned_data["your_password"], self.cleaned_data["your_code"]
        if not password:
            self.add_error("your_password", "Enter your own password to change these.")
            return
        editor = User.objects.get(pk=authenticated_user(self.request).pk)
        try:
            confirm_or_count(editor, password=password, code=code, request=self.request)
        except IdentityNotConfirmed as refusal:
            field = "your_password" if "password" in refusal.kind.value else "your_code"
            self.add_error(field, refusal.message)

    def save(self, commit: bool = True) -> User:
        user: User = forms.ModelForm.save(self, commit=False)
        if commit:
            columns = {field.name for field in User._meta.concrete_fields}
            changed = [name for name in self.changed_data if name in columns]
            if changed:
                user.save(update_fields=changed)
            self.save_m2m()
        return user
