"""The pages whose name changed, and all medicines that have an older one taking it over as a bundle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition
from monographs.review.actions import NewName, TakeOverNames
from monographs.review.bundles.draft_batch import MakeAction, TickedPage, page_choice
from monographs.review.bundles.draft_batch_screen import DraftBatchScreen, split_rows
from monographs.review.bundles.replace_forms import DraftChangeForm
from monographs.review.draft_state.older_names import (
    NameChange,
    OlderName,
    all_older_names,
    names_stamp,
    older_names_of,
)
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.publication.page_sync import pages_of
from monographs.review.replacement.draft_obstacles import DELETED, DraftObstacles
from monographs.review.screens.base import ListScreen


class NewNameForm(DraftChangeForm):
    """The change note and reason for a newer name on many pages. A new name is never a correction."""

    review_kind = None  # type: ignore[assignment]  # Django's way to leave out a field of the base class


class RenamedPagesView(ListScreen):
    """Each page that medicines call by an older name, with their number."""

    page_title = "Older names in medicines"
    template_name = "review/renamed_pages/list.html"
    header_icon = "tag"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows: dict[UUID, tuple[str, set[UUID]]] = {}
        for each in all_older_names():
            rows.setdefault(each.change.key, (each.change.new, set()))[1].add(each.medicine)
        by_name = sorted(rows.items(), key=lambda row: row[1][0].casefold())
        listed = [(key, name, len(medicines)) for key, (name, medicines) in by_name]
        return super().get_context_data(rows=listed, **kwargs)


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """A medicine that has an older name, all its older names, and what keeps it from being changed.

    ``key`` is of the page of which the screen is.
    """

    title: str
    page: Page | None
    key: UUID
    older_names: tuple[NameChange, ...]
    obstacle: str

    @property
    def changes(self) -> tuple[NameChange, ...]:
        """Its older names of other pages."""
        return tuple(each for each in self.older_names if each.key != self.key)

    @property
    def choice(self) -> str:
        """What the form sends for it."""
        return page_choice(self.page, names_stamp(self.older_names)) if self.page else ""


class RenamedPageView(DraftBatchScreen):
    """The medicines that have an older name of one page; editors let them take over the newer one."""

    template_name = "review/renamed_pages/page.html"
    outcome_template = "review/renamed_pages/outcome.html"
    nothing_ticked = "Tick the medicines that take over the name."
    header_icon = "tag"
    breadcrumb_root = ("renamed:list", "Older names in medicines")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]
        edition = current_edition(self.key)
        if edition is None:
            raise Http404("No page with this key was signed.")
        self.name = edition.title

    def get_page_title(self) -> str:
        return f"Older names of “{self.name}”"

    def own_breadcrumb(self) -> str:
        return self.get_page_title()

    def posted_form(self, request: HttpRequest) -> NewNameForm:
        return NewNameForm(request.POST)

    def outdated(self, request: HttpRequest) -> str:
        if request.POST.get("name") != self.name:
            return "Another name is signed by now. Read it, then try again."
        return ""

    def actions(self, said: dict[str, Any]) -> Callable[[TickedPage], MakeAction]:
        user, change = authenticated_user(self.request), self._change(said)
        return lambda ticked: (
            lambda page, bundle: TakeOverNames(user, page, change, **ticked._asdict(), bundle=bundle)
        )

    def _change(self, said: dict[str, Any]) -> NewName:
        return NewName(
            self.key,
            self.name,
            title=f"Called “{self.name}” now"[:200],
            change_note=said["change_note"],
            reason=said["reason"],
            review_kind=ReviewKind.FULL_REVIEW,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        older = older_names_of(self.key)
        rows = _medicine_rows(user, self.key, older)
        names = sorted({each.change.old for each in older})
        return super().get_context_data(
            key=self.key,
            name=self.name,
            names=names,
            rows=rows,
            **split_rows(rows),
            may_change=user_can_bundle(user).allowed,
            form=self.form or NewNameForm(initial=_proposal(names, self.name)),
            ticked=set(self.request.POST.getlist("page")),
            posted=self.request.method == "POST",
            **kwargs,
        )


def _proposal(names: list[str], name: str) -> dict[str, str]:
    said = " and ".join(f"“{each}”" for each in names)
    return {
        "change_note": f"What was called {said} is called “{name}” now."[:500],
        "reason": f"The name “{name}” is signed; this text has an older one.",
    }


def _medicine_rows(user: User, key: UUID, older: list[OlderName]) -> list[MedicineRow]:
    """Return a row for each medicine, with what else it would take over. A fixed number of queries."""
    titles = {each.medicine: each.title for each in older}
    pages = pages_of(titles)
    obstacles = DraftObstacles.of(user, list(pages.values()))
    return [
        MedicineRow(
            title,
            page := pages.get(medicine),
            key,
            obstacles.older_names.get(medicine, ()),
            obstacles.of_page(page, names_are_taken_over=True) if page else DELETED,
        )
        for medicine, title in titles.items()
    ]
