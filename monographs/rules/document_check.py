"""All rules over one text, in the order in which it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from monographs.document.models import BaseDocument
from monographs.document.sections import SECTION_ORDER
from monographs.rules.check_context import CheckContext
from monographs.rules.finding import Finding
from monographs.rules.registry import RULES
from monographs.rules.rule import HouseRule, Severity, Violation
from monographs.rules.text_index import TextIndex

#: Fields of the editor before the sections and after them; sections stand between, in their own order.
_BEFORE = ("", "title", "brand_names", "pronunciation", "organisation", "summary", "notice")
_AFTER = ("body", "app_heading", "app_text", "app_links", "sources", "slug", "change_note")
_RANKS = {anchor: rank for rank, anchor in enumerate([*_BEFORE, *SECTION_ORDER, *_AFTER])}


def check_document(document: BaseDocument, *, context: CheckContext | None = None) -> list[Finding]:
    """Everything the rules find in ``document``, in reading order, errors before advice at one place.

    Asks no database: what the desk knows beside the text is in ``context``; see ``desk_context``.
    """
    reading = TextIndex(document)
    return in_order(document_violations(reading, context or CheckContext()))


def document_violations(reading: TextIndex, context: CheckContext) -> Iterator[tuple[HouseRule, Violation]]:
    """What each rule finds in a text, rule by rule."""
    for rule in RULES:
        if rule.check:
            for hit in rule.check(reading, context):
                yield rule, hit


def in_order(hits: Iterable[tuple[HouseRule, Violation]]) -> list[Finding]:
    """Findings in the order of the page, each with the fingerprint of its place, none twice."""
    ordered = sorted(hits, key=_order)
    seen: Counter[str] = Counter()
    found: dict[tuple[str, str, str, str], Finding] = {}
    for rule, hit in ordered:
        place = _place_text(rule, hit)
        finding = Finding(
            rule=rule.name,
            severity=rule.severity,
            place=hit.place,
            message=hit.message,
            anchor=hit.anchor,
            excerpt=hit.excerpt,
            fingerprint=sha256(f"{place}\x1f{seen[place]}".encode()).hexdigest(),
            about=rule,
        )
        seen[place] += 1
        key = (finding.place, finding.message, finding.excerpt, finding.fingerprint if hit.excerpt else "")
        found.setdefault(key, finding)
    return list(found.values())


def _order(found: tuple[HouseRule, Violation]) -> tuple[int, int, int, bool]:
    rule, hit = found
    return (_RANKS.get(hit.anchor, len(_RANKS)), *hit.order, rule.severity is Severity.ADVICE)


def _place_text(rule: HouseRule, hit: Violation) -> str:
    """What makes a place this one: rule, section, the words around and the words themselves.

    Case and spaces do not count. Where the same words break the same rule again, in_order counts them.
    """
    words = (rule.name, hit.anchor, hit.around or hit.place, hit.excerpt)
    return "\x1f".join(" ".join(word.split()).casefold() for word in words)
