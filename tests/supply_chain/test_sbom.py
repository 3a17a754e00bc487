"""The bill of materials lists what the lock file pins, and is the same each time."""

import json
import re
from io import StringIO
from typing import Any

import pytest

from devtools.supply_chain.lock_file import RUNTIME, locked_packages
from devtools.supply_chain.sbom import bill_of_materials, main


def test_it_lists_every_package_of_the_image_with_its_licence() -> None:
    bill = bill_of_materials()
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    packages = locked_packages(RUNTIME)
    assert [component["purl"] for component in bill["components"]] == [package.purl for package in packages]
    assert bill["dependencies"][0]["dependsOn"] == [package.purl for package in packages]
    for component in bill["components"]:
        assert component["externalReferences"][0]["hashes"], component["name"]
        if component["scope"] == "required":
            assert component["licenses"], component["name"]
    django = next(each for each in bill["components"] if each["name"] == "django")
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}]


def test_it_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    printed = []
    for _ in range(2):
        out: Any = StringIO()
        monkeypatch.setattr("sys.stdout", out)
        main()
        printed.append(out.getvalue())
    monkeypatch.undo()
    assert printed[0] == printed[1]
    assert "timestamp" not in json.loads(printed[0])["metadata"]


def test_its_time_is_that_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert bill_of_materials()["metadata"]["timestamp"] == "2026-09-21T14:13:20+00:00"
