"""Checks of labels whose list of versions ends before what is stored."""

import pytest

from monographs.label_watch.label_checks import CheckResult
from monographs.label_watch.models import LabelNotice, LabelVersion
from tests.label_watch.label_checks import ONE, TEXT, check, result_of
from tests.label_watch.label_service import LabelSite, label_xml

pytestmark = pytest.mark.django_db


def test_a_list_that_goes_backwards_is_noticed_once_and_replaces_nothing(label_site: LabelSite) -> None:
    check(label_site)
    label_site.versions[ONE] = [2]
    assert [result_of(label_site), result_of(label_site)] == [CheckResult.BACKWARDS, CheckResult.BACKWARDS]
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
    label_site: LabelSite, box: str, date: str, said: str
) -> None:
    label_site.publish(9)
    check(label_site)
    for version in (1, 2):
        text = label_xml(version, box).replace(b'"20240131"', f'"{date}"'.encode())
        label_site.versions[ONE] = []
        label_site.publish(version, text)
        for _ in range(2):
            (line,) = check(label_site)
            assert line.result is CheckResult.BACKWARDS
        notice = LabelNotice.objects.first()
        assert notice is not None
        assert notice.detail == f"the newest is version {version}; version 9 is stored; {said}"
    assert LabelNotice.objects.count() == 2
    assert LabelVersion.objects.get().version == 9
    label_site.publish(10, label_xml(10, "Fever and bleeding can be fatal."))
    (line,) = check(label_site)
    assert (line.detail, line.step and line.step.change_class) == ("version 9 → 10", "grave")


def test_a_count_that_began_again_and_reaches_the_stored_number_is_compared(label_site: LabelSite) -> None:
    check(label_site)
    for version, box in ((2, "Fever can be fatal."), (3, "Fever and bleeding can be fatal.")):
        label_site.versions[ONE] = []
        label_site.publish(version, label_xml(version, box))
        assert result_of(label_site) is CheckResult.BACKWARDS
    assert "version 3 is stored; " in LabelNotice.objects.all()[0].detail
    assert "grave, in boxed_warning" in LabelNotice.objects.all()[0].detail
    assert result_of(label_site) is CheckResult.UNCHANGED


def test_a_list_that_names_the_stored_version_again_is_no_news(label_site: LabelSite) -> None:
    check(label_site)
    label_site.versions[ONE] = [2]
    check(label_site)
    label_site.versions[ONE] = [3]
    assert result_of(label_site) is CheckResult.UNCHANGED
    assert LabelNotice.objects.count() == 1


def test_an_older_version_without_its_text_is_a_failure_and_asked_for_again(label_site: LabelSite) -> None:
    check(label_site)
    label_site.versions[ONE] = [2]
    label_site.faults[TEXT] = (500, {}, b"")
    assert result_of(label_site) is CheckResult.FAILED
    label_site.faults.clear()
    assert result_of(label_site) is CheckResult.BACKWARDS
    assert "the text that was sent is the stored version" in LabelNotice.objects.get().detail


def test_a_newer_text_than_the_list_names_is_stored_though_the_list_goes_backwards(
    label_site: LabelSite,
) -> None:
    check(label_site)
    label_site.versions[ONE], label_site.texts[ONE] = [2], label_xml(4, "Fever and bleeding can be fatal.")
    (line,) = check(label_site)
    assert (line.result, line.step and line.step.change_class) == (CheckResult.NEW, "grave")
