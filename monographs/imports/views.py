"""Import views of the admin: choose files, check every paragraph in a preview, then create drafts."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.core.posted_keys import posted_place
from monographs.core.users import authenticated_user
from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.forms import FileForm, UploadForm
from monographs.imports.page_match import index_of
from monographs.imports.placement import apply_choices
from monographs.imports.preview import FilePreview
from monographs.imports.read_files import READ_AGAIN, read_again, read_uploads, sentence, submitted_choices
from monographs.imports.service import ImportOutcome, ImportPlan, make_drafts, user_can_import
from monographs.imports.signed_state import ReadFile, read_signed_state, sign_state
from monographs.pages.refusals import PolicyError, Rule

#: The name of the buttons that accept every offer of a file; value: its number.
ACCEPT_ALL = "accept-all"


class ImportScreen(WagtailAdminTemplateMixin, View):
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
            *super().get_breadcrumbs_items(),
            {"url": reverse("imports:upload"), "label": "Import"},
        ]


class _TextScreen(ImportScreen):
    """A screen on which texts are imported."""

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


class UploadView(_TextScreen):
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
        files, refused = read_uploads(form.cleaned_data)
        try:
            state = sign_state(files, user) if files else ""
        except ImportRefused as refusal:
            files, refused = [], [*refused, sentence(str(refusal))]
        if not files:
            self.status = 400
            return self.show_upload(form, refused)
        forms = [FileForm(file.parsed, prefix=f"file{n}") for n, file in enumerate(files)]
        plans = [
            ImportPlan(file.name, apply_choices(file.parsed, form.choices()), file.origin)
            for file, form in zip(files, forms, strict=True)
        ]
        outcomes = make_drafts(plans, user, save=False)
        previews = [FilePreview(*row) for row in zip(files, forms, outcomes, strict=True)]
        return self.show_preview(previews, state, refused)


class DraftsView(_TextScreen):
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
            if READ_AGAIN in request.POST:
                files = read_again(files, request.POST[READ_AGAIN])
                state = sign_state(files, user)
        except ImportRefused as refusal:
            self.status = 400
            return self.show_upload(UploadForm(), [sentence(str(refusal))])
        data = submitted_choices(request.POST)
        forms = file_forms(files, data)
        place = posted_place(request.POST.get(ACCEPT_ALL, ""))
        if place is not None:
            forms = file_forms(files, _all_accepted(data, forms[place : place + 1]))
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


def file_forms(files: list[ReadFile], data: QueryDict) -> list[FileForm]:
    """Return the forms of the preview with submitted data."""
    return [FileForm(file.parsed, prefix=f"file{n}", data=data) for n, file in enumerate(files)]


def _all_accepted(data: QueryDict, forms: list[FileForm]) -> QueryDict:
    """Return submitted data with every offer of ``forms`` accepted."""
    accepted = data.copy()
    for form in forms:
        for offer in form.offers():
            accepted[form.offer_choice(offer).html_name] = "on"
    return accepted


def _plan(file: ReadFile, form: FileForm) -> ImportPlan:
    data = form.cleaned_data
    parsed = apply_choices(file.parsed, form.choices())
    parsed.name, parsed.brands, parsed.class_line = data["name"], data["brands"], data["drug_class"]
    return ImportPlan(file.name, parsed, file.origin, form.page_choice())


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
