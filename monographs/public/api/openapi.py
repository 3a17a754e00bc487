"""The document that describes the addresses (OpenAPI 3.1), made from their own types."""

from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI

from monographs.public.api.problems import MEDIA_TYPE
from monographs.public.api.records import PREFIX

DESCRIPTION = """What patients read on this site, as data: for each medicine its editions, each signed by a
reviewer who did not write it. Everything here is public, needs no key, and may be read by programs on any
site. Errors are problem details (RFC 9457)."""

_ETAG = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
_EDITION = {"X-Edition": {"description": "Slug and number of the edition.", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where it is now.", "schema": {"type": "string"}}}


class PublicAPI(NinjaAPI):
    """Ninja's, with an OpenAPI document that tells all that is answered. Its own pages are left out: they
    would load scripts from elsewhere.
    """

    def __init__(self) -> None:
        super().__init__(
            title="Medicine monographs",
            version="1",
            description=DESCRIPTION.replace("\n", " "),
            urls_namespace="public-api",
            openapi_url=None,
            docs_url=None,
        )

    @lru_cache(maxsize=1)  # noqa: B019  # there is one, for as long as the process lives
    def described(self) -> dict[str, Any]:
        """The document."""
        document = dict(self.get_openapi_schema(path_prefix=PREFIX))
        document["servers"] = [{"url": "/"}]
        for path in document["paths"].values():
            _complete(path["get"])
        _without_null(document["paths"])
        return document


def _complete(operation: dict[str, Any]) -> None:
    """What ninja does not tell: media types of errors, headers, 304."""
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


def _without_null(paths: dict[str, Any]) -> None:
    """A parameter that may be left out is not one that may be null: an address cannot say null."""
    for schema in _parameter_schemas(paths):
        kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            schema.update(kinds[0])
        elif kinds:
            schema["anyOf"] = kinds
        if schema.get("default", "") is None:
            del schema["default"]


def _parameter_schemas(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in paths.values():
        for parameter in path["get"]["parameters"]:
            yield parameter["schema"]
