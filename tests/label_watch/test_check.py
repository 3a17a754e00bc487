"""Checks of followed labels against a local server that speaks DailyMed's and openFDA's addresses."""

import gzip
import json
import socket
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.core.db_clock import database_now
from monographs.editions.models import LedgerEntry
from monographs.label_watch.check import CheckedLabel, CheckResult, asks_in_full, check_service
from monographs.label_watch.label_services import DailyMed, OpenFda
from monographs.label_watch.mass_absence import is_mass_absence
from monographs.label_watch.models import (
    FollowedLabel,
    LabelCheck,
    LabelNotice,
    LabelStep,
    LabelVersion,
    ProductLabel,
)
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp
from monographs.review.models import Notice
from tests.factories import make_user
from tests.label_watch.label_service import SET_IDS, LabelSite, label_service, label_xml
from tests.labels.label_sources import result

pytestmark = pytest.mark.django_db

QUICK = HttpLimits(step=0.5, request=1.0, pause=0.0, waits=(0.0, 0.0), longest_wait=2.0, size=1_000_000)
ONE = SET_IDS[0]
HISTORY = f"/dailymed/spls/{ONE}/history.json"
TEXT = f"/dailymed/spls/{ONE}.xml"


@pytest.fixture(scope="module")
def running() -> Iterator[LabelSite]:
    with label_service() as site:
        yield site


@pytest.fixture
def site(running: LabelSite) -> LabelSite:
    """The server with one label, version 3."""
    fresh = LabelSite(address=running.address)
    running.__dict__.update(fresh.__dict__)
    running.publish(3)
    running.product.append(ONE)
    return running


def history(set_id: str, *versions: Any) -> bytes:
    """A list of versions as DailyMed has it."""
    rows = [{"spl_version": each, "published_date": "null"} for each in versions]
    data = {"data": {"spl": {"setid": set_id}, "history": rows}, "metadata": {"next_page": "null"}}
    return json.dumps(data).encode()


def check(site: LabelSite, *set_ids: str) -> list[CheckedLabel]:
    service = DailyMed(PoliteHttp(f"{site.address}/dailymed/", "tests", QUICK))
    return list(check_service(service, set_ids or [ONE]))


def result_of(site: LabelSite) -> CheckResult:
    return check(site)[0].result


def test_the_first_check_stores_the_version_with_its_entry_in_the_ledger(site: LabelSite) -> None:
    (line,) = check(site)
    assert (line.result, line.step) == (CheckResult.FIRST, None)
    stored = LabelVersion.objects.get()
    assert (stored.version, stored.maker, stored.application_numbers) == (3, "Example Makers", ["BLA123456"])
    assert bytes(stored.data) == site.texts[ONE]
    entry = LedgerEntry.objects.get(event="label_stored")
    assert entry.subject == ONE
    assert stored.sha256 in entry.body
    state = LabelCheck.objects.get()
    assert (state.newest_version, state.error) == (3, "")
    assert state.checked_at is not None


