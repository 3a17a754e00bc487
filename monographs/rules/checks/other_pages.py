"""Rules on consistency with other public pages: facts and brand names that must agree."""

import re
from collections.abc import Callable, Iterator

from monographs.document import MonographDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.page_facts import FEVER, comparable_facts
from monographs.rules.published_facts import SharedFact
from monographs.rules.remedy import remedy_at
from monographs.rules.rule import OtherPlace, RemedyKind, Severity, Violation, house_rule
from monographs.rules.site_names import BrandSpelling, letters_of
from monographs.rules.temperatures import same
from monographs.rules.text_index import TextIndex
from monographs.rules.word_lookup import listed_words

#: Pages that must agree before a page that differs from them is told so.
FEWEST_PAGES = 2
#: Letters of a brand that is looked for in texts.
SHORTEST_BRAND = 5


@house_rule(
    "other-pages-fact",
    title="The same temperature and telephone number on all pages",
    severity=Severity.ADVICE,
    why="Readers of two pages cannot know which one is right; one of them may be out of date.",
    source="NHS standard for creating health content; PIF TICK, criterion on review and updates",
    bad="“FDA at 1-800-332-1089”, where two other pages have 1-800-332-1088",
    good="The number that is right, on all pages",
)
def other_pages_fact(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """A temperature of a fever, or a number called by a name, is that of most other pages."""
    facts = list(comparable_facts(text))
    for fact in facts:
        own = [each.value for each in facts if (each.kind, each.subject) == (fact.kind, fact.subject)]
        usual = _usual(context.shared.get((fact.kind, fact.subject), ()))
        if usual is None or any(_agrees(fact.kind, value, usual.value) for value in own):
            continue
        pages = f"{usual.pages} other pages"
        about = "from which to call for a fever" if fact.kind == FEVER else f"for {fact.subject.title()}"
        yield Violation.at(
            text.passages[fact.passage],
            f"{pages} have {usual.excerpt} {about}, and this one {fact.excerpt}. Look up which is right.",
            fact.excerpt,
            start=fact.start,
            others=(OtherPlace(usual.anchor, usual.place, usual.excerpt, usual.title, usual.key),),
        )


def _usual(found: tuple[SharedFact, ...]) -> SharedFact | None:
    """Return what more than half of the other pages say, if that are at least two."""
    most = max(found, key=lambda fact: fact.pages, default=None)
    if most is None or most.pages < FEWEST_PAGES or 2 * most.pages <= sum(fact.pages for fact in found):
        return None
    return most


def _agrees(kind: str, one: str, other: str) -> bool:
    return same(float(one), float(other)) if kind == FEVER else one == other


@house_rule(
    "brand-spelling",
    title="A brand is written in one way",
    severity=Severity.ADVICE,
    why="Readers compare the letters with those on their box, and a search finds the name as it is written.",
    source="ISMP List of Confused Drug Names (2024): names are compared letter by letter; FDA: the label",
    bad="“BLINCYTO” or “blincyto” on a page whose brand name is “Blincyto”",
    good="Blincyto",
    remedy=RemedyKind.ONE_CLICK,
)
def brand_spelling(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """A brand in the text is written as in the fields of its page, and these agree between pages."""
    document = text.document
    own = document.brand_names if isinstance(document, MonographDocument) else ()
    for brand in own:
        there = context.site.spelling_elsewhere(letters_of(brand), document.key)
        if there and there.brand != brand:
            yield Violation(
                "brand_names",
                "Brand names",
                f"{there.title} writes this brand “{there.brand}”. Write it in one way, as its label does.",
                brand,
                brand,
                others=(OtherPlace("brand_names", "Brand names", there.brand, there.title, there.key),),
            )
    here = {letters_of(brand): BrandSpelling(brand, "", "") for brand in own}

    def spelling_of(word: str) -> BrandSpelling | None:
        return here.get(word) or context.site.spelling_elsewhere(word, document.key)

    yield from _in_text(text, spelling_of)


def _in_text(text: TextIndex, spelling_of: Callable[[str], BrandSpelling | None]) -> Iterator[Violation]:
    """Yield brands of one word that have other capitals than in their field."""
    for passage in text.passages:
        for match in re.finditer(r"(?<![\w.@/-])[A-Za-z]+(?![\w@/-]|\.\w)", passage.text):
            word, found = match[0], spelling_of(match[0].lower())
            if found is None or found.brand == word or not found.brand.isalpha():
                continue
            brand = found.brand
            if len(brand) < SHORTEST_BRAND or brand.lower() in listed_words():
                continue
            yield Violation.at(
                passage,
                f"The brand is written “{brand}” in its field.",
                word,
                start=match.start(),
                remedies=remedy_at(passage, match.span(), brand),
                others=(OtherPlace("brand_names", "Brand names", brand, found.title, found.key),),
            )


RULES = (other_pages_fact, brand_spelling)
