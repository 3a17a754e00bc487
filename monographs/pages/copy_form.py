"""Copying a page: the copy is a draft with its own text."""

from typing import Any

from wagtail.admin.forms.pages import CopyForm

from monographs.pages.refusals import capture_refusal

COPIES_ARE_DRAFTS = (
    "A copy starts as a draft and is reviewed like any other text: it can be neither published at once nor "
    "kept as an alias of its original."
)
COPIES_CITE_NOTHING = (
    "What statements of the original rest on is not copied: in the copy its statements rest on no label and "
    "no source until a writer chooses them."
)


class DraftCopyForm(CopyForm):
    """Wagtail's copy form without publishing the copies and without aliases, which are not reviewed."""

    disabled_fields = ("publish_copies", "alias")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.disabled_fields:
            self.fields.pop(name, None)
        self.fields["new_title"].help_text = COPIES_CITE_NOTHING

    def clean(self) -> Any:
        cleaned = super().clean()
        if any(self.data.get(name) for name in self.disabled_fields):
            self.add_error("new_parent_page", COPIES_ARE_DRAFTS)
        for error in self.errors.get("new_parent_page", ()):
            capture_refusal(str(error))
        return cleaned
