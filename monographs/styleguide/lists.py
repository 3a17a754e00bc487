"""Sample lists and search results for the style guide."""

from dataclasses import replace

from monographs.document.models import CollectionType, slug_of
from monographs.document.passages import DocumentPassage
from monographs.public.list_context import AtoZ, AtoZGroup, AtoZName, ListEntry, ListPage, alphabet_row
from monographs.public.search.highlighting import HighlightedRun
from monographs.public.search.known_names import KnownName
from monographs.public.search.name_match import AbsentMedicine, MatchKind
from monographs.public.search.service import MatchReason, SearchAnswer, SearchResult

MEDICINES = tuple(
    ListEntry(
        title, CollectionType.MEDICINES.page(title), "monograph", brands, f"{title.capitalize()} is invented."
    )
    for title, brands in (("sampleumab", ("Samplia", "Exempla")), ("otherumab", ("Otheria",)))
)
LIST_PAGES = (
    ListPage(1, "sampleumab", "sampletinib", "S", neighbour="before"),
    ListPage(2, "sampletuzumab", "sotherinib", "S", chosen=True),
)
_LETTERS = frozenset("EOS")
A_TO_Z = AtoZ(
    alphabet_row(_LETTERS),
    tuple(
        AtoZGroup(entry.title[0].upper(), (AtoZName(entry.title, entry.path, brand_names=entry.brand_names),))
        for entry in sorted(MEDICINES, key=lambda entry: entry.title)
    ),
)
NO_SUCH_LETTER = AtoZ(alphabet_row(_LETTERS, "Q"), (), chosen_letter="Q")


def _result(entry: ListEntry, reason: MatchReason, anchor: str = "") -> SearchResult:
    return SearchResult(
        slug_of(entry.path),
        entry.title,
        entry.brand_names,
        entry.path,
        entry.kind,
        entry.summary,
        reason,
        anchor=anchor,
    )


BY_BRAND = _result(MEDICINES[0], MatchReason(MatchKind.BRAND_NAME, "Samplia"))
BY_TEXT = _result(
    MEDICINES[1],
    MatchReason(
        MatchKind.TEXT,
        passage=DocumentPassage((), anchor="how-it-works", section="How it works"),
        runs=(
            HighlightedRun("It holds back ", False),
            HighlightedRun("samples", True),
            HighlightedRun(" of cells.", False),
        ),
    ),
    anchor="how-it-works",
)
CORRECTED = SearchAnswer("samplya", "Samplia", (BY_BRAND,))
FOUND = SearchAnswer("sample", results=(BY_BRAND, BY_TEXT))
NOTHING = SearchAnswer("sxmplq")
_OTHER = KnownName("sxmplinib", "sxmplinib")
MEANT = SearchAnswer("sxmpleumap", did_you_mean=(replace(BY_BRAND, drug_class="Samples"),), others=(_OTHER,))
ABSENT = AbsentMedicine("Sxmplo", KnownName("sxmplo", "sxmplinib"), ("sampleumab",))
WITHDRAWN = replace(
    BY_BRAND,
    summary="",
    reason="There is new safety information that this page does not have yet.",
    advice="Ask your care team or pharmacist what it means for you.",
)
