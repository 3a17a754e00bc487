"""Older versions that pages name: fetched once, and compared like any other."""

from typing import Any

import pytest

from monographs.label_watch.label_checks import CheckResult, check_service
from monographs.label_watch.label_services import OpenFda
from monographs.label_watch.label_tasks import NOT_STORED, refresh_label_tasks
from monographs.label_watch.models import LabelCheck, LabelStep, LabelVersion, UpdateTask
from monographs.label_watch.polite_http import PoliteHttp
from monographs.models import MonographPage
from tests.factories import edit, publish
from tests.label_watch.label_checks import ONE, QUICK, TEXT, check
from tests.label_watch.label_service import SET_IDS, LabelSite, label_xml, zipped

pytestmark = pytest.mark.django_db

ZIP = "/getFile.cfm"
NEWER_BOX = "Fever and bleeding can be fatal."


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any, reviewer: Any) -> MonographPage:
    """A page that patients read and that rests on version 2 of a label."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=ONE, label_version="2")
    publish(page, writer, reviewer)
    return page


@pytest.fixture
def far_on(label_site: LabelSite, page: MonographPage) -> LabelSite:
    """A server with version 9 of the label, another box than version 2 had."""
    label_site.versions[ONE] = []
    label_site.publish(9, label_xml(9, NEWER_BOX))
    return label_site


def test_a_version_that_a_page_names_is_fetched_once_and_compared(far_on: LabelSite) -> None:
    far_on.zips[ONE, 2] = zipped(label_xml(2))
    (line,) = check(far_on)
    assert line.result is CheckResult.FIRST
    assert line.detail == "version 9; version 2, which a page names, was fetched"
    assert line.step == LabelStep.objects.get()
    older = LabelVersion.objects.get(version=2)
    assert (bytes(older.data), older.origin) == (
        label_xml(2), f"{far_on.address}{ZIP}?type=zip&setid={ONE}&version=2",
    )  # fmt: skip
    (task,) = refresh_label_tasks()
    assert (task.change_class, task.sections, task.from_version) == ("grave", ["boxed_warning"], 2)
    far_on.requests.clear()
    check(far_on)
    assert ZIP not in far_on.paths
    assert refresh_label_tasks() == []


@pytest.mark.parametrize("answer", ["nothing", "a web page", "another version", "another label", "damaged"])
def test_a_version_that_is_not_to_be_had_asks_for_the_whole_label_and_is_not_asked_for_again(
    far_on: LabelSite, answer: str
) -> None:
    sent = {
        "nothing": None,
        "a web page": b"<!DOCTYPE html><html>No such file</html>",
        "another version": zipped(label_xml(3)),
        "another label": zipped(label_xml(2, set_id=SET_IDS[1])),
        "damaged": zipped(label_xml(2))[:-40],
    }[answer]
    if sent:
        far_on.zips[ONE, 2] = sent
    for _ in range(2):
        (line,) = check(far_on)
        assert not line.failed
    assert far_on.paths.count(ZIP) == 1
    assert LabelVersion.objects.get().version == 9
    assert LabelCheck.objects.get().absent_versions == [2]
    (task,) = refresh_label_tasks()
    assert task.reasons[0]["why"] == NOT_STORED


@pytest.mark.parametrize(
    "fault",
    [
        (500, {}, b""),
        (302, {"Location": "http://elsewhere.example/getFile.cfm"}, b""),
        (200, {}, b"PK" + b" " * 1_000_000),
    ],
    ids=["a fault of the service", "a redirect elsewhere", "too large"],
)
def test_without_a_usable_answer_it_is_asked_for_in_the_next_round(far_on: LabelSite, fault: Any) -> None:
    far_on.zips[ONE, 2], far_on.faults[ZIP] = zipped(label_xml(2)), fault
    (line,) = check(far_on)
    assert (line.result, "version 2, which a page names, was not fetched" in line.detail) == (
        CheckResult.FIRST, True,
    )  # fmt: skip
    state = LabelCheck.objects.get()
    assert (state.error, state.absent_versions) == ("", None)
    (task,) = refresh_label_tasks()
    assert not task.is_compared
    far_on.faults.clear()
    (line,) = check(far_on)
    assert line.detail == "version 9; version 2, which a page names, was fetched"
    (again,) = refresh_label_tasks()
    assert (again.pk, again.change_class, again.is_compared) == (task.pk, "grave", True)
    assert UpdateTask.objects.count() == 1


def test_a_zip_that_unpacks_to_too_much_is_refused(
    far_on: LabelSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monographs.labels.label_files.MAX_XML_BYTES", 500)
    far_on.zips[ONE, 2] = zipped(label_xml(2))
    (line,) = check(far_on)
    assert "cannot be had" in line.detail
    assert "unpacks to more than 500 bytes" in line.detail


def test_a_service_that_asks_to_be_left_alone_is(far_on: LabelSite) -> None:
    far_on.faults[ZIP] = (429, {"Retry-After": "9999"}, b"")
    lines = check(far_on, ONE, SET_IDS[1])
    assert [line.result for line in lines] == [CheckResult.FAILED, CheckResult.NOT_ASKED]
    assert LabelVersion.objects.get().version == 9


def test_openfda_is_not_asked_for_older_versions(far_on: LabelSite) -> None:
    service = OpenFda(PoliteHttp(f"{far_on.address}/openfda/", "tests", QUICK))
    (line,) = check_service(service, [ONE])
    assert line.detail == "version 9"
    assert len(far_on.requests) == 1
    assert LabelCheck.objects.get().absent_versions is None


def test_newer_versions_than_the_newest_are_not_asked_for(label_site: LabelSite, page: MonographPage) -> None:
    label_site.versions[ONE] = []
    label_site.publish(1)
    label_site.zips[ONE, 2] = zipped(label_xml(2))
    check(label_site)
    assert ZIP not in label_site.paths
    assert TEXT in label_site.paths
