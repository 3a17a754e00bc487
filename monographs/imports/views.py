"""Import views of the admin: choose files, check the section of every paragraph, then create drafts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.core.users import authenticated_user
from monographs.document import REQUIRED_SECTIONS
from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.forms import FileForm, UploadForm
from monographs.imports.input_files import check_size, parse_text, read_bytes
from monographs.imports.page_match import index_of
from monographs.imports.placement import OMITTED, PLACES, SERIOUS, apply_placement
from monographs.imports.provenance import Provenance
from monographs.imports.service import ImportOutcome, ImportPlan, make_drafts, user_can_import
from monographs.imports.signed_state import ReadFile, read_signed_state, sign_state
from monographs.pages.refusals import PolicyError, Rule
from monographs.rules.finding import Finding

_REQUIRED = {*(section.value for section in REQUIRED_SECTIONS), SERIOUS}
PASTED = "Pasted text"


@dataclass(frozen=True, slots=True)
class PreviewSection:
    """A section of the preview: its blocks as HTML, each with a reason (or none) and its form field."""

    place: str
    heading: str
    blocks: list[tuple[SafeString, str, BoundField]]
    missing: bool


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file in the preview."""

    file: ReadFile
    form: FileForm
    outcome: ImportOutcome | None

    @property
    def sections(self) -> list[PreviewSection]:
        """Sections that have a block or are required."""
        found = (self._section(place, heading) for place, heading in PLACES.items())
        return [section for section in found if section.blocks or section.missing]

    def _section(self, place: str, heading: str) -> PreviewSection:
        markup = self.file.parsed.markup
        here = [placed for placed in self.form.blocks if self.form.place_of(placed) == place]
        # Sanitised by the function that patients' pages use
        rows = [
            (mark_safe(placed.html(markup)), placed.reason, self.form.choice_of(placed))  # noqa: S308
            for placed in sorted(here, key=lambda placed: placed.place != place)
        ]
        shown = "Not imported" if place == OMITTED else heading
        return PreviewSection(place, shown, rows, missing=place in _REQUIRED and not rows)

    @property
    def errors(self) -> list[Finding]:
        """Findings that keep the draft from being submitted."""
        return [f for f in self.outcome.findings if f.stops] if self.outcome else []

    @property
    def advice(self) -> list[Finding]:
        """The other findings."""
        return [f for f in self.outcome.findings if not (f.stops or f.reason)] if self.outcome else []


class _ImportView(WagtailAdminTemplateMixin, View):
    """A view of Wagtail's admin below “Import”, for users who may add medicines."""

    page_title = "Import texts"
    header_icon = "download"
    status = 200

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_can_import(request.user):
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE, "You may not add medicines, and so cannot import texts. Ask an editor."
            )
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse("imports:upload"), "label": "Import"},
        ]

    def show_upload(self, form: UploadForm, refused: Iterable[str] = ()) -> HttpResponse:
        """Render the form for files."""
        self.template_name = "imports/upload.html"
        context = self.get_context_data(form=form, refused=list(refused))
        return self.render_to_response(context, status=self.status)

    def show_preview(
        self, previews: list[FilePreview], state: str, refused: Iterable[str] = ()
    ) -> HttpResponse:
        """Render the preview."""
        self.template_name = "imports/preview.html"
        context = self.get_context_data(previews=previews, state=state, refused=list(refused))
        return self.render_to_response(context, status=self.status)


