"""What reviewers and writers are asked."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from monographs.accounts.actors import person_of
from monographs.accounts.identity import has_second_factor
from monographs.editions.models import ReviewKind
from monographs.editions.withdrawal_reasons import REASON_TEXTS


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


class SubmitForm(forms.Form):
    """The kind of review and why the change was made."""

    review_kind = forms.ChoiceField(
        label="What kind of review is this?",
        choices=[
            (ReviewKind.FULL_REVIEW, "Full review: the whole text is read and checked again"),
            (ReviewKind.CORRECTION, "Correction: only what changed is checked"),
        ],
        initial=ReviewKind.FULL_REVIEW,
        widget=forms.RadioSelect,
        help_text="A correction does not move the date of the last review that patients see.",
    )
    reason = forms.CharField(
        label="Why was the change made?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Reviewers read this first. Name the source, e.g. the new version of the label.",
    )

    reviewers = forms.MultipleChoiceField(
        label="Who should review it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They are asked by name; whoever else may sign it still can.",
    )
    due_on = forms.DateField(
        label="Review by (UTC)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty when there is no hurry. Signing stays possible after that day.",
    )
    publish_at = forms.DateTimeField(
        label="Publish on (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Leave it empty to publish as soon as it is signed. The page stays closed until then.",
    )

    def __init__(self, *args: Any, candidates: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(user.pk): user for user in candidates}
        self.fields["reviewers"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            (pk, str(person_of(user))) for pk, user in self.candidates.items()
        ]
        self.fields["due_on"].widget.attrs["min"] = _today().isoformat()

    def clean_reviewers(self) -> list[Any]:
        """Accounts, not their numbers."""
        return [self.candidates[pk] for pk in self.cleaned_data["reviewers"]]

    def clean_due_on(self) -> date | None:
        """Only today or later."""
        day: date | None = self.cleaned_data["due_on"]
        if day and day < _today():
            raise forms.ValidationError(
                "This day has passed. Choose today or a later day, or leave it empty."
            )
        return day

    def clean_publish_at(self) -> datetime | None:
        """Only a moment to come; one that has passed is most likely mistyped."""
        moment: datetime | None = self.cleaned_data["publish_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError("This moment has passed. Choose a later one, or leave it empty.")
        return moment


class ConfirmForm(forms.Form):
    """Who signs says so again; a code is asked of accounts that have a second factor."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Entering it is your signature.",
    )
    code = forms.CharField(
        label="Code from your authenticator app",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Or one of your recovery codes.",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_second_factor(user):
            del self.fields["code"]


class SignForm(ConfirmForm):
    """The password again, for a hash that was shown."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class WithdrawForm(ConfirmForm):
    """Why a page is taken from patients."""

    cause = forms.ChoiceField(
        label="Why?",
        choices=[(cause.value, words.label) for cause, words in REASON_TEXTS.items()],
        widget=forms.RadioSelect,
        help_text="Patients read a prepared sentence for each, so that nothing unread reaches them.",
    )
    note = forms.CharField(
        label="What is wrong?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For writers and editors. Patients do not see it.",
    )
    field_order = ["cause", "note", "password", "code"]


class RestoreForm(forms.Form):
    """Which edition comes back, and why."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is it brought back?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RecallForm(forms.Form):
    """Why a signed text is taken back before its day; a text in review may be recalled without."""

    reason = forms.CharField(
        label="Why is it taken back?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Those who signed it are told.",
    )


class ReturnForm(forms.Form):
    """Why a text goes back. What ``notes`` are open goes with it."""

    reason = forms.CharField(
        label="What must be mended?", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, notes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if notes:
            self.fields["reason"].help_text = "The open notes go with it, so this can be short."
            self.fields["reason"].widget.attrs["rows"] = 2


class NoteForm(forms.Form):
    """A note on a section, or on the words of it that are copied into ``quote``.

    ``prefix`` and ``suffix`` are filled in by the browser: the words around a selection.
    """

    section = forms.CharField(max_length=60, widget=forms.HiddenInput)
    body = forms.CharField(label="Your note", widget=forms.Textarea(attrs={"rows": 3}))
    quote = forms.CharField(
        label="The words it is about",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Select them in the text, or copy them here. Leave it empty for the whole section.",
    )
    # A form's own ``prefix`` is an attribute; Django takes the field out of the class first
    prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)  # type: ignore[assignment]
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    @classmethod
    def on(cls, anchor: str) -> "NoteForm":
        """An empty one for a section."""
        return cls(initial={"section": anchor}, auto_id=f"note-{anchor}-%s")


class NoteAnswerForm(forms.Form):
    """What is done to a note, and what is said with it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("answer", "resolve", "withdraw", "reopen")])
    body = forms.CharField(required=False)
