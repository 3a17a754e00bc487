"""Questions below a medicine's name lead to the passages that answer them, where there are such passages."""

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import trans_real

from monographs.document import MonographDocument, SectionType
from monographs.document.parts import Advice, ConditionPart, DoDont, Effect, Effects, Part, Text, Urgency
from monographs.public.condition_view import WHOLE_PAGE
from monographs.public.page_layout import page_layout
from tests.public.published import key, monograph, section

S = SectionType


def links(*parts: tuple[SectionType, Part]) -> dict[str, str]:
    """Return the anchors of the quick links of a document with one part in each section, by label."""
    return _links(monograph(sections=tuple(section(kind, part) for kind, part in parts)))


def _links(document: MonographDocument) -> dict[str, str]:
    return {link.label: link.anchor for link in page_layout(document, WHOLE_PAGE).quick_links}


def effects(*items: Effect) -> Effects:
    return Effects(group="common", items=items)


def advice(urgency: Urgency, words: str) -> Advice:
    return Advice(urgency=urgency, urgency_label=urgency.label, html=f"<p>{words}</p>")


def test_a_page_that_answers_no_question_has_no_links() -> None:
    assert links((S.HOW_IT_WORKS, Text(html="<p>It wakes T cells.</p>"))) == {}


def test_fever_leads_to_the_effect_of_this_name() -> None:
    assert links(
        (S.COMMON_SIDE_EFFECTS, effects(Effect(name="Fever or chills", urgency=Urgency.CALL_NOW))),
        (S.WHEN_TO_GET_HELP, advice(Urgency.CALL_TODAY, "Fever")),
    ) == {"Fever?": "effect-fever-or-chills"}


def test_fever_leads_to_the_most_urgent_advice_that_names_it() -> None:
    document = monograph(
        sections=(
            section(S.HOW_IT_WORKS, Text(html="<p>It can cause fever.</p>")),
            section(
                S.WHEN_TO_GET_HELP,
                advice(Urgency.CALL_TODAY, "A mild fever"),
                advice(Urgency.CALL_NOW, "Fever of 100.4°F"),
            ),
        )
    )
    assert _links(document) == {"Fever?": "when-to-get-help-call-now"}


@pytest.mark.parametrize(
    ("kind", "html", "anchor"),
    [
        (S.HOW_IT_IS_ADMINISTERED, "<p>If you miss a dose, call us.</p>", "how-it-is-administered"),
        (S.COMMON_QUESTIONS, "<h3>I forgot my pill?</h3><p>Call.</p>", "common-questions-i-forgot-my-pill"),
        (
            S.IF_SOMETHING_GOES_WRONG,
            "<h3>Missed doses</h3><p>Call.</p>",
            "if-something-goes-wrong-missed-doses",
        ),
        (
            S.IF_SOMETHING_GOES_WRONG,
            "<h3>A late dose</h3><p>Call.</p>",
            "if-something-goes-wrong-a-late-dose",
        ),
    ],
)
def test_a_missed_dose_leads_to_its_heading_or_section(kind: SectionType, html: str, anchor: str) -> None:
    assert links((kind, Text(html=html))) == {"Missed dose?": anchor}


@pytest.mark.parametrize(
    "words", ["You may miss work.", "Cells that were missed come back. Each dose counts.", "Later doses."]
)
def test_a_word_alone_is_no_answer(words: str) -> None:
    assert links((S.HOW_IT_IS_ADMINISTERED, Text(html=f"<p>{words}</p>"))) == {}


def test_pregnancy_leads_to_its_section_before_any_mention() -> None:
    assert links(
        (S.WHO_SHOULD_NOT_TAKE_IT, Text(html="<p>Do not take it if you are pregnant.</p>")),
        (S.PREGNANCY_AND_BREASTFEEDING, Text(html="<p>It can harm an unborn baby.</p>")),
    ) == {"Pregnant?": "pregnancy-and-breastfeeding"}
    assert links(
        (S.WHO_SHOULD_NOT_TAKE_IT, Text(html="<p>Do not take it if you are pregnant.</p>")),
    ) == {"Pregnant?": "who-should-not-take-it"}


