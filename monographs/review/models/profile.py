"""How reviewers are named where patients read it: name, credentials and field."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from monographs.accounts.actors import current_actor, person_of
from monographs.accounts.outside_accounts import is_outside, mailbox_of
from monographs.accounts.person_names import FIELD_LENGTH, field_error, full_name_error, validate_field
from monographs.core.db_clock import database_today
from monographs.core.visible_text import is_blank
from monographs.presentation.moments import long_day_text
from monographs.review.models.credential import usable_abbreviations
from monographs.review.models.second_person import NeedsSecondPerson, is_same

#: Between two credentials of one person.
SEPARATOR = ", "
#: The name of the last valid day among the values that a second person confirms, and its value without a day.
LAST_DAY, NO_LAST_DAY = "last day", "none"


def _last_day(value: str) -> date:
    """The day of a value ``LAST_DAY``; without one, no day is later."""
    return date.max if value == NO_LAST_DAY else date.fromisoformat(value)


def _name_and_account(user: User) -> str:
    """The name under which an account signs, with the account it is: two people may have one name."""
    return f"{user.get_full_name() or 'No name yet'} ({_account_words(user)})"


def _account_words(user: User) -> str:
    """What people call an account: that of an outside expert has a sign-in name that nobody types."""
    return "outside expert" if is_outside(user) else user.get_username()


class ReviewerProfileForm(WagtailAdminModelForm):
    """Credentials are chosen from the list that editors keep."""

    credentials = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        help_text="Patients read them after the name. A missing one is added under Snippets, Credentials.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["user"]
        account.label_from_instance = _name_and_account
        account.queryset = account.queryset.order_by("first_name", "last_name", "username")
        chosen = self.instance.credentials.split(SEPARATOR) if self.instance.credentials else []
        usable = usable_abbreviations()
        kept = [
            credential for credential in chosen if self.instance.is_confirmed and credential not in usable
        ]
        self.fields["credentials"].choices = [(name, name) for name in [*usable, *kept]]
        self.initial["credentials"] = chosen
        if self.instance.pk:
            self.fields["user"].disabled = True

    def clean_credentials(self) -> str:
        """Return the chosen credentials as one text."""
        return SEPARATOR.join(self.cleaned_data["credentials"])


@register_snippet
class ReviewerProfile(NeedsSecondPerson):
    """How a reviewer signs: account, name, credentials, field and last day, confirmed by a second person.

    An account without a profile, without a confirmed one, or past its last valid day, cannot sign.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_profile"
    )
    credentials = models.CharField(max_length=200, help_text="As patients read it, e.g. PharmD, BCOP.")
    field = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_field],
        help_text=f"E.g. haematology pharmacy: at most {FIELD_LENGTH} letters. It is public, in the API.",
    )
    expires_on = models.DateField(
        "valid until",
        null=True,
        blank=True,
        help_text="The last day on which this person may sign, e.g. when the registration must be renewed. "
        "An earlier day counts at once. A later day, or none, is confirmed by a second person, and nobody "
        "enters one for themselves.",
    )

    optional = frozenset({"field"})
    base_form_class = ReviewerProfileForm
    panels = [FieldPanel(name) for name in ("user", "credentials", "field", "expires_on")]

    def __str__(self) -> str:
        return f"{_name_and_account(self.user)}: {self.credentials}"

    @property
    def account_words(self) -> str:
        """What people call the account."""
        return _account_words(self.user)

    def proposal(self) -> dict[str, str]:
        values = {
            "account": self.user.get_username(),
            "name": self.user.get_full_name(),
            "credentials": self.credentials,
            "field": self.field,
            LAST_DAY: self.expires_on.isoformat() if self.expires_on else NO_LAST_DAY,
        }
        # An outside expert is who reads the codes that this address is sent
        return values | {"address": self.user.email} if is_outside(self.user) else values

    def shown_values(self) -> dict[str, str]:
        """The values in words: what is stored of an account or a day is for programs."""
        values = self.proposal()
        if is_outside(self.user):
            values["account"] = "none: an outside expert, who signs by an invitation and a code"
        if self.expires_on:
            values[LAST_DAY] = long_day_text(self.expires_on)
        return values

    def is_restriction(self, name: str, value: str, confirmed: str) -> bool:
        return name == LAST_DAY and _last_day(value) <= _last_day(confirmed)

    def problem(self) -> str:
        errors = (
            full_name_error(self.user),
            self._credentials_error(),
            field_error(self.field),
            self.address_error(),
        )
        return next(filter(None, errors), "")

    def address_error(self) -> str:
        """Why an outside expert cannot be told from somebody else by the recorded address; empty if so."""
        if not is_outside(self.user):
            return ""
        if not self.user.email:
            return "No address is recorded, so no code can be sent."
        own = mailbox_of(self.user.email)
        others = User.objects.exclude(pk=self.user.pk).exclude(email="").values_list("email", flat=True)
        if all(mailbox_of(address) != own for address in others):
            return ""
        return "The recorded address is that of another account (what follows a plus in it does not count)."

    def _credentials_error(self) -> str:
        if not self.has_credentials:
            return "No credentials are chosen yet."
        usable = usable_abbreviations()
        missing = [name for name in self.credentials.split(SEPARATOR) if name not in usable]
        if missing:
            return f"“{missing[0]}” is not on the list of credentials, or nobody has confirmed it there yet."
        return ""

    def clean(self) -> None:
        """Refuse credentials that nobody could confirm, and a later last day of one's own."""
        super().clean()
        if self._extends_own_credentials():
            raise ValidationError(
                {"expires_on": "Nobody enters a later last day for themselves. Ask an editor to enter it."}
            )
        if error := self._credentials_error():
            raise ValidationError({"credentials": error})

    def _extends_own_credentials(self) -> bool:
        """Whether who is signed in lets their own credentials last longer than they are stored."""
        if not self.pk or not is_same(current_actor(), person_of(self.user)):
            return False
        stored = ReviewerProfile.objects.filter(pk=self.pk).values_list("expires_on", flat=True).first()
        return stored is not None and (self.expires_on is None or self.expires_on > stored)

    @property
    def has_credentials(self) -> bool:
        """Whether there are credentials that a reader can see."""
        return not is_blank(self.credentials)

    @property
    def confirmed_as(self) -> str:
        """Name, credentials and field if they are confirmed; else empty. The ledger records it."""
        if not self.is_confirmed or not self.has_credentials:
            return ""
        values = self.proposal()
        return SEPARATOR.join(filter(None, (values["name"], values["credentials"], values["field"])))

    @property
    def expired(self) -> bool:
        """Whether the last valid day (UTC) has passed."""
        return self.expires_on is not None and self.expires_on < database_today()
