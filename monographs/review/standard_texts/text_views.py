"""The standard texts, where each is used, and taking over a new version on all of these pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page, Site

from monographs.blocks.standard_text_block import TextVersion
from monographs.core.users import authenticated_user
from monographs.editions.models import Edition
from monographs.editions.standard_texts import current_texts, withdrawn_versions
from monographs.models import StandardTextPage
from monographs.review.actions import UpdateStandardText, VersionChange
from monographs.review.bundles.draft_batch import MakeAction, TickedPage, page_choice
from monographs.review.bundles.draft_batch_screen import DraftBatchScreen, split_rows
from monographs.review.bundles.replace_forms import DraftChangeForm
from monographs.review.policies.bundle_policy import user_can_bundle
from monographs.review.publication.page_sync import page_of
from monographs.review.replacement.draft_obstacles import DELETED, DraftObstacles
from monographs.review.replacement.where_used import UsingPage, add_pages, where_used
from monographs.review.screens.base import ReviewScreen
from monographs.review.standard_texts.choice_views import OfferedText, changes_url
from monographs.review.standard_texts.text_rows import next_versions, standard_text_rows

#: Pages in the table of where a text is used.
PER_PAGE = 50
NO_DRAFT = "Its draft does not have this text any more."


class StandardTextsView(ReviewScreen):
    """All standard texts, with the number of pages that use each, and an older version of it."""

    page_title = "Standard texts"
    template_name = "review/standard_texts/list.html"
    header_icon = "openquote"
    breadcrumb_root = ("standard_texts:list", "Standard texts")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        context = self.get_context_data(
            rows=standard_text_rows(), new=new_text_url(authenticated_user(request))
        )
        return self.render_to_response(context)


def new_text_url(user: User) -> str:
    """Return the address at which ``user`` begins a standard text; empty if they may not."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    root = site.root_page.specific if site else None
    if root is None or not root.permissions_for_user(user).can_add_subpage():
        return ""
    meta = StandardTextPage._meta
    return reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, root.pk])


@dataclass(frozen=True, slots=True)
class UsingRow:
    """A page that uses a text, the state of its versions, and what keeps it from being updated."""

    use: UsingPage
    is_older: bool
    has_withdrawn: bool
    obstacle: str = ""

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.use.title

    @property
    def kind(self) -> str:
        """What the page is, in a word or two; empty for one that was deleted."""
        return self.page.page_type_display_name if self.page else ""

    @property
    def page(self) -> Page | None:
        """The page; None if it was deleted."""
        return self.use.page

    @property
    def choice(self) -> str:
        """What the form sends for it: page and revision."""
        return page_choice(self.page) if self.page else ""


class StandardTextView(DraftBatchScreen):
    """One standard text and where it is used; editors let all these pages take over a new version."""

    template_name = "review/standard_texts/text.html"
    outcome_template = "review/standard_texts/outcome.html"
    nothing_ticked = "Tick the pages that take over the new version."
    header_icon = "openquote"
    breadcrumb_root = ("standard_texts:list", "Standard texts")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]
        page = page_of(self.key)
        if not isinstance(page, StandardTextPage):
            raise Http404("There is no such standard text.")
        self.page = page

    def get_page_title(self) -> str:
        return f"Standard text: {self.page.draft_title}"

    def own_breadcrumb(self) -> str:
        return str(self.page.draft_title)

    def outdated(self, request: HttpRequest) -> str:
        newest = current_texts([self.key]).get(self.key)
        if newest is None or str(newest.number) != request.POST.get("version"):
            return "Another version is signed by now, or none. Read it, then try again."
        self.newest = newest
        return ""

    def actions(self, said: dict[str, Any]) -> Callable[[TickedPage], MakeAction]:
        user, change = authenticated_user(self.request), self._change(self.newest, said)

        def action_on(ticked: TickedPage) -> MakeAction:
            return lambda page, bundle: UpdateStandardText(
                user, page, change, revision=ticked.revision, bundle=bundle
            )

        return action_on

    def _change(self, newest: Edition, said: dict[str, Any]) -> VersionChange:
        return VersionChange(
            TextVersion(str(newest.key), newest.number, newest.sha256),
            title=f"“{newest.title}”, version {newest.number}"[:200],
            change_note=said["change_note"],
            reason=said["reason"],
            review_kind=said["review_kind"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        current, withdrawn_up_to = current_texts([self.key]), withdrawn_versions([self.key])
        newest, withdrawn = current.get(self.key), withdrawn_up_to.get(self.key, 0)
        rows = [_using_row(use, newest, withdrawn) for use in where_used(self.key)]
        rows.sort(key=lambda row: not (row.has_withdrawn or row.is_older))
        older = [row for row in rows if row.is_older]
        shown = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        add_pages(row.use for row in (*older, *shown))
        return super().get_context_data(
            key=self.key,
            page=self.page,
            newest=OfferedText.of(newest) if newest else None,
            withdrawn=withdrawn,
            changes=_last_changes(newest),
            next_version=next_versions([self.page], current, withdrawn_up_to).get(self.key),
            uses=shown,
            **split_rows(_with_obstacles(user, older)),
            may_update=user_can_bundle(user).allowed,
            form=self.form or DraftChangeForm(initial={"reason": _reason(newest) if newest else ""}),
            ticked=set(self.request.POST.getlist("page")),
            all_ticked=self.request.GET.get("tick") != "none",
            posted=self.request.method == "POST",
            **kwargs,
        )


def _last_changes(newest: Edition | None) -> str:
    """Return the address of the comparison with the version before; empty for a first one."""
    if newest is None or newest.number == 1:
        return ""
    return changes_url(newest.key, newest.number - 1, newest.number)


def _reason(newest: Edition) -> str:
    return f"Version {newest.number} of the standard text “{newest.title}” is signed."


def _using_row(use: UsingPage, newest: Edition | None, withdrawn: int) -> UsingRow:
    return UsingRow(use, use.is_older(newest), use.has_withdrawn(withdrawn))


def _with_obstacles(user: User, rows: list[UsingRow]) -> list[UsingRow]:
    """Return ``rows`` with what keeps ``user`` from changing their drafts."""
    obstacles = DraftObstacles.of(user, [row.page for row in rows if row.page])
    return [replace(row, obstacle=_obstacle(row, obstacles)) for row in rows]


def _obstacle(row: UsingRow, obstacles: DraftObstacles) -> str:
    if row.page is None:
        return DELETED
    return obstacles.of_page(row.page) or ("" if row.use.draft else NO_DRAFT)
