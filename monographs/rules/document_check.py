"""Apply all rules to one text, and order the findings."""

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
_BEFORE = (
    "",
    "title",
    "brand_names",
    "pronunciation",
    "routes",
    "organisation",
    "summary",
    "notice",
    "if_nobody_answers",
)
_AFTER = ("body", "app_heading", "app_text", "app_links", "sources", "slug", "change_note")
_RANKS = {anchor: rank for rank, anchor in enumerate([*_BEFORE, *SECTION_ORDER, *_AFTER])}


def check_document(document: BaseDocument, *, context: CheckContext | None = None) -> list[Finding]:
    """Return what the rules find in ``document``, in reading order, errors before advice at one place.

    Uses no database: what rules may know besides the text is in ``context``; see ``CheckContext.load``.
    """
    text = TextIndex(document)
    return in_order(document_violations(text, context or CheckContext()))


def document_violations(text: TextIndex, context: CheckContext) -> Iterator[tuple[HouseRule, Violation]]:
    """Yield what each rule finds in a text, rule by rule."""
    for rule in RULES:
        if rule.check:
            for violation in rule.check(text, context):
                yield rule, violation


def in_order(violations: Iterable[tuple[HouseRule, Violation]]) -> list[Finding]:
    """Return findings in the order of the page, without duplicates, with the fingerprints of their places."""
    ordered = sorted(violations, key=_order)
    seen: Counter[str] = Counter()
    found: dict[tuple[str, str, str, str], Finding] = {}
    for rule, violation in ordered:
        place = _place_text(rule, violation)
        finding = Finding(
            rule=rule.name,
            severity=rule.severity,
            place=violation.place,
            message=violation.message,
            anchor=violation.anchor,
            excerpt=violation.excerpt,
            fingerprint=sha256(f"{place}\x1f{seen[place]}".encode()).hexdigest(),
            about=rule,
            remedies=violation.remedies,
            others=violation.others,
        )
        seen[place] += 1
        same_place = finding.fingerprint if violation.excerpt else ""
        found.setdefault((finding.place, finding.message, finding.excerpt, same_place), finding)
    return list(found.values())


def _order(found: tuple[HouseRule, Violation]) -> tuple[int, int, int, bool]:
    rule, violation = found
    return (_RANKS.get(violation.anchor, len(_RANKS)), *violation.order, rule.severity is Severity.ADVICE)


def _place_text(rule: HouseRule, violation: Violation) -> str:
    """Return the text that identifies a place: rule, section, surrounding text and excerpt.

    Case and spaces do not count. Where this is the same for several places, ``in_order`` numbers them.
    """
    words = (rule.name, violation.anchor, violation.around or violation.place, violation.excerpt)
    return "\x1f".join(" ".join(word.split()).casefold() for word in words)
