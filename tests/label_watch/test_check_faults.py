"""Checks of labels by a service that answers wrongly, late or not at all."""

import gzip
import socket

import pytest

from monographs.label_watch.label_checks import CheckResult, check_service
from monographs.label_watch.label_services import DailyMed
from monographs.label_watch.models import LabelCheck, LabelVersion
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp
from tests.label_watch.label_checks import HISTORY, ONE, TEXT, check, history, result_of
from tests.label_watch.label_service import SET_IDS, LabelSite, label_xml

pytestmark = pytest.mark.django_db


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
    label_site: LabelSite, path: str, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    check(label_site)
    known = LabelCheck.objects.get().checked_at
    label_site.publish(4)
    label_site.faults[path] = (status, headers, body)
    (line,) = check(label_site)
    assert line.result is CheckResult.FAILED
    assert said in line.detail
    state = LabelCheck.objects.get()
    assert (state.checked_at, said in state.error) == (known, True)
    assert state.failing_since is not None
    assert LabelVersion.objects.count() == 1
    label_site.faults.clear()
    assert result_of(label_site) is CheckResult.NEW
    assert LabelCheck.objects.get().failing_since is None


def test_a_redirect_on_the_same_host_is_followed(label_site: LabelSite) -> None:
    label_site.faults["/dailymed/spls/moved.xml"] = (200, {}, b"")
    label_site.faults[TEXT] = (301, {"Location": f"{TEXT}?moved"}, b"")
    label_site.times[TEXT] = 1
    assert result_of(label_site) is CheckResult.FIRST


def test_a_fault_that_passes_is_waited_for(label_site: LabelSite) -> None:
    label_site.faults[HISTORY], label_site.times[HISTORY] = (503, {"Retry-After": "0"}, b""), 2
    assert result_of(label_site) is CheckResult.FIRST
    assert label_site.paths.count(HISTORY) == 3


def test_a_file_that_is_cut_is_no_version(label_site: LabelSite) -> None:
    label_site.cut.add(TEXT)
    (line,) = check(label_site)
    assert "no complete answer" in line.detail
    assert not LabelVersion.objects.exists()


def test_a_service_that_is_away_is_left_alone(label_site: LabelSite) -> None:
    for set_id in SET_IDS:
        label_site.faults[f"/dailymed/spls/{set_id}/history.json"] = (500, {}, b"")
    results = [line.result for line in check(label_site, *SET_IDS)]
    assert results == [CheckResult.FAILED] * 3 + [CheckResult.NOT_ASKED] * 5
    assert not LabelCheck.objects.exclude(checked_at=None).exists()
    label_site.requests.clear()
    label_site.faults[HISTORY] = (429, {"Retry-After": "9999"}, b"")
    assert [line.result for line in check(label_site, *SET_IDS[:2])] == [
        CheckResult.FAILED,
        CheckResult.NOT_ASKED,
    ]
    assert len(label_site.requests) == 1


def test_a_service_that_says_nothing_is_given_up(label_site: LabelSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        service = DailyMed(PoliteHttp(address, "tests", HttpLimits(step=0.2, pause=0, waits=())))
        (line,) = check_service(service, [ONE])
    assert "no complete answer" in line.detail
