"""Long lists and answers to searches, for the style page."""

from monographs.document.models import Collection
from monographs.reading.finding.answering import Answer, Reason, Result
from monographs.reading.finding.marking import Run
from monographs.reading.finding.matching import Why
from monographs.reading.listing import AtoZ, Entry, Group, Name, Step, letter_row

MEDICINES = tuple(
    Entry(title, Collection.MEDICINES.page(title), "monograph", brands, f"{title.capitalize()} is invented.")
    for title, brands in (("sampleumab", ("Samplia", "Exempla")), ("otherumab", ("Otheria",)))
)
STEPS = (
    Step(1, "sampleumab", "sampletinib", "S", beside="before"),
    Step(2, "sampletuzumab", "sotherinib", "S", chosen=True),
)
_LETTERS = frozenset("EOS")
A_TO_Z = AtoZ(
    letter_row(_LETTERS),
    tuple(
        Group(entry.title[0].upper(), (Name(entry.title, entry.path, brand_names=entry.brand_names),))
        for entry in sorted(MEDICINES, key=lambda entry: entry.title)
    ),
)
NO_SUCH_LETTER = AtoZ(letter_row(_LETTERS, "Q"), (), asked="Q")


def _result(entry: Entry, reason: Reason, anchor: str = "") -> Result:
    slug = entry.path.strip("/").rpartition("/")[2]
    return Result(
        slug, entry.title, entry.brand_names, entry.path, entry.kind, entry.summary, reason, anchor=anchor
    )


BY_BRAND = _result(MEDICINES[0], Reason(Why.BRAND_NAME, "Samplia"))
BY_TEXT = _result(
    MEDICINES[1],
    Reason(
        Why.TEXT,
        heading="How it works",
        runs=(Run("It holds back ", False), Run("samples", True), Run(" of cells.", False)),
    ),
    anchor="how-it-works",
)
CORRECTED = Answer("samplya", "Samplia", (BY_BRAND,))
FOUND = Answer("sample", results=(BY_BRAND, BY_TEXT))
NEAREST = Answer("sxmplq", nearest=(BY_BRAND,))
