"""The form of a source of the library, which shows sources that could be the same."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.forms import WagtailAdminModelForm

from monographs.source_library.identifiers import IdentifierScheme
from monographs.source_library.models import LibrarySource
from monographs.source_library.near_sources import near_sources, same_source
from monographs.source_library.shown_sources import shown_of
from monographs.source_library.source_citations import public_citations

#: URL name of the page of a source.
SOURCE_PAGE = "source_library:inspect"
#: What is asked when a source is added; the others say later what became of it.
NEW_FIELDS = ["kind", "title", "publisher", "address", "scheme", "identifier", "version", "published_on"]
FATE_FIELDS = ["superseded_by", "gone_since"]

_ANOTHER = (
    "Patients read this source: with another identifier or version it would be another one. Add the other "
    "one, and say here that it supersedes this one; then each page gets a task."
)

_RENEWED = (
    "This is still the source that it would supersede. Say what is different: version, identifier or web "
    "address. If the same page was renewed at its address, open that source and set its date."
)


class SourceForm(WagtailAdminModelForm):
    """A source: refused if the library has it, and asked about if the library has one like it."""

    is_another = forms.BooleanField(
        required=False, widget=forms.HiddenInput, label="It is another source than those named above"
    )

    #: The source whose newer version is added.
    newer_of: LibrarySource | None = None

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
        self._refuse_another_source()
        same = same_source(self.instance)
        if same is not None:
            self._errors.pop(NON_FIELD_ERRORS, None)
            self.add_error(None, ValidationError(_RENEWED if same == self.newer_of else _same(same)))
        elif not self.instance.pk and not self.cleaned_data.get("is_another"):
            self._ask_about([each for each in near_sources(self.instance) if each != self.newer_of])
        self._refuse_circle()

    def _refuse_another_source(self) -> None:
        """Refuse that what patients read becomes another source: their pages' tasks would close unread."""
        stored = LibrarySource.objects.filter(pk=self.instance.pk).first()
        if stored is None or not (shown_of(stored).exists() or public_citations(stored).exists()):
            return
        if stored.scheme not in ("", IdentifierScheme.URL) and _identity(stored) != _identity(self.instance):
            self.add_error(None, ValidationError(_ANOTHER))
        if stored.published_on and not self.instance.published_on:
            self.add_error(
                "published_on",
                ValidationError("Patients read this source. Correct the date instead of emptying it."),
            )

    def _refuse_circle(self) -> None:
        newer = self.instance.superseded_by
        if self.newer_of and newer and self.newer_of in newer.later():
            self.add_error("superseded_by", "That is the source which this one supersedes. Leave it empty.")

    def _ask_about(self, near: list[LibrarySource]) -> None:
        if not near:
            return
        self.fields["is_another"].widget = forms.CheckboxInput()
        self.add_error(None, ValidationError(_near(near)))


def _identity(source: LibrarySource) -> tuple[str, str, str]:
    return source.scheme, source.identifier, source.version


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
