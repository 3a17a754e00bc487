"""Screens that list pages, or what belongs to them, ask as many queries for many rows as for few."""

import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, resolve, reverse

from tests.conftest import as_user
from tests.factories import get_or_make_user, make_user
from tests.wagtail_integration.listed_rows import ListedRows, index

pytestmark = pytest.mark.django_db

#: Pages with an edition, drafts, pages in review, and so many of everything else.
FEW, MORE = 2, 5


def _of(name: str, about: Callable[[ListedRows], Any], query: str = "") -> Callable[[ListedRows], str]:
    return lambda rows: reverse(name, args=[about(rows)]) + query


def _all(name: str, query: str = "") -> Callable[[ListedRows], str]:
    return lambda rows: reverse(name) + query


#: Lists by what a report calls them. Those without a kind of rows of their own are in ``NOT_LISTS``.
SCREENS: dict[str, Callable[[ListedRows], str]] = {
    "explorer": _of("wagtailadmin_explore", lambda rows: index().pk),
    "explorer's search": _all("wagtailadmin_pages:search", "?q=pub"),
    "search in the explorer": _of("wagtailadmin_explore", lambda rows: index().pk, "?q=pub"),
    "explorer's root": _all("wagtailadmin_explore_root"),
    "queue": _all("review:queue"),
    "dashboard": _all("dashboard:index"),
    "drafts set aside": _all("dashboard:index", "?set_aside=on"),
    "dashboard as CSV": _all("dashboard:export"),
    "calendar": _all("dashboard:calendar"),
    "reviews due": _all("due:list", "?show=year"),
    "due reviews of mine": _all("due:list", "?show=mine"),
    "ask for due reviews": _all("due:assign", "?show=year"),
    "texts in review": _all("team:reviews"),
    "emails not sent": _all("team:emails"),
    "reviews by period": _all("team:periods"),
    "people": _all("handover:people"),
    "hand over": _of("handover:handover", lambda rows: rows.writer.pk),
    "away": _all("absences:list"),
    "notices": _all("notices:list"),
    "bundles": _all("bundles:list"),
    "bundle": _of("bundles:bundle", lambda rows: rows.bundle.pk),
    "find and replace": _all("bundles:replace", "?words=about"),
    "sources": _all("source_library:list"),
    "sources to choose": _all("wagtailsnippetchoosers_source_library_librarysource:choose"),
    "source": _of("source_library:inspect", lambda rows: rows.source.pk),
    "sources to look at again": _all("sources:tasks"),
    "standard texts": _all("standard_texts:list"),
    "standard texts to choose": _all("standard_texts:choice"),
    "standard text": _of("standard_texts:text", lambda rows: rows.standard_text.translation_key),
    "older names": _all("renamed:list"),
    "medicines with an older name": _of("renamed:page", lambda rows: rows.drug_class.translation_key),
    "label changes": _all("labels:tasks"),
    "label coverage": _all("labels:coverage"),
    "coverage as CSV": _all("labels:coverage_export"),
    "label versions": _all("labels:coverage_versions"),
    "label versions as CSV": _all("labels:coverage_versions_export"),
    "labels of a page": _of("labels:page", lambda rows: rows.page.translation_key),
    "record": _of("review:record", lambda rows: rows.page.translation_key),
    "conflicts of interest": _of("review:conflicts", lambda rows: rows.first_page.translation_key),
    "links for experts": _of("review:outside_links", lambda rows: rows.shared.pk),
    "outside experts": _all("review:outside_experts"),
    "dictionary": _all("review:dictionary"),
    "feedback": _all("feedback:counts"),
    "answers": _all("feedback:answers"),
    "signers": _all("review:signers"),
    "workflow changes": _all("review:workflow_changes"),
    "sign-in changes": _all("sign_in_changes:index"),
    "locked pages": _all("wagtailadmin_reports:locked_pages"),
    "aging pages": _all("wagtailadmin_reports:aging_pages"),
    "site history": _all("wagtailadmin_reports:site_history"),
    "page types": _all("wagtailadmin_reports:page_types_usage"),
    "home": _all("wagtailadmin_home"),
    "users": _all("wagtailusers_users:index"),
    "groups": _all("wagtailusers_groups:index"),
    "groups with a second factor": _all("accounts:groups"),
    "images": _all("wagtailimages:index"),
    "images to choose": _all("wagtailimages_chooser:choose"),
    "files": _all("wagtaildocs:index"),
    "collections": _all("wagtailadmin_collections:index"),
    "credentials": _all("wagtailsnippets_review_credential:list"),
    "profiles": _all("wagtailsnippets_review_reviewerprofile:list"),
    "checklist": _all("wagtailsnippets_review_checkliststatement:list"),
}
#: Who sees a screen differently; others are superusers.
PEOPLE = {
    "explorer": ("writer", "editor", "superuser"),
    "explorer's search": ("writer", "superuser"),
    "queue": ("reviewer",),
    "dashboard": ("reviewer",),
    "drafts set aside": ("reviewer",),
    "reviews due": ("reviewer", "editor"),
    "due reviews of mine": ("reviewer",),
    "ask for due reviews": ("editor",),
    "texts in review": ("editor",),
    "notices": ("reviewer",),
    "bundle": ("reviewer", "editor"),
    "find and replace": ("editor",),
    "home": ("writer", "reviewer", "editor", "superuser"),
}
#: Addresses without arguments that list nothing that grows with the work, by their names: forms and acts,
#: texts, files that programs read, and lists of what set-up makes.
NOT_LISTS = frozenset(
    {
        "accounts:code", "accounts:recovery_codes", "accounts:remove", "accounts:second_factor",
        "calendar_feed", "calendar_feed_file", "due:begin", "first_steps:dismiss", "first_steps:page",
        "first_steps:starter_texts", "imports:drafts", "imports:label", "imports:label_draft",
        "imports:paste", "imports:upload", "outside_decision", "outside_review",
        "review:suggestion_exemption", "session_state", "site_status", "sources:adopt", "styleguide:page",
        "wagtailadmin_account",
        "wagtailadmin_block_preview", "wagtailadmin_dismissibles", "wagtailadmin_error_test",
        "wagtailadmin_javascript_catalog", "wagtailadmin_login", "wagtailadmin_logout",
        "wagtailadmin_password_reset", "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_done", "wagtailadmin_sprite", "wagtailadmin_tag_autocomplete",
        "wagtailsites:index", "wagtailsnippets:index", "wagtailadmin_workflows:index",
        "wagtailadmin_workflows:task_index", "wagtailadmin_workflows:select_task_type",
        "wagtailadmin_workflows:task_chooser", "wagtailadmin_workflows:task_chooser_create",
        "wagtailadmin_reports:workflow", "wagtailadmin_reports:workflow_tasks",
    }
)  # fmt: skip
#: Ends of names: of the same list without the page around it, of forms that add a row, and of answers of
#: choosers, whose lists are those of the library that is chosen from.
NOT_LISTS_BY_END = ("_results", ":results", ":add", ":add_multiple", ":create", ":chosen_multiple")
#: Starts of names: Wagtail's choosers of pages and of rows that editors list themselves, and its API.
NOT_LISTS_BY_START = (
    "wagtailadmin_choose_page", "wagtailadmin_api", "wagtailsnippetchoosers_review", "wagtaildocs_chooser",
)  # fmt: skip

