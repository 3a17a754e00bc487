"""Forms of the import views."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from monographs.imports.input_files import SUFFIXES
from monographs.imports.page_choice import PageChoice
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.placement import PLACES, Choices, Offer, PlacedBlock, offers_in, placed_blocks
from monographs.imports.remark_choices import can_choose
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


#: The value of the choice of a page for a new one; any other is the id of a page.
NEW_PAGE = "new"


class FileForm(forms.Form):
    """Form for one file in the preview.

    It asks for the name of its page and which page is meant, the section of each block, the remarks to undo,
    and the structure to accept.
    """

    name = forms.CharField(
        label="Generic name",
        max_length=_LONGEST_NAME,
        help_text="With its salt, form or isotope, as in “vexarubicin (liposomal)” or “Lu 177 vexatide”.",
    )
    brands = LinesFormField(label="Brand names", required=False, help_text="One per line.")
    drug_class = forms.CharField(label="Drug class", max_length=_LONGEST_NAME, required=False)
    updates = forms.RegexField(rf"{NEW_PAGE}|\d{{1,18}}", required=False)
    skip = forms.BooleanField(label="Do not import this file", required=False)

    def __init__(self, parsed: ParsedMonograph, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": parsed.name,
            "brands": parsed.brands,
            "drug_class": parsed.class_line,
        }
        super().__init__(**kwargs)
        self.parsed = parsed
        self.blocks = placed_blocks(parsed)
        for placed in self.blocks:
            self.fields[_field(placed)] = _place_field(placed, parsed)
            for n, remark in enumerate(placed.block.remarks):
                if can_choose(remark):
                    self.fields[_remark_field(placed, n)] = forms.BooleanField(required=False)
            self.fields[_offer_field(placed.number)] = forms.BooleanField(required=False)

    def place_of(self, placed: PlacedBlock) -> str:
        """Return the place of a block: the submitted one, or where the parser put it."""
        place = self[_field(placed)].value()
        return place if place in PLACES else placed.place

    def choice_of(self, placed: PlacedBlock) -> forms.BoundField:
        """Return the field that sets the place of a block."""
        return self[_field(placed)]

    def remark_choice(self, placed: PlacedBlock, n: int) -> forms.BoundField | None:
        """Return the field that undoes remark ``n`` of a block, None if there is nothing to undo."""
        name = _remark_field(placed, n)
        return self[name] if name in self.fields else None

    def offer_choice(self, offer: Offer) -> forms.BoundField:
        """Return the field that accepts an offer."""
        return self[_offer_field(offer.number)]

    def undone_in(self, placed: PlacedBlock) -> frozenset[int]:
        """Return the numbers of the remarks on a block that are undone."""
        chosen = ((n, self.remark_choice(placed, n)) for n in range(len(placed.block.remarks)))
        return frozenset(n for n, field in chosen if field is not None and field.value())

    def choices(self) -> Choices:
        """Return what is chosen now, whether or not the form is valid."""
        undone = {placed.number: self.undone_in(placed) for placed in self.blocks}
        return Choices(
            places={placed.number: self.place_of(placed) for placed in self.blocks},
            undone={number: chosen for number, chosen in undone.items() if chosen},
            accepted=frozenset(
                placed.number for placed in self.blocks if self[_offer_field(placed.number)].value()
            ),
        )

    def offers(self) -> list[Offer]:
        """Return the structure that can be accepted in the text as it is placed now."""
        return offers_in(self.parsed, self.choices())

    def page_choice(self) -> PageChoice:
        """Return the page that the user confirmed. The form must be valid."""
        chosen = self.cleaned_data["updates"]
        if chosen == NEW_PAGE:
            return PageChoice(new=True)
        return PageChoice(page_id=int(chosen) if chosen else None)


def _place_field(placed: PlacedBlock, parsed: ParsedMonograph) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=PLACES.items(),
        required=False,
        initial=placed.place,
        widget=forms.Select(attrs={"aria-label": f"Section for “{_excerpt(placed, parsed)}”"}),
    )


def _field(placed: PlacedBlock) -> str:
    return f"place-{placed.number}"


def _remark_field(placed: PlacedBlock, n: int) -> str:
    return f"undo-{placed.number}-{n}"


def _offer_field(number: int) -> str:
    return f"accept-{number}"


def _excerpt(placed: PlacedBlock, parsed: ParsedMonograph) -> str:
    words = placed.plain(parsed.markup).split()
    return " ".join(words[:_EXCERPT]) + ("…" if len(words) > _EXCERPT else "")
