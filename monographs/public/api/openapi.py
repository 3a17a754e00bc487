"""The OpenAPI 3.1 document, generated from the types of the endpoints and completed."""

import json
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from monographs.document.versions.stored_document import VERSIONS, DocumentVersion
from monographs.public.api.records import PREFIX
from monographs.public.problem_details import MEDIA_TYPE

DESCRIPTION = """What patients read on this site, as data: for each medicine its editions, each signed by a
reviewer who did not write it. Everything here is public, needs no key, and may be read by programs on any
site. Errors are problem details (RFC 9457)."""

_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_EDITION = {"X-Edition": {"description": "Slug and number of the edition.", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where it is now.", "schema": {"type": "string"}}}


#: The definition, in the shape of every version, of the documents that the API gives.
_SIGNED = "MonographDocument"


class PublicAPI(NinjaAPI):
    """A NinjaAPI with a complete OpenAPI document.

    The library's documentation pages are off, because they load scripts from other hosts.
    """

    def __init__(self) -> None:
        super().__init__(
            title=settings.WAGTAIL_SITE_NAME,
            version="1",
            description=DESCRIPTION.replace("\n", " "),
            urls_namespace="public-api",
            openapi_url=None,
            docs_url=None,
        )

    @lru_cache(maxsize=1)  # noqa: B019  # there is one instance, which lives as long as the process
    def openapi_document(self) -> dict[str, Any]:
        """Return the OpenAPI document as plain data."""
        document = dict(self.get_openapi_schema(path_prefix=PREFIX))
        document["servers"] = [{"url": "/"}]
        for path in document["paths"].values():
            _complete_responses(path["get"])
        _remove_null_types(document["paths"])
        _describe_documents(document["components"]["schemas"])
        return document


def _complete_responses(operation: dict[str, Any]) -> None:
    """Add what django-ninja leaves out: media types of errors, headers, 304."""
    responses = operation["responses"]
    for status, response in responses.items():
        if status == HTTPStatus.OK:
            response["headers"] = {
                **_ETAG,
                **(_EDITION if operation["operationId"].startswith("read") else {}),
            }
        else:
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        if status == HTTPStatus.MOVED_PERMANENTLY:
            response["headers"] = _LOCATION
    responses[HTTPStatus.NOT_MODIFIED.value] = {"description": "You have it already.", "headers": _ETAG}
    operation["responses"] = {str(status): responses[status] for status in sorted(responses)}


def _describe_documents(schemas: dict[str, Any]) -> None:
    """Describe the ``document`` of an edition in every version there is, from the frozen shapes."""
    references = []
    for version in VERSIONS:
        definitions = version.shape.schema["$defs"]
        for name in _needed(definitions, [_SIGNED]):
            schemas[_component(name, version)] = _with_components(definitions[name], version)
        references.append({"$ref": f"#/components/schemas/{_component(_SIGNED, version)}"})
    for schema in schemas.values():
        signed = schema.get("properties", {}).get("document")
        if signed:
            description = signed["description"]
            signed.clear()
            signed |= {"description": description, "oneOf": references}


def _needed(definitions: dict[str, Any], names: list[str]) -> list[str]:
    """Names of the definitions that ``names`` refer to, directly or not, with ``names`` themselves."""
    found = list(names)
    for name in found:  # grows as it is walked
        text = json.dumps(definitions[name])
        found += [each for each in definitions if f'"#/$defs/{each}"' in text and each not in found]
    return found


def _component(name: str, version: DocumentVersion) -> str:
    return f"{name}Version{version.number}"


def _with_components(schema: Any, version: DocumentVersion) -> Any:
    """A definition with its references to other ones as components of the OpenAPI document."""
    if isinstance(schema, dict):
        return {key: _with_components(value, version) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_with_components(item, version) for item in schema]
    if isinstance(schema, str) and schema.startswith("#/$defs/"):
        return f"#/components/schemas/{_component(schema.rpartition('/')[2], version)}"
    return schema


def _remove_null_types(paths: dict[str, Any]) -> None:
    """Remove null from the types of optional parameters: a query string cannot hold null."""
    for schema in _parameter_schemas(paths):
        types = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
        if len(types) == 1:
            del schema["anyOf"]
            schema.update(types[0])
        elif types:
            schema["anyOf"] = types
        if schema.get("default", "") is None:
            del schema["default"]


def _parameter_schemas(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in paths.values():
        for parameter in path["get"]["parameters"]:
            yield parameter["schema"]
