"""Forms of the import views."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from monographs.imports.input_files import SUFFIXES
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.placement import PLACES, PlacedBlock, placed_blocks
from monographs.imports.provenance import LONGEST_PUBLISHER, LONGEST_TITLE, Provenance
from monographs.models import MonographPage
from monographs.pages.fields import LinesFormField

#: More cannot be checked carefully in one go.
MAX_FILES = 20
_LONGEST_NAME = MonographPage._meta.get_field("title").max_length
#: Words of a block in the label of its field, to tell the fields apart.
_EXCERPT = 8


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input for several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A field for several files; its value is a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, empty ones too: these are reported by name when they are read."""
        files: list[UploadedFile] = data if isinstance(data, list) else [data] if data else []
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                f"These are {len(files)} files. Choose {MAX_FILES} at a time at most."
            )
        return files


class UploadForm(forms.Form):
    """Form for files or a pasted text."""

    # Forms have an attribute ``files``; Django removes declared fields from the class before it is set
    files = SeveralFilesField(  # type: ignore[assignment]
        label="Files",
        required=False,
        help_text="Word (.docx), plain text (.txt) or Markdown (.md). One medicine in each file.",
    )
    text = forms.CharField(
        label="Or paste a text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="With its headings, each on a line of its own, such as “How it works”.",
    )
    name = forms.CharField(
        label="Medicine of the pasted text",
        required=False,
        max_length=_LONGEST_NAME,
        help_text="The generic name. Leave it empty if the text begins with it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = ",".join(sorted(SUFFIXES))

    def clean(self) -> dict[str, Any]:
        """Require a file or a text."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("files") and not (cleaned.get("text") or "").strip():
            self.add_error("files", "Choose a file, or paste a text below.")
        return cleaned


class FileForm(forms.Form):
    """Form for one file in the preview: name and source of its page, and the section of each block."""

    name = forms.CharField(
        label="Generic name",
        max_length=_LONGEST_NAME,
        help_text="One page per medicine: if a page has this name or brand, that page is updated.",
    )
    brands = LinesFormField(label="Brand names", required=False, help_text="One per line.")
    drug_class = forms.CharField(label="Drug class", max_length=_LONGEST_NAME, required=False)
    source_title = forms.CharField(
        label="Title of the source",
        max_length=LONGEST_TITLE,
        help_text="It becomes the source of every section until you name others. Patients read it.",
    )
    publisher = forms.CharField(label="Publisher of the source", max_length=LONGEST_PUBLISHER, required=False)
    updates = forms.IntegerField(required=False)
    skip = forms.BooleanField(label="Do not import this file", required=False)

    def __init__(self, parsed: ParsedMonograph, file_name: str, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": parsed.name,
            "brands": parsed.brands,
            "drug_class": parsed.class_line,
            "source_title": Provenance.of(file_name).title,
        }
        super().__init__(**kwargs)
        self.blocks = placed_blocks(parsed)
        for placed in self.blocks:
            self.fields[_field(placed)] = forms.ChoiceField(
                choices=PLACES.items(),
                required=False,
                initial=placed.place,
                widget=forms.Select(attrs={"aria-label": f"Section for “{_excerpt(placed, parsed)}”"}),
            )

    def place_of(self, placed: PlacedBlock) -> str:
        """Return the place of a block: the submitted one, or where the parser put it."""
        place = self[_field(placed)].value()
        return place if place in PLACES else placed.place

    def choice_of(self, placed: PlacedBlock) -> forms.BoundField:
        """Return the field that sets the place of a block."""
        return self[_field(placed)]

    def places(self) -> dict[int, str]:
        """Return the place of each block, by its number."""
        return {placed.number: self.place_of(placed) for placed in self.blocks}


def _field(placed: PlacedBlock) -> str:
    return f"place-{placed.number}"


def _excerpt(placed: PlacedBlock, parsed: ParsedMonograph) -> str:
    words = placed.plain(parsed.markup).split()
    return " ".join(words[:_EXCERPT]) + ("…" if len(words) > _EXCERPT else "")
