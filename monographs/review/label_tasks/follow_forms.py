"""Forms that choose which labels a page follows."""

from django import forms

from monographs.label_watch.models import SET_ID_LENGTH
from monographs.labels.spl import SET_ID
from monographs.review.forms import FocusedErrorForm


class UnfollowLabelForm(FocusedErrorForm):
    """Why a page stops following a label."""

    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the record. Patients do not see it.",
    )


class FollowLabelForm(UnfollowLabelForm):
    """Which label a page follows besides the one that it names, and why."""

    set_id = forms.CharField(
        label="Set id",
        max_length=SET_ID_LENGTH + 20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="At the end of the label's address on DailyMed, e.g. 0a1b2c3d-1111-4222-8333-444455556666.",
    )
    field_order = ["set_id", "reason"]

    def clean_set_id(self) -> str:
        """Return the set id in small letters."""
        set_id = str(self.cleaned_data["set_id"]).strip().lower()
        if not SET_ID.fullmatch(set_id):
            raise forms.ValidationError(
                "A set id has 32 digits from 0 to f in groups of 8, 4, 4, 4 and 12. Copy it from the label's "
                "address on DailyMed."
            )
        return set_id
