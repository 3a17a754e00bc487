"""Forms of outside experts: what is recorded of one, an invitation, and the code with a decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User

from monographs.accounts.person_names import name_error, validate_field
from monographs.review.forms import FocusedErrorForm
from monographs.review.models.credential import usable_abbreviations
from monographs.review.outside_review.expert_records import ExpertFacts
from monographs.review.outside_review.invitation_policy import ExpertChoice
from monographs.review.outside_review.link_keys import LONGEST_DAYS, USUAL_DAYS
from monographs.review.outside_review.signing_codes import DIGITS

#: Characters of a first or last name in Django's table.
_NAME_LENGTH = 150


class ExpertForm(FocusedErrorForm):
    """Name, credentials and address of an outside expert."""

    first_name = forms.CharField(label="First name", max_length=_NAME_LENGTH)
    last_name = forms.CharField(label="Last name", max_length=_NAME_LENGTH)
    email = forms.EmailField(
        label="Address to which codes are sent",
        max_length=254,
        help_text="Their own, which nobody else reads. Another one later makes signing wait.",
    )
    credentials = forms.MultipleChoiceField(
        label="Credentials",
        widget=forms.CheckboxSelectMultiple,
        help_text="Patients read them after the name.",
    )
    field = forms.CharField(
        label="Field of work", required=False, max_length=200, validators=[validate_field]
    )
    expires_on = forms.DateField(
        label="Valid until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day on which they may sign. Leave it empty if there is none.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credentials"].choices = [(name, name) for name in usable_abbreviations()]  # type: ignore[attr-defined]

    def clean_first_name(self) -> str:
        """Return the first name as patients read it."""
        return self._name("first_name")

    def clean_last_name(self) -> str:
        """Return the last name as patients read it."""
        return self._name("last_name")

    def _name(self, field: str) -> str:
        name = str(self.cleaned_data[field])
        if error := name_error(name):
            raise forms.ValidationError(error)
        return name

    def facts(self) -> ExpertFacts:
        """Return what a valid form says."""
        data = self.cleaned_data
        return ExpertFacts(**{**data, "credentials": tuple(data["credentials"])})


class AddressForm(FocusedErrorForm):
    """Another address of a recorded expert."""

    email = forms.EmailField(label="Another address", max_length=254)


class _ExpertSelect(forms.Select):
    """A list that also shows those who cannot be chosen, each with the reason behind the name."""

    unavailable: frozenset[int] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value in self.unavailable:
            option["attrs"]["disabled"] = True
        return option


class InvitationToSignForm(FocusedErrorForm):
    """Which of the recorded experts is invited to sign, and how long the invitation lasts."""

    expert = forms.TypedChoiceField(
        label="Recorded expert",
        coerce=int,
        widget=_ExpertSelect,
        help_text="Recorded by one person and confirmed by another. Who cannot be invited has the reason "
        "behind the name.",
    )
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, *args: Any, choices: Sequence[ExpertChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.expert.pk: each.expert for each in choices}
        expert, named = self.fields["expert"], [(each.expert.pk, each.label) for each in choices]
        expert.choices = [("", "Choose one"), *named]  # type: ignore[attr-defined]
        expert.widget.unavailable = frozenset(each.expert.pk for each in choices if each.state)

    @property
    def chosen(self) -> User:
        """The expert whom a valid form names."""
        return self.people[self.cleaned_data["expert"]]


def _code_field() -> forms.CharField:
    return forms.CharField(
        label="The code that was sent to you",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=f"{DIGITS} digits, in the newest email.",
    )


class SignByCodeForm(FocusedErrorForm):
    """The code, and the hashes of the text and of the signer that were on the screen."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    signer = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    code = _code_field()


class ReturnByCodeForm(FocusedErrorForm):
    """Why the text is returned, and the code."""

    reason = forms.CharField(
        label="What must be fixed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Words of yours that a writer takes into the text count as yours: you cannot sign it then.",
    )
    code = _code_field()