@pytest.fixture
def asks_with_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which labels are asked for with their entity tags."""
    monkeypatch.setattr("monographs.label_watch.check.asks_in_full", lambda set_id, today: False)


@pytest.mark.usefixtures("asks_with_condition")
def test_nothing_new_is_not_fetched_again(site: LabelSite) -> None:
    check(site)
    before = LabelCheck.objects.get()
    site.requests.clear()
    assert result_of(site) is CheckResult.UNCHANGED
    assert TEXT not in site.paths
    assert site.requests[0][1]["If-None-Match"] == '"1-3"'
    assert LabelCheck.objects.filter(checked_at__gt=before.checked_at).exists()
    site.answers_304 = False
    assert result_of(site) is CheckResult.UNCHANGED, "an answer in full says the same"
    assert LabelVersion.objects.count() == 1


def test_a_service_that_answers_not_modified_by_mistake_hides_a_version_for_a_week_at_most(
    site: LabelSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(site)
    site.publish(4)
    site.faults[HISTORY] = (304, {}, b"")
    days = [date(2026, 11, 30) + timedelta(days=number) for number in range(7)]
    found = []
    for day in days:
        if asks_in_full(ONE, day):
            site.faults.clear()  # without a condition the service has to answer
        monkeypatch.setattr("monographs.label_watch.check.database_today", lambda day=day: day)
        found.append(result_of(site))
    assert found.count(CheckResult.NEW) == 1
    assert sum(asks_in_full(ONE, day) for day in days) == 1
    assert {asks_in_full(set_id, days[0]) for set_id in SET_IDS} == {True, False}, "not all on one day"


def test_a_new_version_is_stored_and_compared_and_versions_may_skip(site: LabelSite) -> None:
    check(site)
    site.publish(4)
    site.publish(9, label_xml(9, "Fever and bleeding can be fatal."))
    (line,) = check(site)
    assert (line.result, line.detail) == (CheckResult.NEW, "version 3 → 9")
    step = LabelStep.objects.get()
    assert (step.older.version, step.newer.version, step.change_class) == (3, 9, "grave")
    assert step.sections == ["boxed_warning"]
    assert "bleeding" in " ".join(step.reasons[0]["words"])
    assert "not seen" in step.notes[0]


def test_a_list_that_goes_backwards_is_noticed_once_and_replaces_nothing(site: LabelSite) -> None:
    check(site)
    site.versions[ONE] = [2]
    assert [result_of(site), result_of(site)] == [CheckResult.BACKWARDS, CheckResult.BACKWARDS]
    assert LabelVersion.objects.get().version == 3
    assert [notice.kind for notice in LabelNotice.objects.all()] == ["backwards"]


@pytest.mark.parametrize(
    ("box", "date", "said"),
    [
        ("Fever and bleeding can be fatal.", "20250131",
         "the date 2025-01-31 is later than 2024-01-31: the count began again. Against the stored version: "
         "grave, in boxed_warning (boxed warning is changed: and bleeding)"),
        ("Fever can be fatal.", "20230131",
         "the date 2023-01-31 is not later than 2024-01-31. Against the stored version: no change of words "
         "that a page rests on"),
    ],
    ids=["the count began again", "an older version was put back"],
)  # fmt: skip
def test_each_older_version_that_a_source_newly_names_is_compared_by_its_words(
    site: LabelSite, box: str, date: str, said: str
) -> None:
    site.publish(9)
    check(site)
    for version in (1, 2):
        text = label_xml(version, box).replace(b'"20240131"', f'"{date}"'.encode())
        site.versions[ONE] = []
        site.publish(version, text)
        for _ in range(2):
            (line,) = check(site)
            assert line.result is CheckResult.BACKWARDS
        notice = LabelNotice.objects.first()
        assert notice is not None
        assert notice.detail == f"the newest is version {version}; version 9 is stored; {said}"
    assert LabelNotice.objects.count() == 2
    assert LabelVersion.objects.get().version == 9
    site.publish(10, label_xml(10, "Fever and bleeding can be fatal."))
    (line,) = check(site)
    assert (line.detail, line.step and line.step.change_class) == ("version 9 → 10", "grave")


def test_a_count_that_began_again_and_reaches_the_stored_number_is_compared(site: LabelSite) -> None:
    check(site)
    for version, box in ((2, "Fever can be fatal."), (3, "Fever and bleeding can be fatal.")):
        site.versions[ONE] = []
        site.publish(version, label_xml(version, box))
        assert result_of(site) is CheckResult.BACKWARDS
    assert "version 3 is stored; " in LabelNotice.objects.all()[0].detail
    assert "grave, in boxed_warning" in LabelNotice.objects.all()[0].detail
    assert result_of(site) is CheckResult.UNCHANGED


def test_a_list_that_names_the_stored_version_again_is_no_news(site: LabelSite) -> None:
    check(site)
    site.versions[ONE] = [2]
    check(site)
    site.versions[ONE] = [3]
    assert result_of(site) is CheckResult.UNCHANGED
    assert LabelNotice.objects.count() == 1


def test_an_older_version_without_its_text_is_a_failure_and_asked_for_again(site: LabelSite) -> None:
    check(site)
    site.versions[ONE] = [2]
    site.faults[TEXT] = (500, {}, b"")
    assert result_of(site) is CheckResult.FAILED
    site.faults.clear()
    assert result_of(site) is CheckResult.BACKWARDS
    assert "the text that was sent is the stored version" in LabelNotice.objects.get().detail


def test_a_newer_text_than_the_list_names_is_stored_though_the_list_goes_backwards(site: LabelSite) -> None:
    check(site)
    site.versions[ONE], site.texts[ONE] = [2], label_xml(4, "Fever and bleeding can be fatal.")
    (line,) = check(site)
    assert (line.result, line.step and line.step.change_class) == (CheckResult.NEW, "grave")


def test_a_label_that_went_is_noticed_once_and_again_when_it_is_back(site: LabelSite) -> None:
    check(site)
    versions = site.versions.pop(ONE)
    assert [result_of(site), result_of(site)] == [CheckResult.GONE, CheckResult.GONE]
    assert LabelCheck.objects.get().gone_since is not None
    site.versions[ONE] = versions
    assert result_of(site) is CheckResult.UNCHANGED
    assert LabelCheck.objects.get().gone_since is None
    assert {notice.kind for notice in LabelNotice.objects.all()} == {"gone", "back"}
    assert LabelNotice.objects.count() == 2


def test_a_service_that_knows_no_label_any_more_is_not_believed_before_days(
    site: LabelSite, editor: Any, writer: Any
) -> None:
    make_user("boss", superuser=True)
    for set_id in SET_IDS[1:4]:
        site.publish(3, set_id=set_id)
    check(site, *SET_IDS[:4])
    checked = list(LabelCheck.objects.order_by("set_id").values_list("checked_at", flat=True))
    site.versions.clear()
    for _ in range(2):
        lines = check(site, *SET_IDS[:4])
        assert [line.result for line in lines] == [CheckResult.FAILED] * 4
        assert "of 4 of 4 labels at once. None was marked" in lines[0].detail
    assert not LabelCheck.objects.exclude(gone_since=None).exists()
    assert list(LabelCheck.objects.order_by("set_id").values_list("checked_at", flat=True)) == checked
    assert not LabelNotice.objects.exists()
    told = Notice.objects.filter(event="labels_vanished")
    assert {notice.user.username for notice in told} == {"editor", "boss"}
    assert told.count() == 2, "one email, however often it is said"
    assert "4 of 4 labels" in told[0].text
    LabelCheck.objects.update(failing_since=database_now() - timedelta(days=3))
    assert [line.result for line in check(site, *SET_IDS[:4])] == [CheckResult.GONE] * 4
    assert LabelCheck.objects.exclude(gone_since=None).count() == 4
    assert LabelNotice.objects.filter(kind="gone").count() == 4
    assert [line.result for line in check(site, *SET_IDS[:4])] == [CheckResult.GONE] * 4, "known by now"


def test_the_days_of_an_absence_begin_anew_after_another_failure(site: LabelSite) -> None:
    site.publish(3, set_id=SET_IDS[1])
    both = SET_IDS[:2]
    check(site, *both)
    versions, site.versions = dict(site.versions), {}
    assert [line.failed for line in check(site, *both)] == [True, True]
    LabelCheck.objects.update(failing_since=database_now() - timedelta(days=9), error="it does not answer")
    assert [line.result for line in check(site, *both)] == [CheckResult.FAILED] * 2
    site.versions = versions
    assert [line.result for line in check(site, *both)] == [CheckResult.UNCHANGED] * 2
    assert not LabelCheck.objects.exclude(error="").exists()
    assert not LabelNotice.objects.exists(), "it never went, so that it is not back"


@pytest.mark.parametrize(
    ("gone", "asked", "expected"),
    [
        (1, 1, False),
        (2, 2, True),
        (2, 39, True),
        (2, 40, False),
        (3, 40, True),
        (20, 9000, False),
        (21, 9000, True),
    ],
)
def test_how_many_may_go_in_a_round(gone: int, asked: int, expected: bool) -> None:
    assert is_mass_absence(gone, asked) is expected


def test_a_set_id_that_was_never_there_is_a_failure_that_asks_whether_it_is_right(site: LabelSite) -> None:
    (line,) = check(site, SET_IDS[5])
    assert line.failed
    assert "is the set id right?" in line.detail
    assert LabelCheck.objects.get(set_id=SET_IDS[5]).checked_at is None


def test_another_maker_and_another_label_of_the_product_are_noticed(site: LabelSite) -> None:
    check(site)
    assert ProductLabel.objects.count() == 1
    assert not LabelNotice.objects.exists(), "the first list is where it starts"
    site.product.append(SET_IDS[1])
    site.publish(4, label_xml(4, maker="Other Makers"))
    check(site)
    check(site)
    found = {(notice.kind, notice.detail) for notice in LabelNotice.objects.all()}
    assert found == {
        ("maker", "Example Makers → Other Makers"),
        ("same_product", f"{SET_IDS[1]}: EXEMPLAR"),
    }


@pytest.mark.parametrize(
    ("path", "status", "headers", "body", "said"),
    [
        (HISTORY, 500, {}, b"oops", "answers 500"),
        (HISTORY, 403, {}, b"no", "answers 403"),
        (HISTORY, 429, {"Retry-After": "0"}, b"", "too many requests"),
        (HISTORY, 429, {"Retry-After": "3600"}, b"", "asks to wait for 3600 s"),
        (HISTORY, 503, {"Retry-After": "soon"}, b"", "out of service"),
        (HISTORY, 200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>", "not JSON (text/html)"),
        (HISTORY, 200, {}, b'{"data": {}}', "no list of versions"),
        (HISTORY, 200, {}, b"[]", "JSON of another kind"),
        (HISTORY, 302, {"Location": "http://elsewhere.example/spls"}, b"", "redirects to another host"),
        (HISTORY, 302, {"Location": "http://[::1/"}, b"", "redirects to what is no address"),
        (HISTORY, 302, {"Location": "http://127.0.0.1:99999999/"}, b"", "redirects to what is no address"),
        (HISTORY, 302, {"Location": "file:///etc/hostname"}, b"", "redirects to another host"),
        (HISTORY, 302, {"Location": HISTORY}, b"", "redirects more than"),
        (HISTORY, 429, {"Retry-After": "Fri, 31 Dec 2099 23:59:59 GMT"}, b"", "asks to wait for"),
        (HISTORY, 429, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, b"", "too many requests"),
        (HISTORY, 200, {}, '{"data": {"spl": {"title": "é"}}}'.encode("latin-1"), "not JSON"),
        (HISTORY, 200, {}, b'{"data": {"history": [' + b"[" * 100_000, "not JSON"),
        (HISTORY, 200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 50_000_000), "more than 1,000,000"),
        (HISTORY, 200, {}, history(ONE, "null"), "no version number"),
        (HISTORY, 200, {}, history(ONE), "list of versions is empty"),
        (HISTORY, 200, {}, history(SET_IDS[1], 9), "answered about"),
        (HISTORY, 200, {"Content-Encoding": "gzip"}, b"no gzip", "no complete answer"),
        (TEXT, 200, {}, b"<!DOCTYPE html><html>Maintenance</html>", "web page, not a label"),
        (TEXT, 200, {}, label_xml(4)[:-200], "cut"),
        (TEXT, 200, {}, label_xml(4, set_id=SET_IDS[1]), "of another label"),
        (TEXT, 200, {}, label_xml(3), "version 4 was announced"),
        (TEXT, 200, {}, b" " * 1_000_001, "more than 1,000,000 bytes"),
        (TEXT, 200, {}, label_xml(4).replace(b"Fever", b"F\xe9ver"), "no complete XML"),
        (TEXT, 200, {}, b"", "no label"),
        (TEXT, 206, {}, label_xml(4), "answers 206"),
        (TEXT, 304, {}, b"", "no label"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_wrong_answer_is_told_and_never_counts_as_a_check(
    site: LabelSite, path: str, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    check(site)
    known = LabelCheck.objects.get().checked_at
    site.publish(4)
    site.faults[path] = (status, headers, body)
    (line,) = check(site)
    assert line.result is CheckResult.FAILED
    assert said in line.detail
    state = LabelCheck.objects.get()
    assert (state.checked_at, said in state.error) == (known, True)
    assert state.failing_since is not None
    assert LabelVersion.objects.count() == 1
    site.faults.clear()
    assert result_of(site) is CheckResult.NEW
    assert LabelCheck.objects.get().failing_since is None


def test_a_redirect_on_the_same_host_is_followed(site: LabelSite) -> None:
    site.faults["/dailymed/spls/moved.xml"] = (200, {}, b"")
    site.faults[TEXT] = (301, {"Location": f"{TEXT}?moved"}, b"")
    site.times[TEXT] = 1
    assert result_of(site) is CheckResult.FIRST


def test_a_fault_that_passes_is_waited_for(site: LabelSite) -> None:
    site.faults[HISTORY], site.times[HISTORY] = (503, {"Retry-After": "0"}, b""), 2
    assert result_of(site) is CheckResult.FIRST
    assert site.paths.count(HISTORY) == 3


def test_a_file_that_is_cut_is_no_version(site: LabelSite) -> None:
    site.cut.add(TEXT)
    (line,) = check(site)
    assert "no complete answer" in line.detail
    assert not LabelVersion.objects.exists()


def test_a_service_that_is_away_is_left_alone(site: LabelSite) -> None:
    for set_id in SET_IDS:
        site.faults[f"/dailymed/spls/{set_id}/history.json"] = (500, {}, b"")
    results = [line.result for line in check(site, *SET_IDS)]
    assert results == [CheckResult.FAILED] * 3 + [CheckResult.NOT_ASKED] * 5
    assert not LabelCheck.objects.exclude(checked_at=None).exists()
    site.requests.clear()
    site.faults[HISTORY] = (429, {"Retry-After": "9999"}, b"")
    assert [line.result for line in check(site, *SET_IDS[:2])] == [CheckResult.FAILED, CheckResult.NOT_ASKED]
    assert len(site.requests) == 1


def test_a_service_that_says_nothing_is_given_up(site: LabelSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        service = DailyMed(PoliteHttp(address, "tests", HttpLimits(step=0.2, pause=0, waits=())))
        (line,) = check_service(service, [ONE])
    assert "no complete answer" in line.detail


def test_openfda_sends_the_version_with_its_answer(site: LabelSite) -> None:
    service = OpenFda(PoliteHttp(f"{site.address}/openfda/", "tests", QUICK))
    assert [line.result for line in check_service(service, [ONE])] == [CheckResult.FIRST]
    site.publish(7)
    (line,) = check_service(service, [ONE])
    assert (line.result, line.detail) == (CheckResult.NEW, "version 3 → 7")
    assert LabelStep.objects.get().change_class == "grave", "the dose changed"
    (line,) = check_service(service, [SET_IDS[6]])
    assert (line.failed, "DailyMed may" in line.detail) == (True, True)
    assert not LabelNotice.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": ""}, "no version number"),
        ({"version": None}, "no version number"),
        ({"version": "0"}, "no version number"),
        ({"set_id": SET_IDS[1]}, "answered about 00000001"),
        ({"set_id": None}, "answered about no"),
    ],
    ids=["empty version", "no version", "version zero", "another label", "no label"],
)
def test_an_answer_of_openfda_without_its_version_or_label_is_no_check(
    site: LabelSite, changed: dict[str, str | None], said: str
) -> None:
    service = OpenFda(PoliteHttp(f"{site.address}/openfda/", "tests", QUICK))
    list(check_service(service, [ONE]))
    checked = LabelCheck.objects.get().checked_at
    answer = {**result(3, dosage_and_administration="2.1 Dose"), "set_id": ONE, **changed}
    answer = {name: value for name, value in answer.items() if value is not None}
    site.faults["/openfda/label.json"] = (200, {}, json.dumps({"results": [answer]}).encode())
    (line,) = check_service(service, [ONE])
    assert (line.result, said in line.detail) == (CheckResult.FAILED, True), line.detail
    assert LabelCheck.objects.get().checked_at == checked
    assert not LabelNotice.objects.exists()


def test_the_command_prints_a_line_per_followed_label(site: LabelSite, settings: pytest.Item) -> None:
    settings.DAILYMED_URL = f"{site.address}/dailymed/"
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=ONE)
    out = StringIO()
    call_command("check_labels", stdout=out)
    assert f"{ONE} Examplomab for infusion: first version (version 3)" in out.getvalue()
    assert site.requests[0][1]["User-Agent"] == "monographs-label-check (+http://127.0.0.1:8000)"
    site.publish(4, label_xml(4, "Fever can be fatal. Bleeding can be fatal."))
    call_command("check_labels", stdout=out)
    assert "[grave; boxed_warning]" in out.getvalue()
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=SET_IDS[4])
    with pytest.raises(CommandError, match="Not everything was learned"):
        call_command("check_labels", stdout=out)
    assert "2 labels followed: 1 nothing new, 1 failed." in out.getvalue()
    settings.LABEL_SOURCE = "none"
    with pytest.raises(CommandError, match="--from"):
        call_command("check_labels", stdout=out)
