"""The forms by which words are suggested, and suggestions answered."""

from django import forms

from monographs.review.actions.suggest import ChosenWords
from monographs.review.forms import FocusedErrorForm


class SuggestionForm(FocusedErrorForm):
    """Other words for the words ``quote`` of a section, or of the passage ``number`` at ``place``.

    ``prefix`` and ``suffix`` are the text around a selection; the browser fills them in.
    """

    section = forms.CharField(max_length=60, widget=forms.HiddenInput)
    quote = forms.CharField(
        label="The words to change",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Select them in the text, or copy them here.",
    )
    words = forms.CharField(
        label="What should stand there",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Leave it empty to delete the words.",
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The writer decides by it.",
    )
    # A form's own ``prefix`` is an attribute; Django takes the field out of the class first
    prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)  # type: ignore[assignment]
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @classmethod
    def for_section(cls, anchor: str) -> "SuggestionForm":
        """Return an empty form for a section."""
        return cls(initial={"section": anchor}, auto_id=f"suggest-{anchor}-%s")

    def chosen(self) -> ChosenWords:
        """Return the words that the form, which is valid, names."""
        data = self.cleaned_data
        return ChosenWords(
            data["section"],
            data["quote"],
            data["prefix"],
            data["suffix"],
            data["place"],
            data["number"] or 0,
        )


class SuggestionAnswerForm(forms.Form):
    """What is done with a suggestion, and the words that go with it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("accept", "decline", "withdraw")])
    body = forms.CharField(required=False)


class SuggestionExemptionForm(FocusedErrorForm):
    """Whether suggestions of wording keep their author from signing, and why that is decided."""

    allowed = forms.TypedChoiceField(
        label="May those sign a text whose accepted suggestions changed its wording only?",
        choices=[
            ("no", "No: whoever suggested accepted words cannot sign them"),
            ("yes", "Yes, if no number, “not”, dose, frequency, urgency, name or warning changed"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Your decision and this reason are recorded for auditors. “Yes” waits for a second person.",
    )