#: An address of the admin without arguments, as patterns of the resolver spell it.
_ARGUMENTLESS = re.compile(r"admin/[^<(]*")


def named_addresses(resolver: URLResolver, path: str = "", names: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the names of the addresses of the admin that take no argument."""
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from named_addresses(each, here, (*names, each.namespace) if each.namespace else names)
        elif each.name and _ARGUMENTLESS.fullmatch(here):
            yield ":".join((*names, each.name))


def is_list(name: str) -> bool:
    """Return whether what a name stands for must be measured."""
    others = name.endswith(NOT_LISTS_BY_END) or name.startswith(NOT_LISTS_BY_START)
    return not others and name not in NOT_LISTS


@pytest.fixture(scope="module")
def rows(module_rows: None) -> ListedRows:
    return ListedRows(
        get_or_make_user("writer", "Medical writers"),
        get_or_make_user("reviewer", "Medical reviewers", credentials="MD"),
        get_or_make_user("editor", "Editors"),
    )


@pytest.fixture(scope="module")
def clients(rows: ListedRows) -> dict[str, Client]:
    people = {
        "writer": rows.writer,
        "reviewer": rows.reviewer,
        "editor": rows.editor,
        "superuser": make_user("admin", superuser=True),
    }
    return {name: as_user(user) for name, user in people.items()}


@pytest.fixture(scope="module")
def counts(rows: ListedRows, clients: dict[str, Client]) -> dict[tuple[str, str], tuple[int, int]]:
    """Queries of each screen for each person, with few rows and with more."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    letters = iter(ascii_lowercase)
    for number in (FEW, MORE):
        with override_settings(OUTSIDE_SIGNATURES=True):
            rows.add([next(letters) for _ in range(number)])
        for name, who in CASES:
            few = found.get((name, who), (0, 0))[1]
            found[name, who] = (few, _queries(clients[who], SCREENS[name](rows), name))
    return found


def _queries(client: Client, address: str, name: str) -> int:
    """Return how many queries a screen asks that was asked for before."""
    _get(client, address, name)  # what is kept for later requests
    with CaptureQueriesContext(connection) as queries:
        _get(client, address, name)
    return len(queries)


def _get(client: Client, address: str, name: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (name, address, response.status_code)
    if response.streaming:
        b"".join(response.streaming_content)


#: Queries that a screen may ask for each letter of rows. People and what waits for a second person are few;
#: pictures are made when they are first shown; of drafts that were saved since the last publication, at most
#: 25 are compared with what patients read; lists of pages look once at each kind of page.
FOR_EACH = {
    "bundle": 1,
    "explorer": 1,
    "find and replace": 10,
    "home": 1,
    "images": 4,
    "profiles": 4,
    "queue": 1,
    "sign-in changes": 1,
    "signers": 4,
    "standard text": 10,
    "users": 9,
}
CASES = [(name, who) for name in SCREENS for who in PEOPLE.get(name, ("superuser",))]


@pytest.mark.parametrize(("name", "who"), CASES)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    counts: dict[tuple[str, str], tuple[int, int]], name: str, who: str
) -> None:
    """None for each row, but for ``FOR_EACH``; a search of Wagtail's may ask a few more."""
    few, many = counts[name, who]
    assert many - few < MORE * (1 + FOR_EACH.get(name, 0)), (
        f"{name} ({who}): {few} queries for few rows, {many} for more"
    )


def test_every_list_of_the_admin_is_measured(counts: object, rows: ListedRows) -> None:
    measured = {resolve(address(rows).partition("?")[0]).view_name for address in SCREENS.values()}
    named = set(named_addresses(get_resolver()))
    assert {name for name in named if is_list(name)} <= measured, "add the new list to SCREENS"
    assert named >= NOT_LISTS, "what is no list is not there any more"