def test_pain_relievers_and_pumps_are_found_in_any_kind_of_part() -> None:
    assert links(
        (S.HOW_IT_IS_ADMINISTERED, DoDont(do=("Call us if the alarm sounds.",))),
        (
            S.COMMON_SIDE_EFFECTS,
            effects(Effect(name="Ache", what_to_do="Ask before you take a pain medicine.")),
        ),
    ) == {"Pump alarm?": "how-it-is-administered", "Pain reliever?": "effect-ache"}


def test_each_place_has_one_id_whatever_the_names() -> None:
    document = monograph(
        sections=(
            section(S.HOW_IT_WORKS, Text(html="<h3>Heading</h3><h3>Heading</h3><h3>?</h3><h3>热</h3>")),
            section(
                S.COMMON_SIDE_EFFECTS,
                effects(Effect(name="Fever"), Effect(name="fever"), Effect(name="!")),
                Effects(group="serious", items=(Effect(name="Fever"),)),
            ),
        )
    )
    ids = [part.ids for shown in page_layout(document, WHOLE_PAGE).sections for part in shown.parts]
    assert ids == [
        ("how-it-works-heading-2", "how-it-works-heading-3", "how-it-works-2", "how-it-works-热"),
        ("effect-fever", "effect-fever-2", "effect"),
        ("effect-fever-3",),
    ]


@pytest.mark.parametrize(
    ("sections", "anchor"),
    [
        ((S.BOXED_WARNING, S.COMMON_SIDE_EFFECTS, S.WHEN_TO_GET_HELP), "when-to-get-help"),
        ((S.BOXED_WARNING, S.COMMON_SIDE_EFFECTS), "serious-side-effects"),
        ((S.BOXED_WARNING, S.HOW_IT_WORKS), "boxed-warning"),
        ((S.HOW_IT_WORKS,), "important"),
    ],
)
def test_help_is_where_the_page_says_whom_to_call(sections: tuple[SectionType, ...], anchor: str) -> None:
    serious = Effects(group="serious", items=(Effect(name="Seizure"),))
    document = monograph(sections=tuple(section(kind, serious) for kind in sections))
    assert page_layout(document, WHOLE_PAGE).help_anchor == anchor


def test_the_words_of_a_question_are_translated_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    document = monograph(
        sections=(section(S.WHEN_TO_GET_HELP, advice(Urgency.CALL_NOW, "Bei Fieber über 38 °C.")),)
    )
    with translation.override("de"):
        assert _links(document) == {}
        catalogue = trans_real.catalog()._catalog
        own = {"Fever?": "Fieber?", "words of a passage about fever\x04fever|fevers": "fieber"}
        monkeypatch.setattr(catalogue, "_catalogs", [own, *catalogue._catalogs])
        monkeypatch.setattr(catalogue, "_plurals", [catalogue._plurals[0], *catalogue._plurals])
        other = document.model_copy(update={"summary": "The layout of the first text is kept."})
        assert _links(other) == {"Fieber?": "when-to-get-help-call-now"}


def test_what_is_only_for_one_condition_has_ids_of_its_own() -> None:
    own = ConditionPart(
        condition=key(),
        condition_name="Testitis",
        parts=(
            Text(html="<h3>Missed doses</h3><p>Call.</p>"),
            DoDont(do=("Eat.",)),
            advice(Urgency.CALL_NOW, "Fever"),
        ),
    )
    general = (Text(html="<h3>Missed doses</h3><p>Wait.</p>"), advice(Urgency.CALL_NOW, "A rash"))
    for parts in ((own, *general), (*general, own)):
        document = monograph(sections=(section(S.WHEN_TO_GET_HELP, *parts),))
        html = render_to_string(
            "public/components/section.html",
            {"section": page_layout(document, WHOLE_PAGE).sections[0], "document": document},
        )
        page = BeautifulSoup(html, "html.parser")
        assert page.find(id="when-to-get-help-missed-doses").find_next("p").get_text() == "Wait."
        assert page.find(id="when-to-get-help-for-testitis").get_text(strip=True).startswith("Only for")
        assert page.find(id="when-to-get-help-for-testitis-missed-doses").name == "h4"
        assert "Fever" in page.find(id="when-to-get-help-for-testitis-call-now").get_text()
        assert _links(document)["Fever?"] == "when-to-get-help-for-testitis-call-now"
