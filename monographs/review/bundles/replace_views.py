"""The screen on which editors find words in all drafts and replace them, as a bundle for review."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import ReplaceWords, WordChange
from monographs.review.bundle_policy import bundle_takes_more, user_can_bundle
from monographs.review.bundles.bundle_forms import posted_key
from monographs.review.bundles.replace_forms import FindForm, ReplaceForm, chosen_hits
from monographs.review.models import ReviewBundle
from monographs.review.replacement.word_search import DraftSearch, search_drafts
from monographs.review.screens.base import FormScreen

#: Pages that one request changes and submits, within the time that servers before us wait; then the editor
#: continues with the rest.
MOST_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page: refused with ``reason``, or in review (an empty one)."""

    title: str
    url: str
    reason: str = ""


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
        replacing = Replacing(authenticated_user(request), form.change(), own_bundle(request))
        now, later = list(chosen)[:MOST_AT_ONCE], list(chosen)[MOST_AT_ONCE:]
        outcomes = [replacing.replace(page, *chosen[page]) for page in now]
        self.template_name = "review/replacement/outcome.html"
        context = self.get_context_data(
            done=[outcome for outcome in outcomes if not outcome.reason],
            refused=[outcome for outcome in outcomes if outcome.reason],
            bundle=replacing.bundle,
            left_bundle=replacing.left_bundle,
            later=len(later),
            left=[hit for hit in request.POST.getlist("hit") if set(chosen_hits([hit])) & set(later)],
        )
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            find_form=self.find_form,
            form=self.replace_form,
            result=self.result,
            ticked=set(self.request.POST.getlist("hit")),
            posted=self.request.method == "POST",
            **kwargs,
        )


def own_bundle(request: HttpRequest) -> ReviewBundle | None:
    """Return the bundle that the posted form continues; None to make one."""
    own = ReviewBundle.objects.filter(created_by=authenticated_user(request))
    return own.filter(pk=posted_key(request.POST.get("bundle", ""))).first()


@dataclass
class Replacing:
    """One change on many pages, each in a transaction of its own; all join ``bundle``, made by the first.

    A bundle that takes no more is left for a new one; ``left_bundle`` says why then.
    """

    user: User
    change: WordChange
    bundle: ReviewBundle | None
    left_bundle: str = ""

    def replace(self, pk: int, revision: int, numbers: set[int]) -> PageOutcome:
        """Replace the occurrences with these ``numbers`` in a page; return what became of it."""
        page = Page.objects.filter(pk=pk).first()
        if page is None or not issubclass(page.specific_class or Page, ReviewedPage):
            return PageOutcome("A page", reverse("bundles:replace"), "There is no such page any more.")
        edit = partial(PageOutcome, page.title, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        self._leave_bundle_that_takes_no_more()
        action = ReplaceWords(
            self.user, page, self.change, revision=revision, numbers=numbers, bundle=self.bundle
        )
        try:
            submission = action.execute()
        except PolicyError as refusal:
            return edit(_without_repetition(refusal))
        self.bundle = submission.bundle
        return PageOutcome(page.title, reverse("review:review", args=[submission.pk]))

    def _leave_bundle_that_takes_no_more(self) -> None:
        if self.bundle is None:
            return
        verdict = bundle_takes_more(self.bundle)
        if not verdict.allowed:
            self.bundle, self.left_bundle = None, verdict.message


def _without_repetition(refusal: PolicyError) -> str:
    """Return the reason; drafts that are not ready say more than fits a list."""
    return refusal.message if refusal.rule != Rule.NOT_READY else refusal.message[:400]
