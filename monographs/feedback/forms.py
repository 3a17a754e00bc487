"""The feedback form of a medicine's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monographs.feedback.models import MAX_COMMENT_LENGTH, Helpfulness
from monographs.presentation.spreadsheet_cells import printable


class _ReaderTextField(forms.CharField):
    """Text without unprintable characters. A line break counts as one character, as in the browser."""

    def to_python(self, value: Any) -> Any:
        return printable((super().to_python(value) or "").replace("\r\n", "\n"))


class FeedbackForm(forms.Form):
    """An answer with an optional comment. Error messages say what is wrong and what to do."""

    answer = forms.ChoiceField(
        choices=Helpfulness.choices,
        error_messages={
            "required": _("Choose an answer: yes, no, or not sure."),
            "invalid_choice": _("Choose one of the three answers: yes, no, or not sure."),
        },
    )
    words = _ReaderTextField(
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        error_messages={
            "max_length": _("Please shorten your words to %(limit_value)d letters. You wrote %(show_value)d.")
        },
    )
    edition = forms.IntegerField(min_value=1, max_value=2**31 - 1)
