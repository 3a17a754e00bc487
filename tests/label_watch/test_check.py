"""Checks of followed labels against a local server that speaks DailyMed's and openFDA's addresses."""

import uuid
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from monographs.editions.models import LedgerEntry
from monographs.label_watch.label_checks import CheckResult, asks_in_full
from monographs.label_watch.models import (
    FollowedLabel,
    LabelCheck,
    LabelNotice,
    LabelStep,
    LabelVersion,
    ProductLabel,
)
from tests.label_watch.label_checks import HISTORY, ONE, TEXT, check, result_of
from tests.label_watch.label_service import SET_IDS, LabelSite, label_xml

pytestmark = pytest.mark.django_db


def test_the_first_check_stores_the_version_with_its_entry_in_the_ledger(label_site: LabelSite) -> None:
    (line,) = check(label_site)
    assert (line.result, line.step) == (CheckResult.FIRST, None)
    stored = LabelVersion.objects.get()
    assert (stored.version, stored.maker, stored.application_numbers) == (3, "Example Makers", ["BLA123456"])
    assert bytes(stored.data) == label_site.texts[ONE]
    entry = LedgerEntry.objects.get(event="label_stored")
    assert entry.subject == ONE
    assert stored.sha256 in entry.body
    state = LabelCheck.objects.get()
    assert (state.newest_version, state.error) == (3, "")
    assert state.checked_at is not None


@pytest.fixture
def asks_with_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which labels are asked for with their entity tags."""
    monkeypatch.setattr("monographs.label_watch.label_checks.asks_in_full", lambda set_id, today: False)


@pytest.mark.usefixtures("asks_with_condition")
def test_nothing_new_is_not_fetched_again(label_site: LabelSite) -> None:
    check(label_site)
    before = LabelCheck.objects.get()
    label_site.requests.clear()
    assert result_of(label_site) is CheckResult.UNCHANGED
    assert TEXT not in label_site.paths
    assert label_site.requests[0][1]["If-None-Match"] == '"1-3"'
    assert LabelCheck.objects.filter(checked_at__gt=before.checked_at).exists()
    label_site.answers_304 = False
    assert result_of(label_site) is CheckResult.UNCHANGED, "an answer in full says the same"
    assert LabelVersion.objects.count() == 1


def test_a_service_that_answers_not_modified_by_mistake_hides_a_version_for_a_week_at_most(
    label_site: LabelSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(label_site)
    label_site.publish(4)
    label_site.faults[HISTORY] = (304, {}, b"")
    days = [date(2026, 11, 30) + timedelta(days=number) for number in range(7)]
    found = []
    for day in days:
        if asks_in_full(ONE, day):
            label_site.faults.clear()  # without a condition the service has to answer
        monkeypatch.setattr("monographs.label_watch.label_checks.database_today", lambda day=day: day)
        found.append(result_of(label_site))
    assert found.count(CheckResult.NEW) == 1
    assert sum(asks_in_full(ONE, day) for day in days) == 1
    assert {asks_in_full(set_id, days[0]) for set_id in SET_IDS} == {True, False}, "not all on one day"


def test_a_new_version_is_stored_and_compared_and_versions_may_skip(label_site: LabelSite) -> None:
    check(label_site)
    label_site.publish(4)
    label_site.publish(9, label_xml(9, "Fever and bleeding can be fatal."))
    (line,) = check(label_site)
    assert (line.result, line.detail) == (CheckResult.NEW, "version 3 → 9")
    step = LabelStep.objects.get()
    assert (step.older.version, step.newer.version, step.change_class) == (3, 9, "grave")
    assert step.sections == ["boxed_warning"]
    assert "bleeding" in " ".join(step.reasons[0]["words"])
    assert "not seen" in step.notes[0]


def test_another_maker_and_another_label_of_the_product_are_noticed(label_site: LabelSite) -> None:
    check(label_site)
    assert ProductLabel.objects.count() == 1
    assert not LabelNotice.objects.exists(), "the first list is where it starts"
    label_site.product.append(SET_IDS[1])
    label_site.publish(4, label_xml(4, maker="Other Makers"))
    check(label_site)
    check(label_site)
    found = {(notice.kind, notice.detail) for notice in LabelNotice.objects.all()}
    assert found == {
        ("maker", "Example Makers → Other Makers"),
        ("same_product", f"{SET_IDS[1]}: EXEMPLAR"),
    }


def test_the_command_prints_a_line_per_followed_label(label_site: LabelSite, settings: pytest.Item) -> None:
    settings.DAILYMED_URL = f"{label_site.address}/dailymed/"
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=ONE)
    out = StringIO()
    call_command("check_labels", stdout=out)
    assert f"{ONE} Examplomab for infusion: first version (version 3)" in out.getvalue()
    agent = f"monographs-label-check/{django_settings.VERSION} (+http://127.0.0.1:8000)"
    assert label_site.requests[0][1]["User-Agent"] == agent
    label_site.publish(4, label_xml(4, "Fever can be fatal. Bleeding can be fatal."))
    call_command("check_labels", stdout=out)
    assert "[grave; boxed_warning]" in out.getvalue()
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=SET_IDS[4])
    with pytest.raises(CommandError, match="Not everything was learned"):
        call_command("check_labels", stdout=out)
    assert "2 labels followed: 1 nothing new, 1 failed." in out.getvalue()
    settings.LABEL_SOURCE = "none"
    with pytest.raises(CommandError, match="--from"):
        call_command("check_labels", stdout=out)
