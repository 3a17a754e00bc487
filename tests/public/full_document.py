"""Publish one of everything that patients can read."""

from monographs.document.models import BaseDocument, Identifiers
from monographs.document.parts import Advice, Companion, ConditionPart, DoDont, Effect, Effects, Text, Urgency
from monographs.editions.models import ReviewKind
from tests.public.published import (
    condition,
    drug_class,
    home,
    information,
    monograph,
    publish,
    reference,
    sections,
    text,
    withdraw,
)

PATH = "/medicines/testumab/"
#: Every kind of public page, some with several query strings.
PAGES = [
    "/",
    "/medicines/",
    "/medicines/?letter=T",
    "/medicines/?letter=Q",
    "/medicines/?letter=9",
    "/classes/",
    "/conditions/",
    PATH,
    f"{PATH}?for=test-leukemia",
    f"{PATH}editions/",
    f"{PATH}editions/1/",
    f"{PATH}changes/1/2/",
    f"{PATH}changes/2/2/",
    f"{PATH}helpful/",
    f"{PATH}helpful/thanks/",
    "/classes/testing-antibodies/",
    "/conditions/test-leukemia/",
    "/about/how-we-write/",
    "/whats-new/",
    "/search/",
    "/search/?q=te",
    "/search/?q=testumob",
    "/search/?q=zzz",
    "/medicines/no/",
    "/medicines/goneumab/",
]


def publish_everything(language: str = "en") -> list[BaseDocument]:
    """Publish documents that use every component, two editions of a medicine and a withdrawn one."""
    fields = {"language": language}
    of, treats, other = (
        drug_class(**fields),
        condition(**fields),
        condition("Otheritis", slug="other", **fields),
    )
    now = Urgency.NEXT_VISIT
    parts = (
        text("Some."),
        Advice(urgency=now, urgency_label=now.label, html="<p>If you faint.</p>"),
        DoDont(do=("Eat.",), dont=("Run.",)),
        ConditionPart(condition=treats.key, condition_name=treats.title, parts=(text("Only."),)),
        ConditionPart(condition=other.key, condition_name=other.title, parts=(text("Or."),)),
        Effects(group="common", items=(Effect(name="Rash"), Effect(name="Itch", frequency_label="Often"))),
    )
    medicine = monograph(
        drug_class=reference(of),
        conditions=(reference(treats), reference(other)),
        pronunciation="tes-TU-mab",
        identifiers=Identifiers(label_set_id="77", label_version="3"),
        sections=sections(*parts, companions=(Companion(name="water", why="Thirst."),)),
        demonstration=True,
        **fields,
    )
    again = medicine.model_copy(update={"change_note": "Better.", "brand_names": ("Testra", "Testex")})
    gone = monograph("goneumab", **fields)
    said = "<h4>Who writes</h4><p>We do.</p><h3>How</h3><p>Plainly.</p><h4>With whom</h4><p>Nurses.</p>"
    about = information(body=(Text(html=said),), **fields)
    documents = [home(**fields), of, treats, other, about, medicine]
    for document in documents:
        publish(document)
    publish(again, kind=ReviewKind.CORRECTION)
    withdraw(publish(gone))
    return [*documents, again, gone]
