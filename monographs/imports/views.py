"""The import screens: choose files, see where every paragraph lands, then make drafts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.document import REQUIRED_SECTIONS
from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.forms import FileForm, UploadForm
from monographs.imports.input_files import check_size, checked_text, read_bytes
from monographs.imports.page_match import index_of
from monographs.imports.parser import parse
from monographs.imports.placement import NOWHERE, PLACES, SERIOUS, apply_placement
from monographs.imports.provenance import Provenance
from monographs.imports.service import ImportOutcome, ImportPlan, make_drafts, may_import
from monographs.imports.signed_state import ReadFile, read_signed_state, sign_state
from monographs.pages.refusals import PolicyError, Rule

_REQUIRED = {*(section.value for section in REQUIRED_SECTIONS), SERIOUS}
PASTED = "Pasted text"


@dataclass(frozen=True, slots=True)
class PreviewPlace:
    """A place in the preview with the pieces that land there, each with its field."""

    place: str
    heading: str
    pieces: list[tuple[SafeString, str, Any]]
    missing: bool


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file in the preview."""

    file: ReadFile
    form: FileForm
    outcome: ImportOutcome | None

    @property
    def landings(self) -> list[PreviewPlace]:
        """Every place that has a piece or must have one."""
        found = (self._landing(place, heading) for place, heading in PLACES.items())
        return [landing for landing in found if landing.pieces or landing.missing]

    def _landing(self, place: str, heading: str) -> PreviewPlace:
        markup = self.file.parsed.markup
        here = [piece for piece in self.form.pieces if self.form.place_of(piece) == place]
        # Sanitised by the very function that patients' pages rely on
        rows = [
            (mark_safe(piece.html(markup)), piece.reason, self.form.choice_of(piece))  # noqa: S308
            for piece in sorted(here, key=lambda piece: piece.place != place)
        ]
        shown = "Not imported" if place == NOWHERE else heading
        return PreviewPlace(place, shown, rows, missing=place in _REQUIRED and not rows)

    @property
    def errors(self) -> list[Any]:
        """What keeps the draft from being submitted."""
        return [f for f in self.outcome.findings if f.stops] if self.outcome else []

    @property
    def advice(self) -> list[Any]:
        """What the rules say besides."""
        return [f for f in self.outcome.findings if not (f.stops or f.reason)] if self.outcome else []


class _ImportScreen(WagtailAdminTemplateMixin, View):
    """A page of Wagtail's admin below “Import”, for who may add medicines."""

    page_title = "Import texts"
    header_icon = "download"
    status = 200

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
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
        """The first screen."""
        self.template_name = "imports/upload.html"
        context = self.get_context_data(form=form, refused=list(refused))
        return self.render_to_response(context, status=self.status)

    def show_preview(
        self, previews: list[FilePreview], state: str, refused: Iterable[str] = ()
    ) -> HttpResponse:
        """The second screen."""
        self.template_name = "imports/preview.html"
        context = self.get_context_data(previews=previews, state=state, refused=list(refused))
        return self.render_to_response(context, status=self.status)


class UploadView(_ImportScreen):
    """Files or a text in; what was understood out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for texts."""
        return self.show_upload(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read them and show where everything lands. Writes nothing."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            self.status = 400
            return self.show_upload(form)
        files, refused = _read(form)
        try:
            state = sign_state(files, request.user) if files else ""
        except ImportRefused as refusal:
            files, refused = [], [*refused, _sentence(str(refusal))]
        if not files:
            self.status = 400
            return self.show_upload(form, refused)
        forms = [FileForm(file.parsed, file.name, prefix=f"file{n}") for n, file in enumerate(files)]
        plans = [ImportPlan(f.name, apply_placement(f.parsed, {}), Provenance.of(f.name)) for f in files]
        outcomes = make_drafts(plans, request.user, keep=False)
        previews = [FilePreview(*row) for row in zip(files, forms, outcomes, strict=True)]
        return self.show_preview(previews, state, refused)


class DraftsView(_ImportScreen):
    """The preview comes back: look again, or make the drafts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """There is nothing to see without a preview."""
        return redirect("imports:upload")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the drafts if that is asked and nothing speaks against it; else show the preview again."""
        state = request.POST.get("state", "")
        try:
            files = read_signed_state(state, request.user)
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
        outcomes = dict(zip(good, make_drafts(plans, request.user, keep=create), strict=True))
        if create and not any(outcome.stops for outcome in outcomes.values()):
            return _made([(files[n].name, outcome) for n, outcome in outcomes.items()], request)
        if "create" in request.POST:
            self.status = 400
            messages.error(request, _why_not(wanted))
        previews = [FilePreview(file, forms[n], outcomes.get(n)) for n, file in enumerate(files)]
        return self.show_preview(previews, state)


def _read(form: UploadForm) -> tuple[list[ReadFile], list[str]]:
    """What could be read, and a sentence for each text that could not."""
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
    parsed = parse(checked_text(text), f"{name or PASTED}.txt")
    if name or parsed.named_by_file:
        parsed.name = name
    return ReadFile(PASTED, parsed)


def _plan(file: ReadFile, form: FileForm) -> ImportPlan:
    data = form.cleaned_data
    parsed = apply_placement(file.parsed, form.places())
    parsed.name, parsed.brands, parsed.class_line = data["name"], data["brands"], data["drug_class"]
    origin = replace(Provenance.of(file.name), title=data["source_title"], publisher=data["publisher"])
    return ImportPlan(file.name, parsed, origin, data["updates"])


def _made(made: list[tuple[str, ImportOutcome]], request: HttpRequest) -> HttpResponse:
    for name, outcome in made:
        errors = sum(finding.stops for finding in outcome.findings)
        mend = f" Before it can be submitted there is something to mend ({errors})." if errors else ""
        address = reverse("wagtailadmin_pages:edit", args=[outcome.page.pk])
        messages.success(
            request,
            f"“{outcome.title}” is a draft now, from {name}.{mend}",
            buttons=[messages.button(address, "Edit")] if len(made) > 1 else None,
        )
    if len(made) == 1:
        return redirect("wagtailadmin_pages:edit", made[0][1].page.pk)
    return redirect("wagtailadmin_explore", index_of(CollectionType.MEDICINES).pk)


def _why_not(wanted: list[int]) -> str:
    if not wanted:
        return "Nothing was saved: every file is marked not to be imported."
    return "Nothing was saved yet. Mend what is marked below, then try again."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
