"""Putting a typed source of a draft into the library: the library's own is found, or a new one is added."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, JsonResponse, QueryDict
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page

from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.editions.contributions import contributors_since
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.label_watch.followed_labels import is_number
from monographs.source_library.identifiers import (
    IdentifierScheme,
    UnknownIdentifier,
    normal_set_id,
    recognised,
)
from monographs.source_library.models import LibrarySource, SourceKind, digest_of_source, versions_named
from monographs.source_library.near_sources import same_source

#: Hosts of labels and agencies, by which the kind of a typed source is guessed.
_KINDS = {
    "dailymed.nlm.nih.gov": SourceKind.LABEL,
    "fda.gov": SourceKind.AGENCY,
    "ema.europa.eu": SourceKind.AGENCY,
    "cancer.gov": SourceKind.AGENCY,
    "nhs.uk": SourceKind.AGENCY,
    "who.int": SourceKind.AGENCY,
}
ADD = "source_library.add_librarysource"


def _refused(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


@require_admin_access
@require_POST
def adopt_source(request: HttpRequest) -> JsonResponse:
    """Answer with the source of the library that ``title``, ``publisher`` and ``address`` stand for.

    One that the library has is found by its identifier or address; else it is added. All who wrote in the
    draft of the page with the primary key ``page`` count as authors of the words that are added; a page that
    is not stored yet has none.
    """
    page = request.POST.get("page", "")
    draft = Page.objects.filter(pk=posted_key(page)).first() if page else None
    if page and not (draft and draft.permissions_for_user(request.user).can_edit()):
        return _refused("You cannot edit this page. Reload the editor, and try again.", 403)
    posted = {
        name: " ".join(request.POST.get(name, "").split()) for name in ("title", "publisher", "address")
    }
    source = LibrarySource(kind=guessed_kind(posted["address"]), **posted)
    _name_label(source, request.POST)
    try:
        source.full_clean(exclude=["digest"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return _refused(" ".join(error.messages), 400)
    found = same_source(source)
    if found is None:
        if not authenticated_user(request).has_perm(ADD):
            return _refused("The library does not have it, and you may not add to it. Ask a writer.", 403)
        source.further_authors = [replace(person, credentials="", field="") for person in _writers(draft)]
        found = _added_meanwhile(source)
    return JsonResponse(_answer(found or source, is_new=found is None, typed=source))


def _added_meanwhile(source: LibrarySource) -> LibrarySource | None:
    """Store a source, or return the same one if somebody else has just added it."""
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        found = same_source(source)
        if found is None:
            raise
        return found
    return None


def _name_label(source: LibrarySource, posted: QueryDict) -> None:
    """Let a source with the address of a label be the version that the draft names, or else its title."""
    try:
        set_id = normal_set_id(source.address)
    except UnknownIdentifier:
        return
    version = posted.get("label_version", "").strip()
    if set_id != posted.get("label_set_id", "").strip().lower() or not is_number(version):
        version = next(iter(versions_named(source.title)), "")
    source.scheme, source.identifier, source.version = IdentifierScheme.SET_ID, set_id, version


def guessed_kind(address: str) -> SourceKind:
    """Return the likely kind of a source by its address; an editor corrects it."""
    found = recognised(address) if address else None
    if found is None:
        return SourceKind.OTHER
    scheme, identifier = found
    if scheme in (IdentifierScheme.DOI, IdentifierScheme.PMID):
        return SourceKind.PAPER
    host = identifier.partition("/")[0]
    return next(
        (kind for end, kind in _KINDS.items() if host == end or host.endswith(f".{end}")), SourceKind.OTHER
    )


def _writers(draft: Page | None) -> list[Person]:
    key = draft.translation_key if draft else None
    return contributors_since(key, current_edition(key)) if key else []


def _answer(source: LibrarySource, *, is_new: bool, typed: LibrarySource) -> dict[str, Any]:
    said = (
        "Added to the library."
        if is_new
        else "The library has it already."
        if source.digest == digest_of_source(typed.title, typed.publisher, typed.address)
        else f"The library has it already, as “{source}”. The page shows that from now on."
    )
    return {"id": source.pk, "title": str(source), "message": f"{said} Save the draft to keep this."}
