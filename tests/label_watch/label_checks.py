"""Checks of the labels of the local server."""

import json
from typing import Any

from monographs.label_watch.label_checks import CheckedLabel, CheckResult, check_service
from monographs.label_watch.label_services import DailyMed
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp
from tests.label_watch.label_service import SET_IDS, LabelSite

#: No pauses; and so patient that every answer arrives in time, however busy the machine is.
QUICK = HttpLimits(step=60, request=120, pause=0.0, waits=(0.0, 0.0), longest_wait=2.0, size=1_000_000)
ONE = SET_IDS[0]
HISTORY = f"/dailymed/spls/{ONE}/history.json"
TEXT = f"/dailymed/spls/{ONE}.xml"


def history(set_id: str, *versions: Any) -> bytes:
    """A list of versions as DailyMed has it."""
    rows = [{"spl_version": each, "published_date": "null"} for each in versions]
    data = {"data": {"spl": {"setid": set_id}, "history": rows}, "metadata": {"next_page": "null"}}
    return json.dumps(data).encode()


def check(site: LabelSite, *set_ids: str) -> list[CheckedLabel]:
    """Ask the server as DailyMed for labels, the first one by default."""
    service = DailyMed(PoliteHttp(f"{site.address}/dailymed/", "tests", QUICK))
    return list(check_service(service, set_ids or [ONE]))


def result_of(site: LabelSite) -> CheckResult:
    """What came of asking for the first label."""
    return check(site)[0].result
