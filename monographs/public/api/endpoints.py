"""The addresses for programs. Each is one query, answered from the record as it stands."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query
from ninja.errors import ValidationError

from monographs.document.models import Slug
from monographs.public.api import parameters, problems, records, schemas
from monographs.public.api.decorators import answer, unknown
from monographs.public.api.openapi import PublicAPI
from monographs.public.file_views import KEPT
from monographs.public.json_encoding import encode
from monographs.public.queries import PathOutcome
from monographs.public.search.service import search as find

api = PublicAPI()

_FAILS = {404: schemas.Problem, 410: schemas.Problem, 422: schemas.Problem, 301: schemas.Problem}
_Slug = Annotated[Slug, Path(description="The medicine, as in its page's address.")]


@api.get(
    "/monographs",
    response={200: schemas.Monographs, 422: schemas.Problem},
    operation_id="listMonographs",
    summary="Medicines that are public now",
)
def monographs(request: HttpRequest, asked: Query[parameters.MonographFilters]) -> HttpResponseBase:
    """In order of their path. Withdrawn medicines are left out at once."""
    if error := unknown(request, parameters.MonographFilters):
        return error
    return answer(request, records.monographs_json(asked))


@api.get(
    "/monographs/{slug:slug}",
    response={200: schemas.Monograph, **_FAILS},
    operation_id="readMonograph",
    summary="The current edition of a medicine",
)
def monograph(request: HttpRequest, slug: _Slug) -> HttpResponseBase:
    """What patients read now."""
    found = records.current(slug)
    if other := unknown(request) or _elsewhere(found):
        return other
    row = found.rows[0]
    return answer(
        request, records.monograph_json(row), sha256=row["sha256"], edition=f"{row['slug']}/{row['number']}"
    )


@api.get(
    "/monographs/{slug:slug}/editions",
    response={200: schemas.Editions, **_FAILS},
    operation_id="listEditions",
    summary="All editions of a medicine that have been public, newest first",
)
def editions(request: HttpRequest, slug: _Slug, asked: Query[parameters.EditionRange]) -> HttpResponseBase:
    """The first is the current one; the others are superseded, and kept for the record."""
    found = records.some(slug, asked)
    if other := unknown(request, parameters.EditionRange) or (
        None if found.exists else _elsewhere(found, "/editions")
    ):
        return other
    return answer(request, records.editions_json(found, slug, asked))


@api.get(
    "/monographs/{slug:slug}/editions/{int:number}",
    response={200: schemas.Edition, **_FAILS},
    operation_id="readEdition",
    summary="One edition, current or superseded",
)
def edition(request: HttpRequest, slug: _Slug, number: Annotated[schemas.Number, Path()]) -> HttpResponseBase:
    """Never changes, so it may be kept for ever. Whether it is current is said by the address above."""
    found = records.one(slug, number)
    if other := unknown(request) or _elsewhere(found, f"/editions/{number}"):
        return other
    row = found.rows[0]
    return answer(
        request,
        records.edition_json(row),
        sha256=row["sha256"],
        edition=f"{row['slug']}/{row['number']}",
        cache=KEPT,
    )


@api.get(
    "/search",
    response={200: schemas.Search, 422: schemas.Problem},
    operation_id="search",
    summary="Medicines, drug classes and conditions by name, and medicines by the words of their texts",
)
def search(request: HttpRequest, asked: Query[parameters.SearchQuery]) -> HttpResponseBase:
    """The same that the search page finds, best first."""
    if error := unknown(request, parameters.SearchQuery):
        return error
    return answer(request, encode(find(asked.q)))


def _elsewhere(found: records.EditionsResult, suffix: str = "") -> HttpResponse | None:
    """The answer where there is no edition to show."""
    match found.outcome:
        case PathOutcome.CURRENT:
            return None
        case PathOutcome.MOVED:
            return problems.moved(f"{records.LIST}/{found.slug_now}{suffix}")
        case PathOutcome.WITHDRAWN:
            return problems.gone(found.rows[0]["reason"], found.rows[0]["advice"])
    if found.exists:
        return problems.missing("This medicine has no public edition of this number.")
    return problems.missing("No medicine is published under this name.")


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 that says what may be given; what was given is not repeated."""
    return problems.refused(
        [
            {"parameter": str(e["loc"][-1]), "detail": str(e["msg"]).removeprefix("Value error, ")}
            for e in error.errors
        ]
    )
