"""The form that signs that a page was reviewed and nothing has to change."""

from collections.abc import Sequence
from typing import Any

from django import forms

from monographs.review.forms import SignForm


class UnchangedForm(SignForm):
    """The checklist, the password, and the hash of the text that was on the screen."""

    statements = forms.MultipleChoiceField(
        label="Checklist",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["sha256", "signer", "statements", "password", "code"]

    def __init__(self, *args: Any, statements: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = list(statements)
        if not statements:
            del self.fields["statements"]
            return
        field = self.fields["statements"]
        field.choices = [(each, each) for each in statements]  # type: ignore[attr-defined]  # a choice field

    def clean_statements(self) -> list[str]:
        """Refuse a checklist that is not complete, at the checklist."""
        ticked: list[str] = self.cleaned_data["statements"]
        if len(ticked) < len(self.wanted):
            raise forms.ValidationError("Tick every statement. If one is not true, do not sign.")
        return ticked
