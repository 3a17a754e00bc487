"""What the import screens ask."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from monographs.imports.input_files import SUFFIXES
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.placement import PLACES, PlacedBlock, placed_blocks
from monographs.imports.provenance import LONGEST_PUBLISHER, LONGEST_TITLE, Provenance
from monographs.models import MonographPage
from monographs.pages.fields import LinesFormField

#: More than anybody looks through in one sitting.
MAX_FILES = 20
_LONGEST_NAME = MonographPage._meta.get_field("title").max_length
#: Words by which the choice for a piece is told from the others.
_EXCERPT = 8


class SeveralFilesInput(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file; empty ones too, for whatever reads them says so by name."""
        files: list[UploadedFile] = data if isinstance(data, list) else [data] if data else []
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                f"These are {len(files)} files. Choose {MAX_FILES} at a time at most."
            )
        return files


class UploadForm(forms.Form):
    """Files, or a text that was copied from elsewhere."""

    # A form's own ``files`` is an attribute; Django takes the field out of the class first
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
        """Something to import."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("files") and not (cleaned.get("text") or "").strip():
            self.add_error("files", "Choose a file, or paste a text below.")
        return cleaned


class FileForm(forms.Form):
    """One file in the preview: what its page is called, its source, and where each piece lands."""

    name = forms.CharField(
        label="Generic name",
        max_length=_LONGEST_NAME,
        help_text="One page per medicine: a name or brand that has a page leads to that page.",
    )
    brands = LinesFormField(label="Brand names", required=False, help_text="One per line.")
    drug_class = forms.CharField(label="Drug class", max_length=_LONGEST_NAME, required=False)
    source_title = forms.CharField(
        label="Title of the source",
        max_length=LONGEST_TITLE,
        help_text="Every section rests on it until you name others. Patients read it.",
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
        self.pieces = placed_blocks(parsed)
        for piece in self.pieces:
            self.fields[_field(piece)] = forms.ChoiceField(
                choices=PLACES.items(),
                required=False,
                initial=piece.place,
                widget=forms.Select(attrs={"aria-label": f"Lands in: “{_excerpt(piece, parsed)}”"}),
            )

    def place_of(self, piece: PlacedBlock) -> str:
        """Where a piece is to land, as far as the person has said."""
        place = self[_field(piece)].value()
        return place if place in PLACES else piece.place

    def choice_of(self, piece: PlacedBlock) -> forms.BoundField:
        """The field that moves a piece."""
        return self[_field(piece)]

    def places(self) -> dict[int, str]:
        """Where each piece is to land, by its number."""
        return {piece.number: self.place_of(piece) for piece in self.pieces}


def _field(piece: PlacedBlock) -> str:
    return f"place-{piece.number}"


def _excerpt(piece: PlacedBlock, parsed: ParsedMonograph) -> str:
    words = piece.plain(parsed.markup).split()
    return " ".join(words[:_EXCERPT]) + ("…" if len(words) > _EXCERPT else "")
