"""“New from a label”: choose a label, check in a preview what it fills in, then make the draft."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.imports.errors import ImportRefused
from monographs.imports.from_label.label_draft import check_free, make_draft, pages_of_label, source_of
from monographs.imports.from_label.label_facts import facts_of
from monographs.imports.from_label.label_forms import LabelFactsForm, LabelForm
from monographs.imports.from_label.label_source import FoundLabel, fetched_label, label_of_file, set_id_in
from monographs.imports.from_label.signed_label import read_signed_label, sign_label
from monographs.imports.page_match import PageMatches
from monographs.imports.read_files import sentence
from monographs.imports.views import ImportScreen


class _LabelScreen(ImportScreen):
    """A screen below “New from a label”."""

    page_title = "New medicine from a label"
    header_icon = "history"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("imports:label"), "label": "New from a label"},
        ]

    def show_choice(self, form: LabelForm, refused: str = "") -> HttpResponse:
        """Render the form for a label, with the reason why none was read."""
        self.template_name = "imports/label_choice.html"
        context = self.get_context_data(form=form, refused=[sentence(refused)] if refused else [])
        return self.render_to_response(context, status=self.status)

    def show_label(self, found: FoundLabel, form: LabelFactsForm, state: str) -> HttpResponse:
        """Render what the label fills in."""
        facts = facts_of(found.label)
        matches, taken = PageMatches(), ""
        if not form.is_bound or form.is_valid():
            checked = form.facts() if form.is_bound else facts
            try:
                matches = check_free(checked.name, checked.brands)
            except ImportRefused as refusal:
                taken = sentence(str(refusal))
        self.template_name = "imports/label_preview.html"
        context = self.get_context_data(
            label=found.label,
            origin=found.origin,
            form=form,
            state=state,
            notes=facts.notes,
            source=source_of(found.label, facts),
            matches=matches.all,
            taken=taken,
            followers=pages_of_label(found.label.set_id),
        )
        return self.render_to_response(context, status=self.status)


class LabelChoiceView(_LabelScreen):
    """Choose a label; the response is a preview."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; ``?set_id=`` fills it in."""
        return self.show_choice(LabelForm(initial={"set_id": request.GET.get("set_id", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the label and show the preview. Saves nothing."""
        form = LabelForm(request.POST, request.FILES)
        if not form.is_valid():
            self.status = 400
            return self.show_choice(form)
        try:
            found = _found_label(form.cleaned_data)
            state = sign_label(found, authenticated_user(request))
        except ImportRefused as refusal:
            self.status = 400
            return self.show_choice(form, str(refusal))
        return self.show_label(found, LabelFactsForm(facts_of(found.label)), state)


class LabelDraftView(_LabelScreen):
    """The submitted preview: update it, or make the draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the choice: there is nothing to show without a label."""
        return redirect("imports:label")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the draft if requested and possible, else show the preview again."""
        user, state = authenticated_user(request), request.POST.get("state", "")
        try:
            found = read_signed_label(state, user)
        except ImportRefused as refusal:
            self.status = 400
            return self.show_choice(LabelForm(), str(refusal))
        form = LabelFactsForm(facts_of(found.label), data=request.POST)
        if "create" in request.POST:
            self.status = 400
            if form.is_valid():
                try:
                    page = make_draft(found, form.facts(), user)
                except ImportRefused:
                    return self.show_label(found, form, state)  # which says why
                messages.success(
                    request,
                    f"“{page.title}” was made from version {found.label.version} of its label. Its sections "
                    "are empty: the label’s text is beside each of them, for you to read.",
                )
                return redirect("wagtailadmin_pages:edit", page.pk)
        return self.show_label(found, form, state)


def _found_label(data: dict[str, Any]) -> FoundLabel:
    if file := data["label_file"]:
        return label_of_file(file.read(), file.name)
    return fetched_label(set_id_in(data["set_id"]))
