"""The base class of screens on which editors change many drafts in one way, as a bundle."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

from monographs.core.users import authenticated_user
from monographs.review.bundles.draft_batch import DraftBatch, MakeAction, TickedPage, own_bundle, ticked_pages
from monographs.review.bundles.replace_forms import DraftChangeForm
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.screens.base import FormScreen


class BatchRow(Protocol):
    """A page whose draft can be changed, unless ``obstacle`` says what keeps it from that."""

    @property
    def obstacle(self) -> str:
        """What keeps the draft from being changed; empty if nothing does."""


def split_rows(rows: Sequence[BatchRow]) -> dict[str, Any]:
    """Return, for a template, the rows that can be changed and those that cannot, and how many of each.

    As many of each as a bundle takes are shown: when the first ones are in review, the next ones follow.
    """
    possible = [row for row in rows if not row.obstacle]
    left_out = [row for row in rows if row.obstacle]
    return {
        "possible": possible[:MOST_PAGES],
        "possible_count": len(possible),
        "left_out": left_out[:MOST_PAGES],
        "left_out_count": len(left_out),
    }


class DraftBatchScreen(FormScreen):
    """Lists pages whose drafts can be changed; those that are ticked are changed and submitted."""

    #: The template that shows what became of each page.
    outcome_template = ""
    #: Said if no page is ticked.
    nothing_ticked = ""
    form: DraftChangeForm | None = None

    def posted_form(self, request: HttpRequest) -> DraftChangeForm:
        """Return the form as it was posted."""
        return DraftChangeForm(request.POST)

    def outdated(self, request: HttpRequest) -> str:
        """Return why the change differs from the one the editor read; empty if it does not."""
        raise NotImplementedError

    def actions(self, said: dict[str, Any]) -> Callable[[TickedPage], MakeAction]:
        """Return a function that makes the action on a ticked page. ``said`` is the cleaned form data."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Change the drafts of the ticked pages and submit them as a bundle, or say what is wrong."""
        user = authenticated_user(request)
        user_can_bundle(user).enforce()
        self.form = form = self.posted_form(request)
        values = request.POST.getlist("page")
        ticked = ticked_pages(values)
        if outdated := self.outdated(request):
            form.add_error(None, outdated)
        elif not ticked:
            form.add_error(None, self.nothing_ticked)
        if not form.is_valid():
            return self.invalid()
        action_of = self.actions(form.cleaned_data)
        outcome = DraftBatch(user, own_bundle(request)).change(
            [(pk, action_of(page)) for pk, page in ticked.items()]
        )
        self.template_name = self.outcome_template
        left = [value for value in values if outcome["waiting"] & ticked_pages([value]).keys()]
        return self.render_to_response(self.get_context_data(**outcome, left=left))
