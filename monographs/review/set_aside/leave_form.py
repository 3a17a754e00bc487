"""The form in which a person says why a draft set aside is left in the history."""

from django import forms

from monographs.review.forms import FocusedErrorForm


class LeaveForm(FocusedErrorForm):
    """The reason, and the draft set aside that the person saw."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is it not merged?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Those who wrote it are told, and the page’s history keeps it.",
        error_messages={"required": "Say why it is not merged; those who wrote it read it first."},
    )
