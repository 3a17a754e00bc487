"""The form in which a person answers the conflicts of a merge."""

from typing import Any

from django import forms

from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.forms import FocusedErrorForm
from monographs.review.set_aside.conflict_texts import ConflictText

#: Characters of a text that is written anew.
MAX_WORDS = 2000


class MergeForm(FocusedErrorForm):
    """A choice for each conflict, by its key, and the two drafts that the person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    row = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, texts: list[ConflictText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            choices = [(choice.value, choice.value) for choice in text.conflict.choices]
            self.fields[f"choice_{text.key}"] = forms.ChoiceField(
                choices=choices, error_messages={"required": "Choose one of these texts."}
            )
            if text.may_be_written:
                self.fields[f"words_{text.key}"] = forms.CharField(
                    required=False,
                    max_length=MAX_WORDS,
                    initial=text.words,
                    widget=forms.Textarea(attrs={"rows": 4}),
                )

    def clean(self) -> dict[str, Any]:
        """Refuse to write nothing where other words were chosen."""
        super().clean()
        for text in self.texts:
            name = f"words_{text.key}"
            anew = self.cleaned_data.get(f"choice_{text.key}") == Choice.ANEW
            if anew and not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, "Write the words, or choose another text.")
        return self.cleaned_data

    @property
    def rows(self) -> list[tuple[ConflictText, forms.BoundField, forms.BoundField | None]]:
        """Each conflict with its fields."""
        return [
            (
                text,
                self[f"choice_{text.key}"],
                self[f"words_{text.key}"] if text.may_be_written else None,
            )
            for text in self.texts
        ]

    @property
    def linked_keys(self) -> set[str]:
        """The keys of the pages to which the texts to choose link."""
        return set().union(*(choice.linked_keys for text in self.texts for choice in text.choices))

    def answers(self) -> dict[str, ConflictAnswer]:
        """Return the answers by the names of their conflicts."""
        return {
            text.conflict.name: ConflictAnswer(
                Choice(self.cleaned_data[f"choice_{text.key}"]),
                self.cleaned_data.get(f"words_{text.key}", ""),
            )
            for text in self.texts
        }
