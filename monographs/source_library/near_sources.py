"""Sources of the library that may be one that somebody is about to add."""

from rapidfuzz import fuzz, process

from monographs.source_library.identifiers import UnknownIdentifier, normal_url, recognised
from monographs.source_library.models import LibrarySource

#: Titles that are at least this much alike (of 100), whatever the order of their words, are shown.
ALIKE = 88
MOST_SHOWN = 5


def same_source(source: LibrarySource) -> LibrarySource | None:
    """Return the library's source that ``source``, which is cleaned and not stored, is; None if it has none.

    The same is one with its identifier, with its web address, or with its title, publisher and address. The
    address of a label is that of all its versions, so one with a version is not found by its address.
    """
    others = LibrarySource.objects.exclude(pk=source.pk)
    if source.identifier:
        named = others.filter(
            scheme=source.scheme, identifier=source.identifier, version=source.version
        ).first()
        if named:
            return named
    found = recognised(source.address) if source.address else None
    if found and not source.version:
        for other in others.filter(version="").exclude(address=""):
            if recognised(other.address) == found:
                return other
    return others.filter(
        title__iexact=source.title, publisher__iexact=source.publisher, address=source.address
    ).first()


def near_sources(source: LibrarySource) -> list[LibrarySource]:
    """Return sources that could be the same as ``source``, the likest first: by address or by title.

    Another version of one label is not the same.
    """
    others = LibrarySource.objects.exclude(pk=source.pk)
    if source.version:
        others = others.exclude(scheme=source.scheme, identifier=source.identifier)
    known = {each.pk: each for each in others}
    place = _place(source.address)
    at_place = [each for each in known.values() if place and _place(each.address) == place]
    likest = process.extract(
        source.title.casefold(),
        {pk: each.title.casefold() for pk, each in known.items()},
        scorer=fuzz.token_sort_ratio,
        score_cutoff=ALIKE,
        limit=MOST_SHOWN,
    )
    found = dict.fromkeys([*at_place, *(known[pk] for _, _, pk in likest)])
    return list(found)[:MOST_SHOWN]


def _place(address: str) -> str:
    """Return an address without its query, where pages of one text often differ; empty for none."""
    try:
        return normal_url(address).partition("?")[0]
    except UnknownIdentifier:
        return ""
