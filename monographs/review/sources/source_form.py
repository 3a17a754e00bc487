"""The form of a source of the library, which shows sources that could be the same."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.forms import WagtailAdminModelForm

from monographs.source_library.models import LibrarySource
from monographs.source_library.near_sources import near_sources, same_source

#: URL name of the page of a source.
SOURCE_PAGE = "source_library:inspect"
#: What is asked when a source is added; the others say later what became of it.
NEW_FIELDS = ["kind", "title", "publisher", "address", "scheme", "identifier", "version", "published_on"]
FATE_FIELDS = ["superseded_by", "gone_since"]


class SourceForm(WagtailAdminModelForm):
    """A source: refused if the library has it, and asked about if the library has one like it."""

    is_another = forms.BooleanField(
        required=False, widget=forms.HiddenInput, label="It is another source than those named above"
    )

    class Meta:
        model = LibrarySource
        fields = [*NEW_FIELDS, "is_another"]
        widgets = {"title": forms.TextInput, "address": forms.URLInput, "identifier": forms.TextInput}

    def clean(self) -> dict[str, Any]:
        """Trim the texts, so that a source typed with a space is the same."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("title", "publisher", "address", "identifier", "version"):
            if isinstance(cleaned.get(name), str):
                cleaned[name] = " ".join(cleaned[name].split())
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # Django's, which brings the identifier into normal form
        named = set(self.errors) - {NON_FIELD_ERRORS}
        if named:
            return
        same = same_source(self.instance)
        if same is not None:
            self._errors.pop(NON_FIELD_ERRORS, None)
            self.add_error(None, ValidationError(_same(same)))
        elif not self.instance.pk and not self.cleaned_data.get("is_another"):
            self._ask_about(near_sources(self.instance))

    def _ask_about(self, near: list[LibrarySource]) -> None:
        if not near:
            return
        self.fields["is_another"].widget = forms.CheckboxInput()
        self.add_error(None, ValidationError(_near(near)))


def _same(source: LibrarySource) -> str:
    return format_html("The library has this source already: {}. Choose that one.", _link(source))


def _near(near: list[LibrarySource]) -> str:
    links = format_html_join("; ", "{}", ((_link(source),) for source in near))
    return format_html(
        "The library has sources like it: {}. Choose one of those, or say below that this is another one.",
        links,
    )


def _link(source: LibrarySource) -> str:
    url = reverse(SOURCE_PAGE, args=[source.pk])
    return format_html(
        '<a class="w-text-current w-underline" href="{}" target="_blank" rel="noopener">{}</a>',
        url,
        str(source),
    )
