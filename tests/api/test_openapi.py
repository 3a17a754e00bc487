"""The document that describes the addresses, and whether they keep to it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from ninja.openapi.schema import REF_TEMPLATE
from ninja.schema import NinjaGenerateJsonSchema

from monographs.document.models import MonographDocument
from tests.public.published import (
    condition,
    drug_class,
    monograph,
    publish,
    reference,
    withdraw,
)

#: Requests made up for each address. A long run: SCHEMATHESIS_EXAMPLES=1000.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "10"))


def document(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def test_the_document_is_openapi_3_1_and_describes_every_address(client: Client, db: None) -> None:
    told = document(client)
    assert told["openapi"].startswith("3.1.")
    assert sorted(told["paths"]) == [
        "/api/v1/monographs",
        "/api/v1/monographs/{slug}",
        "/api/v1/monographs/{slug}/editions",
        "/api/v1/monographs/{slug}/editions/{number}",
        "/api/v1/search",
    ]
    for path in told["paths"].values():
        assert set(path) == {"get"}
        assert {"200", "304", "422"} <= set(path["get"]["responses"])


def test_its_schemas_are_the_documents_own_models(client: Client, db: None) -> None:
    schemas = document(client)["components"]["schemas"]
    own = MonographDocument.model_json_schema(
        mode="serialization",
        ref_template=REF_TEMPLATE,
        schema_generator=NinjaGenerateJsonSchema,
    )
    definitions = own.pop("$defs")
    assert schemas["Edition"]["properties"]["document"] == {"$ref": "#/components/schemas/MonographDocument"}
    assert schemas["MonographDocument"] == own
    assert {name: schemas[name] for name in definitions} == definitions


def test_it_names_nothing_outside_this_site(client: Client, db: None) -> None:
    assert document(client)["servers"] == [{"url": "/"}]
    assert b"http" not in client.get("/api/v1/openapi.json").content.replace(b"/https?:", b"")


def a_little_of_everything() -> None:
    """Medicines that are current, superseded, moved and withdrawn."""
    group, disease = drug_class(), condition()
    publish(group)
    publish(disease)
    testumab = monograph(drug_class=reference(group), conditions=(reference(disease),))
    publish(testumab)
    publish(testumab.model_copy(update={"summary": "New.", "slug": "newumab"}))
    for name in "abc":
        publish(monograph(name))
    withdraw(publish(monograph("goneumab")))


@pytest.mark.extended
def test_schemathesis_finds_no_fault(live_server: Any, tmp_path: Path) -> None:
    """Its own program against a real server: what the document promises, what it forbids, and any order."""
    a_little_of_everything()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{live_server.url}/api/v1/openapi.json"),
            *("--checks", "all", "--seed", "1", "--max-examples", str(EXAMPLES)),
            *("--continue-on-failure", "--generation-database", "none", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)  # noqa: T201  # the figures, where somebody asks for them with -s
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
