"""Labels that hold what the database cannot: each is stored or refused by name, and the round goes on."""

import io
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.label_watch.file_check import check_files
from monographs.label_watch.label_checks import CheckResult, check_service
from monographs.label_watch.label_services import DailyMed, OpenFda
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, LabelVersion
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp
from tests.label_watch.label_service import SET_IDS, label_service, label_xml
from tests.labels.label_sources import PRODUCT, result, section, spl

pytestmark = pytest.mark.django_db
ONE, TWO = SET_IDS[:2]


def openfda(version: int, **fields: Any) -> bytes:
    facts = fields.pop("openfda", {})
    fields.setdefault("boxed_warning", "Bleeding can be fatal.")
    one = {**result(version, **fields), "set_id": ONE}
    one["openfda"] = {**one.get("openfda", {}), **facts}
    return json.dumps({"results": [one]}).encode()


@pytest.mark.parametrize(
    "hostile",
    [
        openfda(4, boxed_warning="Fever\0 and bleeding\0 can be fatal."),
        openfda(4, openfda={"brand_name": ["EXEM\0PLAR"], "manufacturer_name": ["No\0body"]}),
        openfda(4, openfda={"application_number": ["BLA" + "1" * 500]}),
        openfda(4, openfda={"application_number": ["BLA\x001"]}),
        openfda(4, dosage_and_administration="\x1b[31m\x07\u202e28 mcg daily"),
        spl(
            section("34068-7", "D", "Dose."),
            version="4",
            set_id=ONE,
            product=PRODUCT.format(application="B" * 500),
        ),
        spl(section("34068-7", "D", "Dose."), version="2999999999", set_id=ONE),
    ],
    ids=[
        "nul in text",
        "nul in names",
        "long number",
        "nul in number",
        "controls",
        "long number, spl",
        "version",
    ],
)
def test_what_the_database_cannot_hold_ends_no_round(tmp_path: Path, hostile: bytes) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "first.json").write_bytes(openfda(3, boxed_warning="Fever can be fatal."))
    (tmp_path / "a" / "other.xml").write_bytes(label_xml(1, set_id=TWO))
    list(check_files(tmp_path / "a", [ONE, TWO]))
    (tmp_path / "b").mkdir()
    suffix = "xml" if hostile.startswith(b"<") else "json"
    (tmp_path / "b" / f"hostile.{suffix}").write_bytes(hostile)
    (tmp_path / "b" / "other.xml").write_bytes(label_xml(2, set_id=TWO))
    lines = {line.set_id: line for line in check_files(tmp_path / "b", [ONE, TWO])}
    assert lines[TWO].result is CheckResult.NEW
    stored = LabelVersion.objects.filter(set_id=ONE).count()
    assert (stored == 2) != any(name.startswith("hostile") for name in lines), "stored or named"
    assert not LabelNotice.objects.filter(set_id=TWO).exists()


def test_a_version_with_other_bytes_is_stored_beside_the_first_and_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(label_xml(3))
    (tmp_path / "b.xml").write_bytes(label_xml(3).replace(b"<title>", b"<!-- crawled again --><title>"))
    (line,) = check_files(tmp_path, [ONE])
    assert (line.result, line.detail) == (CheckResult.FIRST, "version 3")
    assert LabelVersion.objects.count() == 2
    (line,) = check_files(tmp_path, [ONE])
    assert line.result is CheckResult.UNCHANGED


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.xml"))).write_bytes(label_xml(3))
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.xml"))).write_bytes(b"<cut")
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=ONE)
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.raises(CommandError, match="Not everything was learned"):
        call_command("check_labels", "--from", str(tmp_path), stdout=output)
    output.flush()
    assert LabelVersion.objects.get().origin.startswith("file ")
    assert "first version (version 3)" in output.buffer.getvalue().decode()


@pytest.mark.parametrize("source", ["dailymed", "openfda"])
def test_what_a_service_says_is_kept_as_far_as_it_can_be(source: str) -> None:
    with label_service() as site:
        http = PoliteHttp(f"{site.address}/{source}/", "test", HttpLimits(pause=0.0, waits=()))
        service = DailyMed(http) if source == "dailymed" else OpenFda(http)
        site.publish(3)
        (line,) = check_service(service, [ONE])
        assert line.result is CheckResult.FIRST
        site.publish(4)
        path = f"/dailymed/spls/{ONE}/history.json" if source == "dailymed" else "/openfda/label.json"
        other = {
            "data": {"spl": {"setid": "x\0y"}, "history": []},
            "metadata": {},
            "results": [{"set_id": "x\0y"}],
        }
        site.faults[path] = (200, {"Content-Type": "application/json"}, json.dumps(other).encode())
        (line,) = check_service(service, [ONE])
        assert line.result is CheckResult.FAILED
        assert LabelCheck.objects.get(set_id=ONE).error
        del site.faults[path]
        if source == "dailymed":
            rows = [{"setid": TWO, "title": "EXEM\0PLAR"}]
            list_of_product = {"data": rows, "metadata": {"next_page": "null"}}
            site.faults["/dailymed/spls.json"] = (200, {}, json.dumps(list_of_product).encode())
        (line,) = check_service(service, [ONE])
        assert line.result is CheckResult.NEW, line.detail


def test_an_entity_tag_that_is_too_long_is_not_kept() -> None:
    with label_service() as site:
        site.publish(3)
        history = {
            "data": {
                "spl": {"setid": ONE},
                "history": [{"spl_version": 3, "published_date": "Sep 26, 2012"}],
            },
            "metadata": {"next_page": "null"},
        }
        site.faults[f"/dailymed/spls/{ONE}/history.json"] = (
            200, {"ETag": f'"{"x" * 999}"'}, json.dumps(history).encode(),
        )  # fmt: skip
        service = DailyMed(PoliteHttp(f"{site.address}/dailymed/", "test", HttpLimits(pause=0.0, waits=())))
        for expected in (CheckResult.FIRST, CheckResult.UNCHANGED):
            (line,) = check_service(service, [ONE])
            assert (line.result, LabelCheck.objects.get().etag) == (expected, "")
