"""What reviewers and writers are asked."""

from django import forms

from monographs.editions.models import ReviewKind


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


class SignForm(forms.Form):
    """The password again, for a hash that was shown."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Entering it is your signature.",
    )


class ReturnForm(forms.Form):
    """Why a text goes back."""

    reason = forms.CharField(
        label="What must be mended?", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
