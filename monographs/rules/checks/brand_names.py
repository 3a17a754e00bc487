"""Generic names come before brand names."""

import re
from collections.abc import Iterator

from monographs.document import MonographDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import remedy_at
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.site_names import SiteNames
from monographs.rules.text_index import TextIndex


@house_rule(
    "brand-before-generic",
    title="The generic name before the brand",
    severity=Severity.ADVICE,
    why="The same medicine is sold under several brands, and a reader whose box shows another one must still "
    "recognise their medicine. A brand belongs to one company.",
    source="NHS content guide: medicines by their generic names; FDA 21 CFR 201.10(g) on both names together",
    bad="Blincyto is a drip",
    good="Blinatumomab (brand name Blincyto) is a drip",
    remedy=RemedyKind.ONE_CLICK,
)
def brand_before_generic(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """A brand is named only after its generic name."""
    document = text.document
    own = document.brand_names if isinstance(document, MonographDocument) else ()
    page = SiteNames(brands={brand.lower(): document.title for brand in own})
    seen = ""
    for passage in text.passages:
        if passage.anchor == "title":
            continue
        for brand, generic in _brands_in(passage.text, page, context.site).items():
            match = re.search(rf"(?<!\w){re.escape(brand)}(?!\w)", passage.text, re.IGNORECASE)
            before = f"{seen} {passage.text[: match.start()] if match else ''}".lower()
            if match and generic.lower() not in before:
                yield Violation.at(
                    passage,
                    f"Name {generic} first; {match[0]} is one of its brands.",
                    match[0],
                    start=match.start(),
                    remedies=remedy_at(passage, match.span(), f"{generic} (brand name {match[0]})"),
                )
        seen += f" {passage.text}"


def _brands_in(text: str, page: SiteNames, site: SiteNames) -> dict[str, str]:
    """Return the brands that ``text`` may name, with their generic names: those that the page has, if any."""
    lowered = text.lower()
    words = dict.fromkeys(re.findall(r"[\w-]+", lowered))
    return {
        brand: names.brands[brand]
        for names in (site, page)
        for brand in names.brands_that_begin(words)
        if brand in lowered
    }


RULES = (brand_before_generic,)
