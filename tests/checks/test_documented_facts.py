"""Labels, times, defaults, numbers and lists in the documents are those of the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import django
import pytest
import wagtail
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from wagtail import hooks
from wagtail.admin.menu import help_menu, reports_menu, settings_menu

from monographs.accounts import calendar_keys, known_devices, password_links
from monographs.accounts.periodic_jobs import SIGN_IN_DAYS
from monographs.blocks.tables import MAX_TABLE_ROWS
from monographs.editions.export.record_tables import TABLES
from monographs.feedback.models import MAX_COMMENT_LENGTH
from monographs.feedback.retention import RETENTION_DAYS
from monographs.public.api import parameters
from monographs.public.change_list import MAX_CHANGES
from monographs.public.sitemap import MAX_URLS
from monographs.review import kept_text
from monographs.review.due_reviews import due_selection
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.notifications import reminders
from monographs.review.notifications.events import COLLECTIONS, NoticeEvent
from monographs.review.outside_review import expert_views, link_keys, signing_codes
from monographs.review.submission_state import claim_state
from monographs.review.team.team_summary import SET_ASIDE_PATIENCE
from monographs.review.templatetags.email_tags import MAX_QUOTE_LENGTH
from monographs.scheduler.job import all_jobs
from monographs.scheduler.service import GRACE
from monographs.site_checks.all_checks import CHECKS, LONGEST_CHECK

BASE = Path(settings.BASE_DIR)
DOCS = BASE / "docs"

#: In bold for another reason than being a label of the interface.
EMPHASIZED = {
    "A text that comes back",
    "An expert outside who signs",
    "Ask an expert outside",
    "The first edition",
    "contents",
    "statements rest on a label or source",
    "you cannot sign this text",
}
#: Each kind of notification, and how the row of the document that has its recipients begins.
EMAIL_ROWS = {
    NoticeEvent.ASKED: "submitted",
    NoticeEvent.RETURNED: "returned",
    NoticeEvent.SIGNED: "signed, more signatures needed",
    NoticeEvent.SCHEDULED: "scheduled",
    NoticeEvent.PUBLISHED: "published",
    NoticeEvent.SIGNATURE_VOID: "signature void",
    NoticeEvent.WITHDRAWN: "withdrawn",
    NoticeEvent.RETIREMENT_PROPOSED: "to be retired",
    NoticeEvent.NOT_PUBLISHED: "not published on its date",
    NoticeEvent.BUNDLE_CHANGED: "a text recalled from a bundle",
    NoticeEvent.LABEL_CHANGED: "the label of a public page changed",
    NoticeEvent.LABEL_NOTICED: "something else noticed of a label",
    NoticeEvent.LABEL_DUE: "the answer to a change of a label due",
    NoticeEvent.LABELS_VANISHED: "the service says of many labels",
    NoticeEvent.SOURCE_CHANGED: "a source of a public page changed",
    NoticeEvent.SOURCE_DUE: "the answer about a source due",
    NoticeEvent.SENTENCE_ASKED: "the prepared sentence",
    NoticeEvent.NOTE_LEFT: "note added",
    NoticeEvent.NOTE_ANSWERED: "note added",
    NoticeEvent.NOTE_RESOLVED: "note added",
    NoticeEvent.SUGGESTED: "a change suggested",
    NoticeEvent.SUGGESTION_ANSWERED: "a change suggested",
    NoticeEvent.MENTIONED: "somebody mentioned",
    NoticeEvent.TERMS_CHANGED: "an editor asks somebody for a review",
    NoticeEvent.REVIEW_ASSIGNED: "an editor asks somebody for a review",
    NoticeEvent.TAKEN_OVER: "work of somebody who left",
    NoticeEvent.DRAFT_SET_ASIDE: "a draft set aside",
    NoticeEvent.DRAFT_LEFT: "a draft set aside",
    NoticeEvent.DRAFT_TO_MERGE: "the correction of a page with a draft set aside",
    NoticeEvent.SUBMISSION_DUE: "submission due",
    NoticeEvent.EDITION_DUE: "edition due for review",
}
#: Labels that Wagtail makes of the names of our models.
MADE_OF_NAMES = {"Reviewer profiles"}
#: What else has labels of the interface.
LIBRARIES = [Path(str(wagtail.__file__)).parent, Path(str(django.__file__)).parent / "contrib"]


def text_of(name: str) -> str:
    """A document in one line, as its lines end anywhere."""
    return re.sub(r"\s+", " ", (DOCS / name).read_text("utf-8"))


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.translate(str.maketrans("’“”", '\'""'))).lower().strip()


@cache
def interface() -> str:
    """Every text of the interface; string literals that continue on the next line are joined."""
    folders = [*(BASE / name for name in ("templates", "monographs", "home")), *LIBRARIES]
    files = [file for folder in folders for end in ("html", "py") for file in folder.rglob(f"*.{end}")]
    texts = [file.read_text("utf-8") for file in files if "migrations" not in file.parts]
    texts += [file.read_text("utf-8") for file in (BASE / "static").rglob("*.js")]
    return _plain(re.sub(r'"\s*\n\s*f?"', "", "\n".join(texts)))


def labels_in(document: str) -> Iterator[str]:
    """The parts of each path in bold: menu, list, button."""
    for words in re.findall(r"\*\*([^*]+)\*\*", text_of(document)):
        for label in words.split(" → "):
            if label not in EMPHASIZED | MADE_OF_NAMES and re.search(r"[A-Za-z]", label):
                yield label


@pytest.mark.parametrize("document", ["for-writers.md", "for-reviewers.md", "first-day.md"])
def test_every_label_in_bold_is_in_the_interface(document: str) -> None:
    def is_shown(label: str) -> bool:
        pattern = re.escape(_plain(label)).replace("…", ".{1,80}")
        return re.search(pattern, interface()) is not None

    # A full stop ends the first words of an item
    assert [label for label in labels_in(document) if not label.endswith(".") and not is_shown(label)] == []


def test_items_are_in_the_menus_that_the_documents_name() -> None:
    menus = {"Reports": reports_menu, "Settings": settings_menu, "Help": help_menu}
    items = {name: {str(item.label) for item in menu.registered_menu_items} for name, menu in menus.items()}
    account = hooks.get_hooks("register_account_menu_item")
    items["Account → More actions"] = {str(item(None)["label"]) for item in account}
    documents = [BASE / "CHANGELOG.md", *DOCS.glob("*.md"), *DOCS.glob("operators/*.md")]
    text = re.sub(r"\s+", " ", " ".join(document.read_text("utf-8") for document in documents))
    found = re.findall(rf"\b({'|'.join(items)}) → ([A-Z][\w -]+)", text)
    assert len(found) > 20
    # In plain text, words of the sentence follow
    named = {(menu, label) for menu, label in found if not f"{label} ".startswith(_each(items[menu]))}
    assert named == set()


def _each(labels: set[str]) -> tuple[str, ...]:
    return tuple(f"{label} " for label in labels)


def test_the_table_of_periodic_work_has_each_job_with_its_times() -> None:
    listed: dict[str, str] = {}
    for jobs, times in re.findall(
        r"^\| (`.+?) \| (`.+?) \|", _lines("operators/periodic-work.md"), re.MULTILINE
    ):
        listed |= dict(zip(_code(jobs), _code(times), strict=True))
    assert listed == {name: job.usual for name, job in all_jobs().items()}


def test_the_table_of_emails_has_a_row_for_each_kind() -> None:
    assert EMAIL_ROWS.keys() == set(NoticeEvent) - COLLECTIONS
    table = _lines("operators/periodic-work.md").partition("## Emails about reviews")[2]
    assert [row for row in EMAIL_ROWS.values() if f"\n| {row}" not in table] == []


def test_monitoring_names_each_check_of_readyz_that_is_no_reason_for_503() -> None:
    (listed,) = re.findall(
        r"Its `checks` also name .+?: (`.+?)\. Each is", text_of("operators/monitoring.md")
    )
    assert _code(listed) == [check.name for check in CHECKS if check.is_quick and not check.unfit]


def test_evidence_lists_each_file_of_an_export() -> None:
    found = set(re.findall(r"`(\w+)\.jsonl`", text_of("operators/evidence.md")))
    assert found == {table.name for table in TABLES}


def test_contributing_names_each_folder_of_tests_that_no_package_names() -> None:
    listed = set(re.findall(r"`tests/(\w+)/`", (BASE / "CONTRIBUTING.md").read_text("utf-8")))
    packages = {
        file.parent.name for root in (BASE, BASE / "monographs") for file in root.glob("*/__init__.py")
    }
    folders = {file.parent.name for file in (BASE / "tests").glob("*/__init__.py")}
    assert folders - packages - listed == set()
    assert listed - folders == set()


def test_privacy_names_each_cookie() -> None:
    ours = {known_devices.COOKIE, kept_text.COOKIE, expert_views.COOKIE}
    others = {
        "wagtail_sidebar_collapsed",
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        CookieStorage.cookie_name,
    }
    (row,) = re.findall(r"^\| cookies of the admin: ([^|]+) \|", _lines("privacy.md"), re.MULTILINE)
    assert set(_code(row)) == ours | others


def _lines(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def _code(words: str) -> list[str]:
    return re.findall(r"`([^`]+)`", words)


def defaults() -> Iterator[tuple[str, Any]]:
    """Each setting that is read with a constant default, and that default."""
    for name in ("base", "production", "ledger_head", "object_store"):
        file = BASE / "cms" / "settings" / f"{name}.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="env")),
                    args=[ast.Constant(value=str(setting)), ast.Constant(value=default)],
                ):
                    yield setting, default
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="env")),
                    args=[ast.Constant(value=str(setting)), ast.Call(args=[ast.Constant(value=default)])],
                ):  # Path("/srv/media")
                    yield setting, default


#: Settings whose row says the default in words, or one of the image.
SAID_OTHERWISE = {"DAILYMED_URL", "OPENFDA_URL", "WEB_CONCURRENCY"}


def test_the_settings_have_the_documented_defaults() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| [^|]*\| (.+) \|$", _lines("operators/settings.md"), re.MULTILINE)
    values = {name: value for names, value in rows for name in _code(names)}
    found = {name: default for name, default in defaults() if name not in SAID_OTHERWISE}
    assert len(found) > 40, "The settings are read in another way."
    for name, default in found.items():
        if name in values and default != "":
            said = str(default).lower() if isinstance(default, bool) else str(default)
            assert f"`{said}`" in values[name], name


@pytest.mark.parametrize(
    ("document", "words", "number"),
    [
        ("for-writers.md", "At most six columns and {} rows", MAX_TABLE_ROWS),
        ("for-reviewers.md", "a bundle has at most {} pages", MOST_PAGES),
        ("for-reviewers.md", "those of the next {} days", due_selection.LISTS[""][1]),
        ("for-reviewers.md", "on its day ({} days at most)", link_keys.LONGEST_DAYS),
        ("operators/accounts.md", "{} wrong attempts", settings.AXES_FAILURE_LIMIT),
        ("operators/accounts.md", "and {} from a /48", 2 * settings.AXES_FAILURE_LIMIT),
        ("operators/accounts.md", "{} in a day from networks", settings.LOCKOUT_FAILURES_OF_ACCOUNT),
        ("operators/accounts.md", "a cookie for {} days", known_devices.KNOWN_FOR.days),
        ("operators/accounts.md", "once, for {} hours", settings.PASSWORD_RESET_TIMEOUT // 3600),
        ("operators/periodic-work.md", "for up to {} seconds", int(GRACE)),
        ("operators/periodic-work.md", "{} and 7 days before", reminders.DAYS_BEFORE_EDITION[0]),
        ("operators/periodic-work.md", "then every {} days: submitter", reminders.EDITION_INTERVAL),
        ("operators/periodic-work.md", "and then every {} days: the users", reminders.SUBMISSION_INTERVAL),
        ("operators/periodic-work.md", "sign-ins after {} days", SIGN_IN_DAYS),
        ("operators/monitoring.md", "for {} seconds at most", LONGEST_CHECK),
        ("operators/settings.md", "after {} hours in any case", settings.SESSION_COOKIE_AGE // 3600),
        ("api.md", "`review_due_before` (a date); `limit` up to {}", parameters.MAX_MONOGRAPHS),
        ("api.md", "whole editions; `limit` up to {}", parameters.MAX_EDITIONS),
        ("api.md", "the newest {};", MAX_CHANGES),
        ("api.md", "with more than {:,} pages", MAX_URLS),
        ("privacy.md", "up to {} characters", MAX_COMMENT_LENGTH),
        ("privacy.md", "{} days (`forget_feedback`)", RETENTION_DAYS),
        ("privacy.md", "{} days (`axes_reset_logs`", SIGN_IN_DAYS),
        ("security.md", "at most {} megapixels", settings.IMAGE_MAX_MEGAPIXELS),
        ("security.md", "on its day ({} at most)", link_keys.LONGEST_DAYS),
        ("security.md", "their first {} characters", MAX_QUOTE_LENGTH),
    ],
)
def test_numbers_are_those_of_the_code(document: str, words: str, number: int) -> None:
    assert words.format(number) in text_of(document)


@pytest.mark.parametrize(
    ("document", "words", "holds"),
    [
        ("for-reviewers.md", "for eight hours or until", claim_state.CLAIM_HOURS == 8),
        ("for-reviewers.md", "for more than two weeks", SET_ASIDE_PATIENCE.days == 14),
        ("security.md", "works once, for ten minutes", signing_codes.VALID.total_seconds() == 600),
        ("security.md", "limited to thirty a minute", calendar_keys.MOST_READS == 30),
        ("operators/accounts.md", "At most three links an hour", password_links.PER_ADDRESS == 3),
    ],
)
def test_numbers_in_words_are_those_of_the_code(document: str, words: str, holds: bool) -> None:
    assert words in text_of(document)
    assert holds
