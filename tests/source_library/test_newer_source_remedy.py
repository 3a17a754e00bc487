"""A source that was superseded is replaced in a draft with one click, where it is certain by which."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import ApplyRemedy
from monographs.rules.draft_check import current_findings
from monographs.rules.finding import Finding
from monographs.source_library.models import LibrarySource
from tests.conftest import as_user
from tests.factories import make_monograph
from tests.source_library.library import add_source, change_source, use_source

pytestmark = pytest.mark.django_db

RULE = "outdated-source"
SET_ID = "0a1b2c3d-1111-4222-8333-444455556666"


def draft_of(page: MonographPage) -> MonographPage:
    draft: MonographPage = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return draft


def outdated(page: MonographPage) -> list[Finding]:
    return [finding for finding in current_findings(draft_of(page)) if finding.rule == RULE]


def shown(page: MonographPage) -> list[dict[str, Any]]:
    return [child["value"] for child in draft_of(page).sources.get_prep_value()]


@pytest.fixture
def older(writer: Any) -> LibrarySource:
    return add_source("The guideline of 2020", by=writer)


@pytest.fixture
def newer(older: LibrarySource, writer: Any) -> LibrarySource:
    """The newest of two that superseded it one after the other."""
    between, newest = (add_source(f"The guideline of {year}", by=writer) for year in (2023, 2026))
    change_source(between, writer, superseded_by=newest)
    change_source(older, writer, superseded_by=between)
    return newest


@pytest.fixture
def page(older: LibrarySource, newer: LibrarySource, writer: Any) -> MonographPage:
    return use_source(make_monograph(by=writer), older, writer, seen="2020-05-01")


def test_the_newest_one_takes_its_place_and_the_writer_says_when_they_read_it(
    page: MonographPage, newer: LibrarySource, writer: Any
) -> None:
    (finding,) = outdated(page)
    (remedy,) = finding.remedies
    assert remedy.offer == "Show “The guideline of 2026 (NCCN)”"
    data = {"rule": RULE, "fingerprint": finding.fingerprint, "number": 0, "offer": remedy.offer}
    screen = as_user(writer).get(reverse("review:submit", args=[page.pk])).content.decode()
    assert remedy.offer in screen
    answer = as_user(writer).post(reverse("review:remedy", args=[page.pk]), data, follow=True)
    assert "add the day on which you read it" in answer.content.decode()
    assert shown(page) == [{"reference": "label", "source": newer.pk, "date_seen": None}]
    assert outdated(page) == []


def test_a_draft_that_changed_meanwhile_is_left_as_it_is(
    page: MonographPage, older: LibrarySource, newer: LibrarySource, writer: Any
) -> None:
    (finding,) = outdated(page)
    use_source(page, newer, writer)
    with pytest.raises(PolicyError):
        ApplyRemedy(writer, page, rule=RULE, fingerprint=finding.fingerprint).execute()
    assert [value["source"] for value in shown(page)] == [newer.pk]


def test_it_is_offered_only_where_it_is_certain(
    page: MonographPage, older: LibrarySource, newer: LibrarySource, writer: Any
) -> None:
    change_source(newer, writer, gone_since=database_today())
    (finding,) = outdated(page)
    assert finding.remedies == ()
    typed = make_monograph("typedumab", by=writer)
    draft = draft_of(typed)
    draft.sources = [("source", {"reference": "label", "title": older.title, "publisher": "NCCN"})]
    draft.save_revision(user=writer)
    (finding,) = outdated(typed)
    assert finding.remedies == (), "it is not from the library there"


def test_a_newer_version_of_a_label_is_taken_by_hand(writer: Any) -> None:
    values = {"kind": "label", "scheme": "set_id", "identifier": SET_ID}
    values["address"] = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_ID}"
    label, newer = (add_source(f"Label, version {n}", by=writer, version=n, **values) for n in ("3", "4"))
    change_source(label, writer, superseded_by=newer)
    page = use_source(make_monograph(by=writer), label, writer)
    assert outdated(page)
    assert [finding.remedies for finding in outdated(page) if finding.remedies] == []
