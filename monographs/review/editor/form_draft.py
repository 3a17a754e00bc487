"""The draft in the editor's form, finished or not. Nothing is stored."""

from dataclasses import dataclass
from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.base import BlockField

from monographs.models import ReviewedPage
from monographs.rules.finding import Finding
from monographs.rules.rule import Severity


class InvalidEditorForm(ValueError):
    """Raised when the posted form is not one that the editor sends."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A page as it would be after saving, and the form's own errors as findings."""

    page: ReviewedPage
    findings: tuple[Finding, ...]


def draft_of(form: WagtailAdminPageForm) -> FormDraft:
    """Return the draft in ``form``, which may be bound to incomplete or invalid data.

    An invalid field keeps its former value. An invalid stream is taken as it is, because the house rules
    report its errors. Raises ``InvalidEditorForm`` when parts of the form are missing.
    """
    # Comments are not part of the text
    form.formsets.pop("comments", None)
    form.defer_required_fields()
    try:
        form.full_clean()
        errors = dict(form.errors)
        form.errors.clear()
        for name in errors:
            if isinstance(form.fields.get(name), BlockField):
                setattr(form.instance, name, _posted_value(form, name))
    except (KeyError, ValueError, TypeError) as error:
        raise InvalidEditorForm("Parts of the form are missing. Reload the editor.") from error
    page = form.save(commit=False)
    return FormDraft(page, tuple(_form_findings(form, errors)))


def _posted_value(form: WagtailAdminPageForm, name: str) -> Any:
    return form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


def _form_findings(form: WagtailAdminPageForm, errors: dict[str, Any]) -> list[Finding]:
    return [
        Finding("field", Severity.ERROR, str(form.fields[name].label), str(message), name)
        for name, messages in errors.items()
        if name in form.fields and not isinstance(form.fields[name], BlockField)
        if form[name].data or name != "slug"  # an empty slug is made from the title
        for message in messages
    ]
