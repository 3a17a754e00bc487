"""The label of an emergency on a site of another country: wherever it is read, with that site's words."""

import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cms.emergency_label import emergency_wording
from monographs.blocks.parts import UrgencyBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.blocks.sections import CommonSideEffectsBlock, WhenToGetHelpBlock
from monographs.document import MonographDocument, SectionType
from monographs.document.parts import Advice, Effect, Effects, Urgency
from monographs.document.passages import as_text, passages
from monographs.presentation.urgency_words import urgency_label
from monographs.redline import redline
from monographs.rules.check_context import CheckContext
from monographs.rules.checks.urgency import emergency_number, urgency_contradiction
from monographs.rules.text_index import TextIndex
from tests.public.published import home, monograph, publish, section, sections
from tests.public.test_urgency import data

PATH = "/medicines/testumab/"
BRITISH = "Call 999 or go to A&E now"


@pytest.fixture
def british(settings: Any) -> None:
    settings.EMERGENCY_NUMBER = "999"
    settings.EMERGENCY_WORDING = {"en": "Call {number} or go to A&E now"}


def drafted(language: str = "en") -> MonographDocument:
    """What a draft with every urgency becomes on this site."""
    context = ResolveContext(language=language)
    boxes = [{"type": "advice", "value": {"urgency": u, "text": "<p>You faint.</p>"}} for u in Urgency]
    effects = [
        {"name": f"Sign {number}", "urgency": u, "what_to_do": "Rest."} for number, u in enumerate(Urgency)
    ]
    help_block, effects_block = WhenToGetHelpBlock(), CommonSideEffectsBlock()
    help_parts = help_block.to_parts(help_block.to_python({"content": boxes}), context)
    effect_parts = effects_block.to_parts(effects_block.to_python({"serious": {"effects": effects}}), context)
    return monograph(
        sections=(
            *(each for each in sections() if each.type is not SectionType.COMMON_SIDE_EFFECTS),
            section(SectionType.WHEN_TO_GET_HELP, *help_parts),
            section(SectionType.LIVING_WITH_IT, *effect_parts),
        )
    )


def labels(document: MonographDocument) -> set[str]:
    """The label of every box and effect."""
    found: set[str] = set()
    for part in document.all_parts():
        signed = part.items if isinstance(part, Effects) else (part,)
        found.update(each.urgency_label for each in signed if isinstance(each, Advice | Effect))
    return found


