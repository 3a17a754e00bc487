"""The forms of bundles."""

from django import forms
from django.http import QueryDict

from monographs.core.posted_keys import posted_key
from monographs.review.forms import FocusedErrorForm, NoteForm, ReturnForm


class MakeBundleForm(FocusedErrorForm):
    """What changes on all of the pages that are put together."""

    title = forms.CharField(
        label="What changes on all of these pages?",
        max_length=200,
        widget=forms.TextInput(),
        help_text="Reviewers read this first, e.g. “The class is called PARP inhibitors now”.",
    )


class TakeOutForm(forms.Form):
    """Why a text is taken out of a bundle; needed of a signed one. ``text`` is its primary key."""

    reason = forms.CharField(max_length=2000, required=False)

    @property
    def text(self) -> int:
        """The primary key of the posted submission."""
        return posted_key(self.data.get("text", ""))


class ReturnBundleForm(ReturnForm):
    """Why all texts of a bundle are returned, and the hash of the texts that were on the screen."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class BundleNoteForm(NoteForm):
    """A note on a section of one of a bundle's texts; ``text`` is its primary key."""

    text = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @classmethod
    def for_text(cls, pk: int, anchor: str) -> "BundleNoteForm":
        """Return an empty form for a section of the submission ``pk``."""
        return cls(initial={"text": pk, "section": anchor}, auto_id=f"note-{pk}-{anchor}-%s")

    @classmethod
    def posted(cls, data: QueryDict) -> "BundleNoteForm":
        """Return the form that was posted."""
        return cls(data, auto_id=f"note-{data.get('text', '')}-{data.get('section', '')}-%s")

    @property
    def submission_pk(self) -> int:
        """The primary key of the posted submission."""
        return posted_key(self.data.get("text", ""))

    @property
    def place(self) -> str:
        """The posted submission and section, as ``NotedSection.place``."""
        return f"{self.submission_pk}-{self.data.get('section', '')}"

    def note_fields(self) -> dict[str, str]:
        """Return what ``AddNote`` takes of a valid form."""
        return {name: self.cleaned_data[name] for name in NoteForm.base_fields}
