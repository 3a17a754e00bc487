"""The endpoints of the API. Each takes one database query.

Docstrings of endpoints are published in the OpenAPI document.
"""

from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query
from ninja.errors import ValidationError

from monographs.document.models import Slug
from monographs.public import problem_details
from monographs.public.api import label_records, label_schemas, parameters, records, schemas
from monographs.public.api.decorators import json_response, parameter_errors
from monographs.public.api.openapi import PublicAPI
from monographs.public.json_encoding import encode
from monographs.public.queries import PathOutcome, fetch_withdrawn_edition
from monographs.public.search.service import search as find_pages

api = PublicAPI()

_ERRORS = dict.fromkeys((404, 410, 422, 301), schemas.ProblemSchema)
_Slug = Annotated[Slug, Path(description="The medicine, as in its page's address.")]


@api.get(
    "/monographs",
    response={200: schemas.MonographsSchema, 422: schemas.ProblemSchema},
    operation_id="listMonographs",
    summary="Medicines that are public now",
)
def monographs(request: HttpRequest, filters: Query[parameters.MonographFilters]) -> HttpResponseBase:
    """In order of their path. Withdrawn medicines are left out at once."""
    if error := parameter_errors(request, parameters.MonographFilters):
        return error
    return json_response(request, records.monographs_json(filters))


@api.get(
    "/monographs/{slug:slug}",
    response={200: schemas.MonographSchema, **_ERRORS},
    operation_id="readMonograph",
    summary="The current edition of a medicine",
)
def monograph(request: HttpRequest, slug: _Slug) -> HttpResponseBase:
    """What patients read now."""
    found = records.fetch_current_edition(slug)
    if other := parameter_errors(request) or _error_without_edition(found):
        return other
    row = found.rows[0]
    return json_response(
        request, records.monograph_json(row), sha256=row["sha256"], edition=f"{row['slug']}/{row['number']}"
    )


@api.get(
    "/monographs/{slug:slug}/editions",
    response={200: schemas.EditionsSchema, **_ERRORS},
    operation_id="listEditions",
    summary="All editions of a medicine that have been public, newest first",
)
def editions(
    request: HttpRequest, slug: _Slug, edition_range: Query[parameters.EditionRange]
) -> HttpResponseBase:
    """The first is the current one; the others are superseded, and kept for the record."""
    found = records.fetch_editions(slug, edition_range)
    if other := parameter_errors(request, parameters.EditionRange) or (
        None if found.exists else _error_without_edition(found, "/editions")
    ):
        return other
    return json_response(request, records.editions_json(found, slug, edition_range))


@api.get(
    "/monographs/{slug:slug}/editions/{int:number}",
    response={200: schemas.EditionSchema, **_ERRORS},
    operation_id="readEdition",
    summary="One edition, current or superseded",
)
def edition(request: HttpRequest, slug: _Slug, number: Annotated[schemas.Number, Path()]) -> HttpResponseBase:
    """Never changes, but it or a later one may be withdrawn: ask with its entity tag before it is shown.

    Whether it is current is said by the address above.
    """
    found = records.fetch_edition(slug, number)
    if other := parameter_errors(request) or _error_without_edition(found, f"/editions/{number}", number):
        return other
    row = found.rows[0]
    return json_response(
        request,
        records.edition_json(row),
        sha256=row["sha256"],
        edition=f"{row['slug']}/{row['number']}",
    )


@api.get(
    "/labels",
    response={200: label_schemas.LabelStatesSchema, 422: schemas.ProblemSchema},
    operation_id="listLabels",
    summary="Which version of its label each medicine rests on",
)
def labels(request: HttpRequest, filters: Query[parameters.LabelFilters]) -> HttpResponseBase:
    """In order of the medicine's path. Says whether the label has changed, never what it says."""
    if error := parameter_errors(request, parameters.LabelFilters):
        return error
    return json_response(request, label_records.labels_json(filters))


@api.get(
    "/labels/versions",
    response={200: label_schemas.LabelVersionsSchema, 422: schemas.ProblemSchema},
    operation_id="listLabelVersions",
    summary="How many medicines and statements rest on each version of a label",
)
def label_versions(request: HttpRequest, filters: Query[parameters.LabelVersionFilters]) -> HttpResponseBase:
    """In order of the set id, the newest version first."""
    if error := parameter_errors(request, parameters.LabelVersionFilters):
        return error
    return json_response(request, label_records.versions_json(filters))


@api.get(
    "/labels/summary",
    response={200: label_schemas.LabelSummarySchema, 422: schemas.ProblemSchema},
    operation_id="summarizeLabels",
    summary="How many medicines follow a label, how many are behind, and how long signed answers took",
)
def label_summary(request: HttpRequest) -> HttpResponseBase:
    """The figures of the medicines that are public now; `answers` counts every signed answer."""
    if error := parameter_errors(request):
        return error
    return json_response(request, label_records.summary_json())


@api.get(
    "/search",
    response={200: schemas.SearchSchema, 422: schemas.ProblemSchema},
    operation_id="search",
    summary="Medicines, drug classes and conditions by name, and medicines by the words of their texts",
)
def search(request: HttpRequest, query: Query[parameters.SearchQuery]) -> HttpResponseBase:
    """The same that the search page finds, best first."""
    if error := parameter_errors(request, parameters.SearchQuery):
        return error
    return json_response(request, encode(find_pages(query.q)))


def _error_without_edition(
    found: records.EditionsResult, suffix: str = "", number: int | None = None
) -> HttpResponse | None:
    """Return the error response for a path that shows no edition ``number``, or None."""
    match found.outcome:
        case PathOutcome.CURRENT:
            return None
        case PathOutcome.MOVED:
            return problem_details.moved(f"{records.LIST}/{found.current_slug}{suffix}")
        case PathOutcome.WITHDRAWN:
            return problem_details.gone(found.rows[0]["reason"], found.rows[0]["advice"])
    if number is not None and (withdrawn := fetch_withdrawn_edition(found.rows[0]["path"] or "", number)):
        return problem_details.gone_edition(*withdrawn)
    if found.exists:
        return problem_details.not_found("This medicine has no public edition of this number.")
    return problem_details.not_found("No medicine is published under this name.")


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return a 422 response that says what each parameter may be, without repeating the value sent."""
    return problem_details.invalid_parameters(
        [
            {"parameter": str(e["loc"][-1]), "detail": str(e["msg"]).removeprefix("Value error, ")}
            for e in error.errors
        ]
    )
