"""Identifiers of sources in one form, so that a source is found again however somebody writes it down."""

import re
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from monographs.labels.spl import SET_ID

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
#: PubMed's own numbers have at most eight digits.
_PMID = re.compile(r"0*([1-9]\d{0,7})")
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org"})
_PMID_HOSTS = frozenset({"pubmed.ncbi.nlm.nih.gov"})
_DAILYMED_HOSTS = frozenset({"dailymed.nlm.nih.gov"})
_PORTS = {"http": 80, "https": 443}


class IdentifierScheme(StrEnum):
    """What an identifier is one of."""

    SET_ID = "set_id"
    DOI = "doi"
    PMID = "pmid"
    URL = "url"


class UnknownIdentifier(ValueError):
    """The words are no identifier; the message says what one looks like."""


def normal_doi(words: str) -> str:
    """Return a DOI in small letters without its address; DOIs do not depend on case (ISO 26324).

    Raises ``UnknownIdentifier``.
    """
    plain = re.sub(r"(?i)^doi:\s*", "", words.strip())
    parts = urlsplit(plain)
    if _host(plain) in _DOI_HOSTS:
        plain = unquote(parts.path).strip("/")
    if not _DOI.fullmatch(plain):
        raise UnknownIdentifier(
            "A DOI begins with 10, a number and a slash, e.g. 10.1056/NEJMoa1609783. Copy it from the paper."
        )
    return plain.lower()


def normal_pmid(words: str) -> str:
    """Return the digits of a PubMed number. Raises ``UnknownIdentifier``."""
    plain = re.sub(r"(?i)^pmid:?\s*", "", words.strip())
    if _host(plain) in _PMID_HOSTS:
        plain = urlsplit(plain).path.strip("/")
    found = _PMID.fullmatch(plain)
    if found is None:
        raise UnknownIdentifier(
            "A PMID is a number of up to eight digits, e.g. 28249141. It is at the end of the paper's "
            "address in PubMed; numbers that begin with PMC are others."
        )
    return found[1]


def normal_set_id(words: str) -> str:
    """Return the set id of a label, also of its address on DailyMed. Raises ``UnknownIdentifier``."""
    plain = words.strip()
    if _host(plain) in _DAILYMED_HOSTS:
        plain = parse_qs(urlsplit(plain).query).get("setid", [""])[0]
    if not SET_ID.fullmatch(plain.lower()):
        raise UnknownIdentifier(
            "A set id has 32 digits from 0 to f in groups of 8, 4, 4, 4 and 12. Copy it from the label's "
            "address on DailyMed."
        )
    return plain.lower()


def normal_url(address: str) -> str:
    """Return an address as it is compared: without scheme, “www.”, fragment and last slash.

    Such addresses lead to the same text. Raises ``UnknownIdentifier``.
    """
    parts = urlsplit(address.strip())
    host = _host(address)
    if parts.scheme.lower() not in _PORTS or "." not in host:
        raise UnknownIdentifier("A web address begins with https:// or http://. Copy it from the browser.")
    try:
        port = parts.port
    except ValueError as error:
        raise UnknownIdentifier("The port in this web address is no number up to 65535.") from error
    place = host if port in (None, _PORTS[parts.scheme.lower()]) else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{parts.path.rstrip('/')}{query}"


NORMAL_FORMS = {
    IdentifierScheme.SET_ID: normal_set_id,
    IdentifierScheme.DOI: normal_doi,
    IdentifierScheme.PMID: normal_pmid,
    IdentifierScheme.URL: normal_url,
}


def recognised(address: str) -> tuple[IdentifierScheme, str] | None:
    """Return the identifier that a web address stands for; None if it is no web address.

    That of a DOI or of a paper in PubMed is that of the paper. A label's version is not in its address, so an
    address on DailyMed is an address.
    """
    for scheme, hosts in ((IdentifierScheme.DOI, _DOI_HOSTS), (IdentifierScheme.PMID, _PMID_HOSTS)):
        if _host(address) in hosts:
            try:
                return scheme, NORMAL_FORMS[scheme](address)
            except UnknownIdentifier:
                break
    try:
        return IdentifierScheme.URL, normal_url(address)
    except UnknownIdentifier:
        return None


def _host(address: str) -> str:
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return host.lower().removeprefix("www.")
