"""The forms by which words are found in the drafts of all pages, and replaced."""

import re
import unicodedata
from typing import Any

from django import forms

from monographs.core.posted_keys import KEY, PLACE
from monographs.editions.models import ReviewKind
from monographs.review.actions import WordChange
from monographs.review.forms import FocusedErrorForm
from monographs.review.replacement.word_pattern import Replacement, WordPattern

#: A ticked occurrence: page, revision and number, all by primary key and place.
_HIT = re.compile(rf"({KEY}):({KEY}):({PLACE})")


class FindForm(FocusedErrorForm):
    """The words to be found, and how they are compared."""

    words = forms.CharField(label="Find", max_length=100, widget=forms.TextInput())
    whole_words = forms.BooleanField(label="Whole words only", required=False, initial=True)
    match_case = forms.BooleanField(label="Capital letters matter", required=False)
    ignore_accents = forms.BooleanField(
        label="Accents do not matter (reads every draft, which takes longer)", required=False
    )

    def clean_words(self) -> str:
        """Refuse words of signs only: they would be found everywhere."""
        words = unicodedata.normalize("NFC", " ".join(self.cleaned_data["words"].split()))  # as drafts have
        if not any(character.isalnum() for character in words):
            raise forms.ValidationError("Type a word or a number.")
        return words

    def pattern(self) -> WordPattern:
        """Return the pattern of a valid form."""
        names = ("words", "whole_words", "match_case", "ignore_accents")
        return WordPattern(**{name: self.cleaned_data[name] for name in names})


class DraftChangeForm(FocusedErrorForm):
    """Change note, reason and kind of review of a change on many pages."""

    change_note = forms.CharField(
        label="What changed, for patients",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In a sentence. It is signed with each page.",
    )
    reason = forms.CharField(
        label="Why, for reviewers", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    review_kind = forms.ChoiceField(
        label="What kind of review is this?",
        choices=[
            (ReviewKind.CORRECTION, "Correction: only wording changes"),
            (ReviewKind.FULL_REVIEW, "Full review: each page is read and checked again"),
        ],
        initial=ReviewKind.CORRECTION,
        widget=forms.RadioSelect,
    )


class ReplaceForm(DraftChangeForm, FindForm):
    """The words that replace the found ones, and the facts of the change."""

    new_words = forms.CharField(
        label="Replace with",
        max_length=200,
        widget=forms.TextInput(),
        help_text="A word with a capital keeps it, unless capital letters matter.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FindForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse a replacement that equals the words it replaces."""
        cleaned = super().clean() or {}
        if cleaned.get("new_words") and cleaned.get("new_words") == cleaned.get("words"):
            self.add_error("new_words", "These are the same words.")
        return cleaned

    def change(self) -> WordChange:
        """Return the change of a valid form."""
        data = self.cleaned_data
        return WordChange(
            Replacement(self.pattern(), data["new_words"]),
            title=f"“{data['words']}” becomes “{data['new_words']}”"[:200],
            change_note=data["change_note"],
            reason=data["reason"],
            review_kind=ReviewKind(data["review_kind"]),
        )


def chosen_hits(ticked: list[str]) -> dict[int, tuple[int, set[int]]]:
    """Return revision and numbers of the ticked occurrences by the primary key of their page."""
    found: dict[int, tuple[int, set[int]]] = {}
    for value in ticked:
        if match := _HIT.fullmatch(value):
            page, revision, number = (int(part) for part in match.groups())
            found.setdefault(page, (revision, set()))[1].add(number)
    return found
