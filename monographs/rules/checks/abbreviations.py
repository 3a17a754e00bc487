"""Abbreviations are explained where they are first used."""

import re
from collections.abc import Iterator

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.expansions import expansion_of, expansion_remedy
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex, words_of

_SHORT = re.compile(
    r"(?<![\w.@/-])(?:[A-Z][A-Za-z]?[A-Z][A-Za-z0-9]{0,5}|[A-Z]{1,3}\d{1,3})(?:-\d{1,3})?(?![\w@]|-[a-z])"
)
#: Known to people without medical training: in English dictionaries for learners, or on every news page.
LAY_KNOWN = frozenset(
    "FDA NHS US USA UK EU DNA HIV AIDS COVID COVID-19 TV ID PM AM OK PDF CT MRI ER UV PIN SMS GPS FAQ ZIP "
    "PO AZ A-Z CD DVD AA BC AD IQ".split()
)
#: “tumor lysis syndrome (TLS)”, “TLS (…)”, “a marker called CD19”, “TLS is a …”, “or MRD”.
_EXPLAINED = (
    r"\(\s*{0}s?\s*[),;]|\b{0}s?\s*\("
    r"|\b(?:call(?:ed|s)?|named|known as|short for)\s+(?:[\w-]+\s+){{0,3}}[“\"]?{0}\b"
    r"|\b{0}s?[”\"]?\s+(?:means|stands for|(?:is|are)\s+(?:an?|the|short for)\b)|\bor {0}\b"
)


@house_rule(
    "unexplained-abbreviation",
    title="Abbreviations explained at first use",
    severity=Severity.ADVICE,
    why="A reader who does not know the letters loses the sentence, and one who knows other words for them "
    "reads something else.",
    source="NHS content guide, A to Z: abbreviations; EU readability guideline (2009), section A.4",
    bad="CRS can be dangerous",
    good="Cytokine release syndrome (CRS) can be dangerous",
    remedy=RemedyKind.ONE_CLICK,
)
def unexplained_abbreviation(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """Each abbreviation is explained in the sentence of its first use."""
    known = {*LAY_KNOWN, *_names(text.document)}
    routes = " ".join(text.document.routes) if isinstance(text.document, MonographDocument) else ""
    for passage in text.passages:
        for match in _SHORT.finditer(passage.text):
            short = match[0]
            if short in known or short in context.site.parts:
                continue
            known.add(short)
            sentence = passage.sentence_at(match.start())
            if not (_is_explained(short, f"{sentence} {routes}") or _is_initials_of(short, passage.place)):
                meaning = expansion_of(short, (each.text for each in text.passages))
                yield Violation.at(
                    passage,
                    f"Say what “{short}” means where it is first used, or leave it out.",
                    short,
                    start=match.start(),
                    remedies=expansion_remedy(passage, match.span(), meaning) if meaning else (),
                )


def _is_explained(short: str, words: str) -> bool:
    return re.search(_EXPLAINED.format(re.escape(short)), words) is not None


def _is_initials_of(short: str, heading: str) -> bool:
    """Whether ``short`` consists of first letters of the heading above, e.g. of a condition's name."""
    return short.lower() in "".join(word[0] for word in words_of(heading)).lower()


def _names(document: BaseDocument) -> set[str]:
    """Return each word of the names of the medicine and its brands; they are no abbreviations."""
    names = [document.title, *getattr(document, "brand_names", ())]
    return {word for name in names for word in name.split()}


RULES = (unexplained_abbreviation,)
