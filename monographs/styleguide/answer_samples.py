"""Sample answers to questions and help boxes for the style guide."""

from monographs.document.parts import Urgency
from monographs.document.passages import DocumentPassage, PassageLine
from monographs.public.search.answers import Answer, AnswerStatus
from monographs.public.search.help_box import help_box
from monographs.public.search.service import SearchAnswer

EFFECT = DocumentPassage(
    (PassageLine("You feel too warm."), PassageLine("Call. Do not wait.")),
    anchor="common-side-effects",
    section="Common side effects",
    name="Fever",
    urgency=Urgency.CALL_NOW,
    urgency_label=Urgency.CALL_NOW.label,
    frequency="Common: up to 1 in 10 people",
)
WARNING = DocumentPassage(
    (PassageLine("Open a capsule."),),
    anchor="how-it-is-administered",
    section="How it is administered",
    condition="Sample leukemia",
    is_advised=False,
)
LIST = DocumentPassage(
    (PassageLine("Before you start, say if you:"), PassageLine("are pregnant", 1), PassageLine("smoke", 1)),
    anchor="who-should-not-take-it",
    section="Who should not take it",
)


def _answer(status: AnswerStatus, *passages: DocumentPassage, missing: tuple[str, ...] = ()) -> Answer:
    sections = tuple((passage.anchor, passage.section) for passage in passages)
    return Answer(
        key="",
        slug="sampleumab",
        name="sampleumab",
        brand_names=("Samplia",),
        path="/medicines/sampleumab/",
        status=status,
        passages=passages,
        missing=missing,
        sections=sections or ((LIST.anchor, LIST.section),),
        typed="samplya" if missing else "",
    )


ANSWERED = _answer(AnswerStatus.ANSWERED, EFFECT)
PARTLY = _answer(AnswerStatus.PARTLY, WARNING, LIST, missing=("sushi",))
NOT_ANSWERED = _answer(AnswerStatus.NOT_ANSWERED)
OF_A_QUESTION = SearchAnswer("fever samplia", answers=(ANSWERED,))
WITHOUT_MEDICINE = SearchAnswer("can I drive?", lacks_medicine=True)
HELP_BOXES = tuple(help_box(query) for query in ("i want to die", "took too many pills"))
