"""The screen of all texts in review, on which editors ask other reviewers, set days and send reminders."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from monographs.core.posted_keys import KEY
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions import ChangeTerms, NewTerms
from monographs.review.actions.base import Action
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.notifications.digest import deliver_terms
from monographs.review.page_access import EditorAccessMixin
from monographs.review.policy import is_editor, members_of
from monographs.review.screens.base import ReviewScreen
from monographs.review.team.team_rows import TeamReviews, TeamRow, team_reviews
from monographs.review.team.team_summary import stuck_emails
from monographs.review.team.terms_form import TermsForm

#: Texts on one screen, and so the most that are changed at once.
PER_PAGE = 50
NOT_FOR_YOU = "Only editors and administrators see everybody's reviews. Ask one of them."

#: The lists of the screen by their name in the query string: heading, and what they show.
LISTS: dict[str, tuple[str, Callable[[TeamReviews], tuple[TeamRow, ...]]]] = {
    "": ("All", lambda reviews: reviews.rows),
    "overdue": ("Overdue", lambda reviews: reviews.late),
    "blocked": ("Blocked", lambda reviews: reviews.blocked),
    "unassigned": ("Nobody asked", lambda reviews: reviews.unassigned),
}


@dataclass(frozen=True, slots=True)
class TextOutcome:
    """The result for one ticked text."""

    title: str
    url: str
    text: str
    refused: bool

    @classmethod
    def of(cls, title: str, url: str, action: Action[str]) -> "TextOutcome":
        """Try ``action`` and return its result."""
        try:
            return cls(title, url, action.execute(), refused=False)
        except PolicyError as refusal:
            return cls(title, url, refusal.message, refused=True)


class EditorScreen(EditorAccessMixin, ReviewScreen):
    """A screen for editors and administrators."""

    refusal = NOT_FOR_YOU
    header_icon = "group"
    breadcrumb_root = ("dashboard:index", "Review dashboard")

    def own_breadcrumb(self) -> str:
        return str(self.page_title)


class TickedListView(EditorScreen):
    """The base class of lists with a form by which editors change what is asked for all that is ticked."""

    outcome_template = ""
    nothing_ticked = ""

    def list_form(self, *posted: Any) -> Any:
        """Return the form, with what was ``posted``."""
        raise NotImplementedError

    def list_context(self, form: Any) -> dict[str, Any]:
        """Return what the template shows of the list that the query string asks for."""
        raise NotImplementedError

    def change(self, user: User, chosen: list[str], form: Any) -> list[TextOutcome]:
        """Change the ``chosen`` rows, one after the other, as the valid ``form`` says; tell people."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the list with the form."""
        return self._show(self.list_form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change what is ticked, and show what became of each."""
        form, chosen = self.list_form(request.POST), request.POST.getlist("row")[:PER_PAGE]
        if form.is_valid() and not chosen:
            form.add_error(None, self.nothing_ticked)
        if not form.is_valid():
            return self._show(form, status=400)
        outcomes = self.change(authenticated_user(request), chosen, form)
        self.template_name = self.outcome_template
        context = self.get_context_data(
            done=[outcome for outcome in outcomes if not outcome.refused],
            refused=[outcome for outcome in outcomes if outcome.refused],
        )
        return self.render_to_response(context)

    def _show(self, form: Any, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            **self.list_context(form),
            all_ticked=self.request.GET.get("tick") == "all",
            ticked=set(self.request.POST.getlist("row")),
            form=form,
            may_change=is_editor(authenticated_user(self.request)),
        )
        return self.render_to_response(context, status=status)


class TeamView(TickedListView):
    """All texts in review with a form for those that are ticked."""

    page_title = "Texts in review"
    template_name = "review/team/reviews.html"
    outcome_template = "review/team/outcome.html"
    nothing_ticked = "Tick the texts to change."

    def list_form(self, *posted: Any) -> TermsForm:
        return TermsForm(*posted, people=reviewers_with_work())

    def change(self, user: User, chosen: list[str], form: TermsForm) -> list[TextOutcome]:
        return changed(user, chosen, form.terms())

    def list_context(self, form: TermsForm) -> dict[str, Any]:
        reviews, query = team_reviews(), self.request.GET
        name = query.get("show", "") if query.get("show", "") in LISTS else ""
        person = query.get("person", "")
        rows = [row for row in LISTS[name][1](reviews) if not person or _is_asked(row, person)]
        chosen = {key: value for key, value in (("show", name), ("person", person)) if value}
        return {
            "page": Paginator(rows, PER_PAGE).get_page(query.get("p")),
            "lists": [
                {"label": label, "count": len(shown(reviews)), "query": urlencode({"show": key}),
                 "selected": key == name}
                for key, (label, shown) in LISTS.items()
            ],
            "asked_of": form.people.get(person),
            "query": urlencode(chosen),
        }  # fmt: skip


def _is_asked(row: TeamRow, person: str) -> bool:
    return person in {str(user.pk) for user in row.named}


def members_of_steps() -> list[User]:
    """Return who reviews at any step, by name."""
    return list(members_of(MedicalReviewTask.objects.filter(active=True).values("groups")))


def reviewers_with_work() -> list[tuple[User, int]]:
    """Return who reviews at any step, with the number of texts in review that each is asked for."""
    asked = Submission.reviewers.through.objects.filter(submission__status="in_review")
    counted = Counter(asked.values_list("user_id", flat=True))
    return [(user, counted[user.pk]) for user in members_of_steps()]


def changed(user: User, chosen: list[str], terms: NewTerms) -> list[TextOutcome]:
    """Make ``terms`` those of the ``chosen`` submissions (primary key and stamp); tell people at the end."""
    seen = dict(_chosen(row) for row in dict.fromkeys(chosen))
    found = Submission.objects.defer("canonical").in_bulk([pk for pk in seen if pk])
    try:
        return [_changed_one(user, found.get(pk), terms, stamp) for pk, stamp in seen.items()]
    finally:
        deliver_terms(terms.batch)


def _chosen(row: str) -> tuple[int, str]:
    """Return primary key and stamp of a ticked row; the key 0, which no row has, for anything else."""
    found = re.fullmatch(rf"({KEY}):([0-9a-f]{{64}})", row)
    return (int(found[1]), found[2]) if found else (0, "")


def _changed_one(user: User, submission: Submission | None, terms: NewTerms, stamp: str) -> TextOutcome:
    if submission is None:
        return TextOutcome(
            "A text", reverse("team:reviews"), "There is no such review any more.", refused=True
        )
    url = reverse("review:review", args=[submission.pk])
    return TextOutcome.of(submission.title, url, ChangeTerms(user, submission, terms, seen=stamp))


class StuckEmailsView(EditorScreen):
    """The emails that no mail server has accepted for some time."""

    page_title = "Emails not sent"
    template_name = "review/team/emails.html"
    header_icon = "mail"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the list, oldest first."""
        page = Paginator(stuck_emails().select_related("user"), PER_PAGE).get_page(request.GET.get("p"))
        return self.render_to_response(self.get_context_data(page=page))
