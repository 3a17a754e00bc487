"""Other names of pages in a document."""

from monographs.document import MonographDocument, Section, SectionType
from monographs.document.models import Reference, StandardTextDocument
from monographs.document.page_names import with_names
from monographs.document.parts import Companion, Companions, ConditionPart, Text

KEYS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(4)]
PAGE, A, B, C = KEYS


def medicine(a: str, b: str, c: str) -> MonographDocument:
    """A medicine that names a class, two conditions and another medicine, in every form."""
    parts = (
        Text(html="<p>Words about Aname.</p>"),
        ConditionPart(condition=B, condition_name=b, parts=(Text(html="<p>For some.</p>"),)),
        Companions(items=(Companion(name=c, page=C), Companion(name="Aname"))),
    )
    return MonographDocument(
        key=PAGE,
        slug="page",
        title="page",
        review_interval_months=12,
        drug_class=Reference(key=A, name=a),
        conditions=tuple(
            sorted((Reference(key=B, name=b), Reference(key=C, name="Mname")), key=lambda each: each.name)
        ),
        sections=(Section(type=SectionType.HOW_IT_WORKS, heading="How it works", parts=parts),),
    )


def test_names_are_replaced_wherever_a_document_has_them_and_nothing_else_is() -> None:
    names = {(A, "Aname"): "Zname", (B, "Bname"): "Yname", (C, "Cname"): "Xname"}
    assert with_names(medicine("Aname", "Bname", "Cname"), names) == medicine("Zname", "Yname", "Xname")


def test_another_name_of_the_same_page_stays() -> None:
    document = medicine("Aname", "Bname", "Its own words")
    assert with_names(document, {(C, "Cname"): "Xname"}) == document


def test_a_document_that_names_no_pages_is_returned_as_it_is() -> None:
    document = StandardTextDocument(key=PAGE, slug="page", title="page", review_interval_months=12)
    assert with_names(document, {(A, "page"): "Zname"}) is document