class UploadView(_ImportView):
    """Upload files or a text; the response is a preview."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.show_upload(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Parse the files and show the preview. Saves nothing."""
        user = authenticated_user(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            self.status = 400
            return self.show_upload(form)
        files, refused = _read(form)
        try:
            state = sign_state(files, user) if files else ""
        except ImportRefused as refusal:
            files, refused = [], [*refused, _sentence(str(refusal))]
        if not files:
            self.status = 400
            return self.show_upload(form, refused)
        forms = [FileForm(file.parsed, file.name, prefix=f"file{n}") for n, file in enumerate(files)]
        plans = [ImportPlan(f.name, apply_placement(f.parsed, {}), Provenance.of(f.name)) for f in files]
        outcomes = make_drafts(plans, user, save=False)
        previews = [FilePreview(*row) for row in zip(files, forms, outcomes, strict=True)]
        return self.show_preview(previews, state, refused)


class DraftsView(_ImportView):
    """The submitted preview: update it, or create the drafts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the upload: there is nothing to show without a preview."""
        return redirect("imports:upload")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the drafts if requested and possible, else show the preview again."""
        user = authenticated_user(request)
        state = request.POST.get("state", "")
        try:
            files = read_signed_state(state, user)
        except ImportRefused as refusal:
            self.status = 400
            return self.show_upload(UploadForm(), [_sentence(str(refusal))])
        forms = [
            FileForm(file.parsed, file.name, prefix=f"file{n}", data=request.POST)
            for n, file in enumerate(files)
        ]
        wanted = [n for n, form in enumerate(forms) if not form["skip"].value()]
        good = [n for n in wanted if forms[n].is_valid()]
        create = "create" in request.POST and bool(wanted) and good == wanted
        plans = [_plan(files[n], forms[n]) for n in good]
        outcomes = dict(zip(good, make_drafts(plans, user, save=create), strict=True))
        if create and not any(outcome.stops for outcome in outcomes.values()):
            return _show_drafts([(files[n].name, outcome) for n, outcome in outcomes.items()], request)
        if "create" in request.POST:
            self.status = 400
            messages.error(request, _why_not_saved(wanted))
        previews = [FilePreview(file, forms[n], outcomes.get(n)) for n, file in enumerate(files)]
        return self.show_preview(previews, state)


def _read(form: UploadForm) -> tuple[list[ReadFile], list[str]]:
    """Return the files that could be read, and a sentence for each that could not."""
    files: list[ReadFile] = []
    refused: list[str] = []
    for uploaded in form.cleaned_data["files"]:
        try:
            check_size(uploaded.size, uploaded.name)
            files.append(ReadFile(uploaded.name, read_bytes(uploaded.read(), uploaded.name)))
        except ImportRefused as refusal:
            refused.append(f"{uploaded.name}: {_sentence(str(refusal))}")
    if form.cleaned_data["text"].strip():
        try:
            files.append(_pasted(form.cleaned_data["text"], form.cleaned_data["name"].strip()))
        except ImportRefused as refusal:
            refused.append(f"{PASTED}: {_sentence(str(refusal))}")
    return files, refused


def _pasted(text: str, name: str) -> ReadFile:
    parsed = parse_text(text, f"{name or PASTED}.txt")
    if name or parsed.named_by_file:
        parsed.name = name
    return ReadFile(PASTED, parsed)


def _plan(file: ReadFile, form: FileForm) -> ImportPlan:
    data = form.cleaned_data
    parsed = apply_placement(file.parsed, form.places())
    parsed.name, parsed.brands, parsed.class_line = data["name"], data["brands"], data["drug_class"]
    origin = replace(Provenance.of(file.name), title=data["source_title"], publisher=data["publisher"])
    return ImportPlan(file.name, parsed, origin, data["updates"])


def _show_drafts(created: list[tuple[str, ImportOutcome]], request: HttpRequest) -> HttpResponse:
    """Redirect to the only draft, or to the list of medicines, with a message for each draft."""
    for name, outcome in created:
        errors = sum(finding.stops for finding in outcome.findings)
        fix = f" To fix before it can be submitted: {errors}." if errors else ""
        address = reverse("wagtailadmin_pages:edit", args=[outcome.page_id])
        messages.success(
            request,
            f"“{outcome.title}” was saved as a draft, from {name}.{fix}",
            buttons=[messages.button(address, "Edit")] if len(created) > 1 else None,
        )
    if len(created) == 1:
        return redirect("wagtailadmin_pages:edit", created[0][1].page_id)
    return redirect("wagtailadmin_explore", index_of(CollectionType.MEDICINES).pk)


def _why_not_saved(wanted: list[int]) -> str:
    if not wanted:
        return "Nothing was saved: every file is marked not to be imported."
    return "Nothing was saved yet. Fix what is marked below, then try again."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