@pytest.mark.parametrize(
    ("number", "wording", "language", "label"),
    [
        ("911", {}, "en", "Call 911 now"),
        ("112", {}, "en", "Call 112 now"),
        ("999", {"en": "Ring {number} now"}, "en", "Ring 999 now"),
        ("999", {"en": "Ring {number} now"}, "en-GB", "Ring 999 now"),
        ("999", {"en": "a {number}", "en-gb": "b {number}"}, "en-GB", "b 999"),
        ("112", {"de": "Sofort {number} anrufen"}, "de", "Sofort 112 anrufen"),
        ("112", {"de": "Sofort {number} anrufen"}, "", "Call 112 now"),
    ],
)
def test_a_site_words_what_cannot_wait(
    settings: Any, number: str, wording: dict[str, str], language: str, label: str
) -> None:
    settings.EMERGENCY_NUMBER, settings.EMERGENCY_WORDING = number, wording
    assert urgency_label(Urgency.CALL_911, language) == label
    assert urgency_label(Urgency.CALL_NOW, language) == "Call now, day or night"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "no JSON object"),
        ({"English": "Call {number}"}, "no language code"),
        ({"en": "Call an ambulance"}, "{number} once"),
        ({"en": 999}, "{number} once"),
        ({"en": "Call {number} {now}"}, "other braces"),
        ({"en": "Call {number}\nnow"}, "one line"),
        ({"en": "{number}" + 60 * "!"}, "at most 60"),
    ],
)
def test_a_wording_that_cannot_be_shown_is_refused_at_the_start(value: Any, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMERGENCY_WORDING") as refused:
        emergency_wording(value)
    assert message in str(refused.value)
    assert emergency_wording({"EN-gb": "Call {number}"}) == {"en-gb": "Call {number}"}


def test_a_draft_becomes_a_document_with_the_words_of_the_site_and_its_language(
    british: None, settings: Any
) -> None:
    assert BRITISH in labels(drafted())
    assert not [label for label in labels(drafted()) if "911" in label]
    settings.EMERGENCY_WORDING = {"de": "Sofort {number} anrufen"}
    assert "Sofort 999 anrufen" in labels(drafted("de"))


def test_editors_choose_among_the_words_of_the_site_and_migrations_do_not_change(british: None) -> None:
    block = UrgencyBlock(required=False, label="How soon to act")
    assert ("call_911", BRITISH) in list(block.field.choices)
    (choices,) = [value for name, value in block.deconstruct()[2].items() if name == "choices"]
    assert choices == [(urgency.value, urgency.label) for urgency in Urgency]


@pytest.mark.django_db
def test_patients_read_only_the_number_of_the_site(client: Client, british: None) -> None:
    publish(home())
    document = drafted()
    publish(document)
    found = "".join(
        client.get(path).content.decode()
        for path in (PATH, "/api/v1/monographs/testumab", "/search/?q=faint+testumab", "/medicines/none/")
    )
    said = found + repr(data(document)["card"]) + "".join(map(as_text, passages(document)))
    read = re.sub(r"call[-_]911\b|[0-9a-f-]{30,}|\d\d:\d\d:\d\d\.\d+", "", said)
    assert [read[at.start() - 20 : at.end() + 20] for at in re.finditer("911", read)] == []
    assert said.count("Call 999 or go to A") > 4


def test_a_card_words_effects_whose_document_has_no_label(british: None) -> None:
    item = Effect(name="Clot", urgency=Urgency.CALL_911, what_to_do="Lie down.")
    part = section(SectionType.COMMON_SIDE_EFFECTS, Effects(group="serious", items=(item,)))
    document = monograph(sections=(part,))
    (group,) = data(document)["card"]["groups"]
    assert group["label"] == BRITISH
    assert any("Get emergency help now" in as_text(each) for each in passages(document))


def test_a_comparison_shows_that_the_number_changed_and_no_code_with_another_country_s() -> None:
    before = drafted()
    for label in ("Call 999 now", BRITISH):
        parts = [
            part.model_copy(update={"urgency_label": label})
            if isinstance(part, Advice) and part.urgency is Urgency.CALL_911
            else part
            for part in before.sections[-2].parts
        ]
        changed = before.sections[-2].model_copy(update={"parts": tuple(parts)})
        after = before.model_copy(update={"sections": (*before.sections[:-2], changed, before.sections[-1])})
        shown = repr(redline(before, after))
        assert "999" in shown
        assert "call_911" not in shown


def checked(rule: Any, words: str, urgency: Urgency = Urgency.CALL_TODAY) -> list[str]:
    """What a rule says about a box with these words."""
    box = Advice(urgency=urgency, urgency_label=urgency.label, html=f"<p>{words}</p>")
    text = TextIndex(monograph(sections=(section(SectionType.WHEN_TO_GET_HELP, box),)))
    return [violation.message for violation in rule.check(text, CheckContext())]


@pytest.mark.parametrize("words", ["Call 911.", "Dial 9-1-1 if you faint.", "Call 112.", "Ring 000 now."])
def test_the_number_of_another_country_is_reported(british: None, words: str) -> None:
    assert ["999" in message for message in checked(emergency_number, words)] == [True]
    assert not checked(emergency_number, "Call 999. Take 112 mg, and call 111 for advice.")


def test_rules_read_and_name_the_number_of_the_site(settings: Any) -> None:
    settings.EMERGENCY_NUMBER = "117"
    (message,) = checked(urgency_contradiction, "You have a rash. Call 117.")
    assert "“Call 117 now”" in message
    assert "911" not in message
