"""The screen on which editors find words in all drafts and replace them, as a bundle for review."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.review.actions import ReplaceWords, WordChange
from monographs.review.bundles.draft_batch import DraftBatch, MakeAction, own_bundle
from monographs.review.bundles.replace_forms import FindForm, ReplaceForm, chosen_hits
from monographs.review.models import ReviewBundle
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.replacement.word_search import DraftSearch, search_drafts
from monographs.review.screens.base import FormScreen


class FindReplaceView(FormScreen):
    """Find words in the drafts of all pages; replace those that are ticked and submit the pages."""

    page_title = "Find and replace"
    template_name = "review/replacement/search.html"
    header_icon = "search"
    breadcrumb_root = ("bundles:list", "Bundles")
    find_form: FindForm
    replace_form: ReplaceForm | None = None
    result: DraftSearch | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse others than editors."""
        if request.user.is_authenticated:
            user_can_bundle(request.user).enforce()
        return super().dispatch(request, *args, **kwargs)

    def own_breadcrumb(self) -> str:
        return self.page_title

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, and what was found."""
        searched = "words" in request.GET
        self.find_form = FindForm(request.GET if searched else None)
        if searched and self.find_form.is_valid():
            self.search(self.find_form)
        return self.show()

    def search(self, form: FindForm) -> None:
        """Search for the words of a valid form."""
        self.result = search_drafts(authenticated_user(self.request), form.pattern())
        if self.replace_form is None:
            self.replace_form = ReplaceForm(initial=form.cleaned_data)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Replace what is ticked in the first pages and submit them; show what became of each."""
        self.find_form = FindForm(request.POST)
        self.replace_form = form = ReplaceForm(request.POST)
        chosen = chosen_hits(request.POST.getlist("hit"))
        if form.is_valid() and not chosen:
            form.add_error(None, "Tick what is to be replaced.")
        if not form.is_valid():
            if self.find_form.is_valid():
                self.search(self.find_form)
            return self.invalid()
        batch = DraftBatch(authenticated_user(request), own_bundle(request))
        outcome = batch.change([(pk, self.action(form.change(), *hits)) for pk, hits in chosen.items()])
        self.template_name = "review/replacement/outcome.html"
        context = self.get_context_data(
            **outcome,
            left=[hit for hit in request.POST.getlist("hit") if set(chosen_hits([hit])) & outcome["waiting"]],
        )
        return self.render_to_response(context)

    def action(self, change: WordChange, revision: int, numbers: set[int]) -> MakeAction:
        """Return a function that makes the action replacing the occurrences ``numbers`` in a page."""

        def make(page: Page, bundle: ReviewBundle | None) -> ReplaceWords:
            return ReplaceWords(
                authenticated_user(self.request),
                page,
                change,
                revision=revision,
                numbers=numbers,
                bundle=bundle,
            )

        return make

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("tick", None)
        return super().get_context_data(
            find_form=self.find_form,
            form=self.replace_form,
            result=self.result,
            ticked=set(self.request.POST.getlist("hit")),
            all_ticked=self.request.GET.get("tick") != "none",
            query=query.urlencode(),
            posted=self.request.method == "POST",
            **kwargs,
        )
