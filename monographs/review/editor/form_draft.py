"""The draft that stands in an editor's form, finished or not. Nothing is written."""

from dataclasses import dataclass
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.base import BlockField

from monographs.models import ReviewedPage
from monographs.rules.finding import Finding
from monographs.rules.rule import Severity


class InvalidEditorForm(ValueError):
    """The form is not one that the editor sends."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A page as it would be after saving, and what Wagtail's form says against its fields."""

    page: ReviewedPage
    complaints: tuple[Finding, ...]


def draft_of(form: WagtailAdminPageForm) -> FormDraft:
    """The draft in ``form``, which may be bound to anything that was typed so far.

    A field that is refused keeps the value it had; a stream is taken as it stands, because what is wrong
    in it is for the house rules to say. Raises ``InvalidEditorForm`` when parts of the form are missing.
    """
    # Comments are not part of what a page says
    form.formsets.pop("comments", None)
    form.defer_required_fields()
    try:
        form.full_clean()
        errors = dict(form.errors)
        form.errors.clear()
        for name in errors:
            if isinstance(form.fields.get(name), BlockField):
                setattr(form.instance, name, _as_it_stands(form, name))
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidEditorForm("Parts of the form are missing. Reload the editor.") from error
    page = form.save(commit=False)
    return FormDraft(page, tuple(_complaints(form, errors)))


def _as_it_stands(form: WagtailAdminPageForm, name: str) -> Any:
    return form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


def _complaints(form: WagtailAdminPageForm, errors: dict[str, Any]) -> list[Finding]:
    return [
        Finding("field", Severity.ERROR, str(form.fields[name].label), str(message), name)
        for name, messages in errors.items()
        if name in form.fields and not isinstance(form.fields[name], BlockField)
        for message in messages
    ]
