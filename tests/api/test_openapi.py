"""The OpenAPI document, and whether the API conforms to it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from monographs.document import parse_document
from monographs.document.versions.shape import Shape, ShapeError
from monographs.document.versions.stored_document import VERSIONS, canonical_forms
from tests.export.old_record import OldRecord
from tests.public.published import (
    condition,
    drug_class,
    monograph,
    publish,
    reference,
    withdraw,
)

#: Generated requests per endpoint. For a long run: SCHEMATHESIS_EXAMPLES=1000.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "10"))


def document(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def test_the_document_is_openapi_3_1_and_describes_every_address(client: Client, db: None) -> None:
    found = document(client)
    assert found["openapi"].startswith("3.1.")
    assert sorted(found["paths"]) == [
        "/api/v1/labels",
        "/api/v1/labels/summary",
        "/api/v1/labels/versions",
        "/api/v1/monographs",
        "/api/v1/monographs/{slug}",
        "/api/v1/monographs/{slug}/editions",
        "/api/v1/monographs/{slug}/editions/{number}",
        "/api/v1/search",
    ]
    for path in found["paths"].values():
        assert set(path) == {"get"}
        assert {"200", "304", "422"} <= set(path["get"]["responses"])


def objects_of(schema: Any, schemas: Any) -> list[Any]:
    """The object types that a schema allows, without the lists and nulls around them."""
    if "$ref" in schema:
        return objects_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    inner = [option for word in ("anyOf", "oneOf") for option in schema.get(word, ())]
    found = [each for option in inner for each in objects_of(option, schemas)]
    return [*found, schema] if "properties" in schema else found


def unions(schema: Any) -> list[Any]:
    """Every schema within a schema that allows one of several."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = [schema] if isinstance(schema, dict) and {"anyOf", "oneOf"} & schema.keys() else []
    return [*own, *(found for each in inner for found in unions(each))]


def test_a_generated_client_can_tell_every_answer_and_every_part_apart(client: Client, db: None) -> None:
    found = document(client)
    schemas = found["components"]["schemas"]
    for path in found["paths"].values():
        for status, response in path["get"]["responses"].items():
            described = [content["schema"] for content in response.get("content", {}).values()]
            assert len(described) == (status != "304"), "one type per answer"
            assert all(schema["$ref"].rpartition("/")[2] in schemas for schema in described)
    several = [objects for union in unions(schemas) if len(objects := objects_of(union, schemas)) > 1]
    assert several
    for objects in several:
        marks = [
            {
                name: schema["const"]
                for name, schema in each["properties"].items()
                if "const" in schema and name in each["required"]
            }
            for each in objects
        ]
        assert any(
            len({mark.get(name) for mark in marks}) == len(marks) for name in ("kind", "schema_version")
        ), "each has a required constant of its own"


def test_it_describes_documents_of_every_version(client: Client, db: None) -> None:
    schemas = document(client)["components"]["schemas"]
    for name in ("Edition", "Monograph"):
        described = schemas[name]["properties"]["document"]
        assert described["oneOf"] == [
            {"$ref": f"#/components/schemas/MonographDocumentVersion{version.number}"} for version in VERSIONS
        ]
        assert "in the version it was signed in" in described["description"]
    for version in VERSIONS:
        suffix = f"Version{version.number}"
        own = json.dumps(version.shape.schema["$defs"]["MonographDocument"], sort_keys=True)
        expected = re.sub(r"#/\$defs/(\w+)", rf"#/components/schemas/\1{suffix}", own)
        assert json.dumps(schemas[f"MonographDocument{suffix}"], sort_keys=True) == expected
        assert schemas[f"Urgency{suffix}"] == version.shape.schema["$defs"]["Urgency"]
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document(client))))
    assert references <= set(schemas)


def test_documents_of_every_version_are_as_it_describes_them(client: Client, db: None) -> None:
    schemas = document(client)["components"]["schemas"]
    rows = OldRecord(Path(__file__).parents[1] / "export" / "version_1").editions
    (full,) = (row["canonical"] for row in rows if (row["slug"], row["number"]) == ("examplinib", 3))
    options = schemas["Edition"]["properties"]["document"]["oneOf"]
    for form in canonical_forms(parse_document(full)):
        plain = json.loads(form)
        fitting = [option["$ref"] for option in options if fits(plain, {"$defs": schemas, **option})]
        assert fitting == [f"#/components/schemas/MonographDocumentVersion{plain['schema_version']}"]


def fits(value: Any, schema: Any) -> bool:
    try:
        Shape(schema).check(value)
    except ShapeError:
        return False
    return True


def test_it_refers_to_no_other_site(client: Client, db: None) -> None:
    assert document(client)["servers"] == [{"url": "/"}]
    assert b"http" not in client.get("/api/v1/openapi.json").content.replace(b"/https?:", b"")


def publish_examples() -> None:
    """Publish medicines that are current, superseded, moved and withdrawn."""
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
    """Run Schemathesis against a live server with all its checks."""
    publish_examples()
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
    print(done.stdout)  # noqa: T201  # shown with -s
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 passed" in done.stdout
