"""Write a software bill of materials in CycloneDX 1.6 (JSON) from the lock file of the image.

    python -m devtools.supply_chain.sbom > build/sbom.cdx.json

The same lock file and release give the same bytes: the serial number is made from the content, and there is a
time only if ``SOURCE_DATE_EPOCH`` says one (reproducible-builds.org/specs/source-date-epoch).
"""

import hashlib
import json
import os
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from typing import Any

from cms.paths import BASE_DIR
from devtools.supply_chain.licences import PackageLicence, is_expression, licences_of
from devtools.supply_chain.lock_file import RUNTIME, LockedPackage, locked_packages


def bill_of_materials() -> dict[str, Any]:
    """The bill as JSON values."""
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    root = f"{project['name']}@{project['version']}"
    packages = locked_packages(RUNTIME)
    licences = {found.package.name: found for found in licences_of(packages)}
    components = [_component(package, licences.get(package.name)) for package in packages]
    content: dict[str, Any] = {
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": root, "dependsOn": [component["bom-ref"] for component in components]},
        ],
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        content["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}",
        "version": 1,
        **content,
    }


def _component(package: LockedPackage, found: PackageLicence | None) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "scope": "optional" if package.marker else "required",
        # One file of several is installed, by platform: the lock file has the hashes of all
        "externalReferences": [
            {
                "type": "distribution",
                "url": package.purl,
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
            }
        ],
    }
    if found and found.licence:
        named: dict[str, Any] = (
            {"expression": found.licence}
            if is_expression(found.licence)
            else {"license": {"name": found.licence}}
        )
        component["licenses"] = [named]
    if package.marker:
        component["properties"] = [{"name": "python:marker", "value": package.marker}]
    return component


def main() -> None:
    """Print the bill."""
    json.dump(bill_of_materials(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
