"""Checks of labels by openFDA."""

import json

import pytest

from monographs.label_watch.label_checks import CheckResult, check_service
from monographs.label_watch.label_services import OpenFda
from monographs.label_watch.models import LabelCheck, LabelNotice, LabelStep
from monographs.label_watch.polite_http import PoliteHttp
from tests.label_watch.label_checks import ONE, QUICK
from tests.label_watch.label_service import SET_IDS, LabelSite
from tests.labels.label_sources import result

pytestmark = pytest.mark.django_db


def test_openfda_sends_the_version_with_its_answer(label_site: LabelSite) -> None:
    service = OpenFda(PoliteHttp(f"{label_site.address}/openfda/", "tests", QUICK))
    assert [line.result for line in check_service(service, [ONE])] == [CheckResult.FIRST]
    label_site.publish(7)
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
    label_site: LabelSite, changed: dict[str, str | None], said: str
) -> None:
    service = OpenFda(PoliteHttp(f"{label_site.address}/openfda/", "tests", QUICK))
    list(check_service(service, [ONE]))
    checked = LabelCheck.objects.get().checked_at
    answer = {**result(3, dosage_and_administration="2.1 Dose"), "set_id": ONE, **changed}
    answer = {name: value for name, value in answer.items() if value is not None}
    label_site.faults["/openfda/label.json"] = (200, {}, json.dumps({"results": [answer]}).encode())
    (line,) = check_service(service, [ONE])
    assert (line.result, said in line.detail) == (CheckResult.FAILED, True), line.detail
    assert LabelCheck.objects.get().checked_at == checked
    assert not LabelNotice.objects.exists()
