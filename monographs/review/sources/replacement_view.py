"""Replacing a source that was superseded on all pages that use it: drafts of an editor, as a bundle."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.label_watch.models import Citation
from monographs.presentation.moments import long_day_text
from monographs.review.actions import ReplaceSource, SourceReplacement
from monographs.review.actions.replace_source import newest_of, reason_against_day, reason_against_draft
from monographs.review.bundles.draft_batch import MakeAction, TickedPage, page_choice
from monographs.review.bundles.draft_batch_screen import DraftBatchScreen, split_rows
from monographs.review.bundles.replace_forms import DraftChangeForm
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.replacement.draft_obstacles import DELETED, DraftObstacles
from monographs.review.sources.source_form import SOURCE_PAGE
from monographs.review.sources.source_uses import PageWithSource, using_pages
from monographs.source_library.identifiers import IdentifierScheme
from monographs.source_library.models import DraftSource, LibrarySource


class ReplaceSourceForm(DraftChangeForm):
    """The change note and reason for a source that replaces another, and the day it was seen."""

    seen_on = forms.DateField(
        label="Date seen",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day on which you looked at the newer one. Patients see it on each page.",
    )

    def __init__(self, *args: Any, newer: LibrarySource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newer = newer

    def clean_seen_on(self) -> Any:
        """Refuse a day to come, and one before the newer source."""
        day = self.cleaned_data["seen_on"]
        if reason := reason_against_day(self.newer, day):
            raise forms.ValidationError(reason)
        return day


@dataclass(frozen=True, slots=True)
class ReplacementRow:
    """A page that uses the older source, how many of its statements cite it, and what keeps it as it is."""

    use: PageWithSource
    cited: int
    obstacle: str

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.use.title

    @property
    def page(self) -> Page | None:
        """The page; None if it was deleted."""
        return self.use.page

    @property
    def choice(self) -> str:
        """What the form sends for it: page and revision."""
        return page_choice(self.page) if self.page else ""


class ReplaceSourceView(DraftBatchScreen):
    """The pages that use a source which was superseded; editors put the newer one into their drafts."""

    template_name = "review/sources/replacement.html"
    outcome_template = "review/sources/replacement_outcome.html"
    nothing_ticked = "Tick the pages that show the newer source from now on."
    page_title = "Replace a source"
    header_icon = "openquote"
    breadcrumb_root = ("source_library:list", "Sources")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.source = get_object_or_404(LibrarySource, pk=kwargs["pk"])
        newer = newest_of(self.source)
        if newer is None:
            raise Http404("Nothing supersedes this source.")
        self.newer = newer

    def own_breadcrumb(self) -> str:
        return str(self.source)

    def posted_form(self, request: HttpRequest) -> ReplaceSourceForm:
        return ReplaceSourceForm(request.POST, newer=self.newer)

    def outdated(self, request: HttpRequest) -> str:
        if request.POST.get("newer") != str(self.newer.pk):
            return "Another source supersedes it by now. Read that one, then try again."
        return ""

    def actions(self, said: dict[str, Any]) -> Callable[[TickedPage], MakeAction]:
        user, change = authenticated_user(self.request), self._change(said)
        return lambda ticked: (
            lambda page, bundle: ReplaceSource(user, page, change, revision=ticked.revision, bundle=bundle)
        )

    def _change(self, said: dict[str, Any]) -> SourceReplacement:
        return SourceReplacement(
            older=self.source,
            newer=self.newer,
            seen_on=said["seen_on"],
            title=f"“{self.newer}” for “{self.source}”"[:200],
            change_note=said["change_note"],
            reason=said["reason"],
            review_kind=said["review_kind"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        rows = replacement_rows(user, self.source, self.newer)
        day = self.newer.published_on
        of = f", of {long_day_text(day)}," if day else ""
        reason = f"“{self.newer}”{of} supersedes “{self.source}”."
        return super().get_context_data(
            source=self.source,
            newer=self.newer,
            source_url=reverse(SOURCE_PAGE, args=[self.source.pk]),
            newer_url=reverse(SOURCE_PAGE, args=[self.newer.pk]),
            **split_rows(rows),
            may_update=user_can_bundle(user).allowed,
            form=self.form
            or ReplaceSourceForm(newer=self.newer, initial={"reason": reason, "review_kind": "full_review"}),
            ticked=set(self.request.POST.getlist("page")),
            posted=self.request.method == "POST",
            **kwargs,
        )


def replacement_rows(user: User, source: LibrarySource, newer: LibrarySource) -> list[ReplacementRow]:
    """Return the pages that use ``source``, by title, in a fixed number of queries."""
    uses = using_pages(source)
    obstacles = DraftObstacles.of(user, [use.page for use in uses if use.page])
    in_drafts: dict[str, set[int]] = {}
    for key, pk in DraftSource.objects.filter(source__in=[source, newer]).values_list("key", "source"):
        in_drafts.setdefault(str(key), set()).add(pk)
    cited = _cited(source)
    return [
        ReplacementRow(
            use,
            cited.get(UUID(use.key), 0),
            (
                obstacles.of_page(use.page)
                or reason_against_draft(
                    in_drafts.get(use.key, set()), source, newer, is_cited=use.draft_statements > 0
                )
            )
            if use.page
            else DELETED,
        )
        for use in uses
    ]


def _cited(source: LibrarySource) -> dict[UUID, int]:
    """Return, by page, how many statements cite a source, or the version of a label that it is."""
    cited: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = list(source.citations.filter(in_draft=True).values_list("key", "statement"))
    if source.scheme == IdentifierScheme.SET_ID:
        label = {"label__set_id": source.identifier, "label__version": int(source.version)}
        rows += Citation.objects.filter(removed_at=None, **label).values_list("key", "statement")
    for key, statement in rows:
        cited[key].add(statement)
    return {key: len(found) for key, found in cited.items()}
