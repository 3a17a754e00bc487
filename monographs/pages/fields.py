"""Form and model fields for short lists, and the input of a sentence."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.utils.text import capfirst
from wagtail.admin.widgets import AdminAutoHeightTextInput


class SentenceInput(AdminAutoHeightTextInput):
    """The input of a sentence, as high as the sentence in it. Line breaks are read as spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.attrs["class"] += " sentence-input"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.splitlines()) if value else value


class LinesFormField(forms.CharField):
    """A form field for a list of short texts, one per line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class LinesField(ArrayField):
    """An array edited as text with one member per line."""

    def formfield(self, form_class: Any = None, choices_form_class: Any = None, **kwargs: Any) -> Any:
        return LinesFormField(
            required=not self.blank, label=capfirst(str(self.verbose_name)), help_text=self.help_text
        )


class ChoicesField(ArrayField):
    """An array of choices edited as check boxes, in the order of the choices."""

    def formfield(self, form_class: Any = None, choices_form_class: Any = None, **kwargs: Any) -> Any:
        return forms.TypedMultipleChoiceField(
            choices=self.base_field.choices or [],
            required=not self.blank,
            label=capfirst(str(self.verbose_name)),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
            coerce=str,
        )
