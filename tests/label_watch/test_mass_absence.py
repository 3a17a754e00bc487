"""Labels that a service does not know any more: one, and many at once."""

from datetime import timedelta
from typing import Any

import pytest

from monographs.core.db_clock import database_now
from monographs.label_watch.label_checks import CheckResult
from monographs.label_watch.mass_absence import is_mass_absence
from monographs.label_watch.models import LabelCheck, LabelNotice
from monographs.review.models import Notice
from tests.factories import make_user
from tests.label_watch.label_checks import ONE, check, result_of
from tests.label_watch.label_service import SET_IDS, LabelSite

pytestmark = pytest.mark.django_db


def test_a_label_that_went_is_noticed_once_and_again_when_it_is_back(label_site: LabelSite) -> None:
    check(label_site)
    versions = label_site.versions.pop(ONE)
    assert [result_of(label_site), result_of(label_site)] == [CheckResult.GONE, CheckResult.GONE]
    assert LabelCheck.objects.get().gone_since is not None
    label_site.versions[ONE] = versions
    assert result_of(label_site) is CheckResult.UNCHANGED
    assert LabelCheck.objects.get().gone_since is None
    assert {notice.kind for notice in LabelNotice.objects.all()} == {"gone", "back"}
    assert LabelNotice.objects.count() == 2


def test_a_service_that_knows_no_label_any_more_is_unconfirmed_for_days(
    label_site: LabelSite, editor: Any, writer: Any
) -> None:
    make_user("boss", superuser=True)
    for set_id in SET_IDS[1:4]:
        label_site.publish(3, set_id=set_id)
    check(label_site, *SET_IDS[:4])
    checked = list(LabelCheck.objects.order_by("set_id").values_list("checked_at", flat=True))
    label_site.versions.clear()
    for _ in range(2):
        lines = check(label_site, *SET_IDS[:4])
        assert [line.result for line in lines] == [CheckResult.FAILED] * 4
        assert "of 4 of 4 labels at once. None of them was marked" in lines[0].detail
    assert not LabelCheck.objects.exclude(gone_since=None).exists()
    assert list(LabelCheck.objects.order_by("set_id").values_list("checked_at", flat=True)) == checked
    assert not LabelNotice.objects.exists()
    told = Notice.objects.filter(event="labels_vanished")
    assert {notice.user.username for notice in told} == {"editor", "boss"}
    assert told.count() == 2, "one email, however often it is said"
    assert "4 of 4 labels" in told[0].text
    LabelCheck.objects.update(doubted_since=database_now() - timedelta(days=3))
    assert [line.result for line in check(label_site, *SET_IDS[:4])] == [CheckResult.GONE] * 4
    assert LabelCheck.objects.exclude(gone_since=None).count() == 4
    assert LabelNotice.objects.filter(kind="gone").count() == 4
    assert [line.result for line in check(label_site, *SET_IDS[:4])] == [CheckResult.GONE] * 4, "known by now"


def test_the_days_of_an_absence_begin_anew_after_another_failure(label_site: LabelSite) -> None:
    label_site.publish(3, set_id=SET_IDS[1])
    both = SET_IDS[:2]
    check(label_site, *both)
    versions, label_site.versions = dict(label_site.versions), {}
    assert [line.failed for line in check(label_site, *both)] == [True, True]
    LabelCheck.objects.update(doubted_since=database_now() - timedelta(days=9))
    for set_id in both:
        label_site.faults[f"/dailymed/spls/{set_id}/history.json"] = (500, {}, b"")
    assert [line.failed for line in check(label_site, *both)] == [True, True]
    assert not LabelCheck.objects.exclude(doubted_since=None).exists()
    label_site.faults.clear()
    assert [line.result for line in check(label_site, *both)] == [CheckResult.FAILED] * 2
    label_site.versions = versions
    assert [line.result for line in check(label_site, *both)] == [CheckResult.UNCHANGED] * 2
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


def test_a_set_id_that_was_never_there_is_a_failure_that_asks_whether_it_is_right(
    label_site: LabelSite,
) -> None:
    (line,) = check(label_site, SET_IDS[5])
    assert line.failed
    assert "is the set id right?" in line.detail
    assert LabelCheck.objects.get(set_id=SET_IDS[5]).checked_at is None
