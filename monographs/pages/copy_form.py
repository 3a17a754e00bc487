"""Copying a page: the copy is a draft with a text of its own."""

from typing import Any

from wagtail.admin.forms.pages import CopyForm

from monographs.pages.refusals import capture_refusal

COPIES_ARE_DRAFTS = (
    "A copy starts as a draft and is reviewed like any other text: it can be neither published at once nor "
    "kept as an alias of its original."
)


class DraftCopyForm(CopyForm):
    """Wagtail's form without publishing the copy, and without aliases, which nobody reviews."""

    closed = ("publish_copies", "alias")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.closed:
            self.fields.pop(name, None)

    def clean(self) -> Any:
        cleaned = super().clean()
        if any(self.data.get(name) for name in self.closed):
            self.add_error("new_parent_page", COPIES_ARE_DRAFTS)
        for words in self.errors.get("new_parent_page", ()):
            capture_refusal(str(words))
        return cleaned
