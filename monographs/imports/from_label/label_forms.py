"""Forms of “New from a label”: which label, and what it fills in."""

from typing import Any

from django import forms

from monographs.imports.from_label.label_facts import LabelFacts
from monographs.models import DrugClassPage, MonographPage
from monographs.pages.fields import LinesFormField
from monographs.pages.monograph import Route


class LabelForm(forms.Form):
    """Which label: the set id of one, or its file."""

    set_id = forms.CharField(
        label="Set id of the label",
        required=False,
        max_length=500,
        help_text="Or its address on DailyMed, which ends with the set id.",
    )
    label_file = forms.FileField(
        label="Or its file",
        required=False,
        help_text="SPL (.xml) or a zip of it from DailyMed, or a result of openFDA (.json).",
    )

    def clean(self) -> dict[str, Any]:
        """Require one of the two."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(data.get("set_id", "").strip()) == bool(data.get("label_file")):
            raise forms.ValidationError("Give the set id of a label, or choose its file: one of the two.")
        return data


class LabelFactsForm(forms.Form):
    """What the label fills in of a new medicine, to be checked."""

    name = forms.CharField(
        label="Generic name",
        max_length=MonographPage._meta.get_field("title").max_length,
        help_text="In lower case, as patients look for it.",
    )
    brands = LinesFormField(label="Brand names", required=False, help_text="One per line.")
    drug_class = forms.ModelChoiceField(
        DrugClassPage.objects.order_by("title"), label="Drug class", required=False
    )
    routes = forms.MultipleChoiceField(
        label="How it is given", choices=Route.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    rxcui = LinesFormField(
        label="RxCUI", required=False, help_text="RxNorm concept numbers, one per line. openFDA has them."
    )
    unii = forms.CharField(
        label="UNII", required=False, max_length=MonographPage._meta.get_field("unii").max_length
    )

    def __init__(self, facts: LabelFacts, **kwargs: Any) -> None:
        initial = {name: getattr(facts, name) for name in self.base_fields}
        super().__init__(initial=initial, **kwargs)

    def facts(self) -> LabelFacts:
        """Return what was submitted. The form must be valid."""
        return LabelFacts(**{name: self.cleaned_data[name] for name in self.base_fields})
