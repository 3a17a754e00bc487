"""Side effects and references in a text are offered as such, in its own words."""

import pytest

from monographs.document.parts import Frequency, Urgency
from monographs.imports.effect_frequency import frequency_in
from monographs.imports.effect_offers import EffectsOffer, effect_offers, urgency_in
from monographs.imports.parsed_text import (
    Block,
    EffectOffer,
    ListItem,
    Markup,
    ParsedList,
    ParsedParagraph,
    ParsedTable,
    Subheading,
)
from monographs.imports.source_offers import source_offer

F, U = Frequency, Urgency
NAMES = ("Fever", "Cough", "A rash (red skin, itching)")


def listing(*items: str) -> ParsedList:
    return ParsedList([ListItem(item) for item in items])


def offers(*blocks: Block) -> list[EffectsOffer]:
    return effect_offers(list(blocks), markup=Markup.PLAIN, serious=False)


def effects(*blocks: Block) -> list[EffectOffer]:
    return [effect for offer in offers(*blocks) for effect in offer.effects]


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("very common", F.VERY_COMMON),
        ("Very common (more than 1 in 10 people)", F.VERY_COMMON),
        ("affects more than 1 in 10", F.VERY_COMMON),
        ("may affect up to 1 in 10 people", F.COMMON),
        ("common", F.COMMON),
        ("\u22651/100 to <1/10", F.COMMON),
        ("Uncommon: may affect up to 1 in 100 people", F.UNCOMMON),
        ("rare (up to 1 in 1,000 people)", F.RARE),
        ("up to 1 in 1 000 people", F.RARE),
        ("very rare (up to 1 in 10,000 people)", F.VERY_RARE),
        ("fewer than 1 in 10,000", F.VERY_RARE),
        ("Frequency not known", F.NOT_KNOWN),
        ("Very common side effects (may affect more than 1 in 10 people)", F.VERY_COMMON),
    ],
)
def test_the_bands_are_read_in_words_and_numbers(words, band):
    found = frequency_in(words)
    assert found is not None
    assert found.band is band


@pytest.mark.parametrize(
    "words", ["62%", "1 in 5 people", "3 out of 100", "common (more than 1 in 10)", "0.5 %"]
)
def test_a_frequency_outside_the_bands_or_against_itself_has_no_band(words):
    found = frequency_in(words)
    assert found is not None
    assert found.band is None


@pytest.mark.parametrize(
    "words", ["fever", "a rare cold", "Common side effects", "common sense", "in 10 minutes"]
)
def test_other_words_are_no_frequency(words):
    assert frequency_in(words) is None


def test_items_with_how_often_in_any_form():
    found = effects(
        listing(
            "Fever (very common)",
            "Tiredness \u2013 affects up to 1 in 10",
            "Headache: common",
            "Rash (uncommon: up to 1 in 100 people)",
            "Cold hands",
        )
    )
    assert [(e.name, e.frequency) for e in found] == [
        ("Fever", F.VERY_COMMON),
        ("Tiredness", F.COMMON),
        ("Headache", F.COMMON),
        ("Rash", F.UNCOMMON),
        ("Cold hands", ""),
    ]


@pytest.mark.parametrize(
    "blocks",
    [
        [ParsedParagraph("Very common (more than 1 in 10): fever, cough and a rash (red skin, itching).")],
        [listing("Very common: fever, cough, a rash (red skin, itching)")],
        [
            ParsedParagraph("Very common (more than 1 in 10 people):"),
            listing(*NAMES),
        ],
        [Subheading("Very common"), listing(*NAMES)],
        [ParsedTable([["Side effect", "How often"], *([name, "very common"] for name in NAMES)])],
        [ParsedTable([["How often", "Side effects"], ["Very common", ", ".join(NAMES)]])],
        [ParsedTable([["Very common"], ["fever, cough, a rash (red skin, itching)"]])],
    ],
)  # fmt: skip
def test_effects_are_offered_with_the_band_they_stand_under(blocks):
    assert effects(*blocks) == [EffectOffer(name, frequency=F.VERY_COMMON) for name in NAMES]


def test_a_line_with_the_band_of_a_list_goes_with_it():
    [offer] = offers(ParsedParagraph("Common (up to 1 in 10 people):"), listing("Fever"))
    assert (offer.band_at, offer.at) == (0, 1)


@pytest.mark.parametrize("number", ["62%", "1 in 5 people", "12 percent"])
def test_a_number_outside_the_bands_stays_as_it_is_written_and_is_remarked(number):
    [offer] = offers(listing(f"Rash ({number})", "Fever (common)"))
    assert offer.effects[0] == EffectOffer(f"Rash ({number})")
    [remark] = offer.remarks
    assert remark.quote == number


@pytest.mark.parametrize(
    ("words", "urgency"),
    [
        ("Call 911.", U.CALL_911),
        ("Go to the emergency room.", U.CALL_911),
        ("Call your care team right away.", U.CALL_NOW),
        ("Call us, day or night.", U.CALL_NOW),
        ("Call your care team today.", U.CALL_TODAY),
        ("Tell us within 24 hours.", U.CALL_TODAY),
        ("Tell your care team at your next visit.", U.NEXT_VISIT),
        ("Tell your care team.", ""),
        ("Drink more water.", ""),
    ],
)
def test_how_soon_to_act_is_only_what_the_words_say(words, urgency):
    assert urgency_in(words) == urgency


def test_serious_effects_with_what_to_do():
    found = effects(
        listing(
            "Chest pain: call 911.",
            "Fever \u2013 a temperature of 38 \u00b0C. Call your care team day or night.",
            "Fits",
        )
    )
    assert found == [
        EffectOffer("Chest pain", urgency=U.CALL_911, what_to_do="Call 911."),
        EffectOffer(
            "Fever",
            explanation="A temperature of 38 \u00b0C.",
            urgency=U.CALL_NOW,
            what_to_do="Call your care team day or night.",
        ),
        EffectOffer("Fits"),
    ]


def test_a_table_with_what_to_do():
    table = ParsedTable(
        [
            ["Side effect", "How often", "What to do"],
            ["Fever", "Very common", "Call us now, day or night"],
            ["Rash", "12%", "Tell us at your next visit"],
        ]
    )
    assert effects(table) == [
        EffectOffer("Fever", "", F.VERY_COMMON, U.CALL_NOW, "Call us now, day or night"),
        EffectOffer("Rash (12%)", "", "", U.NEXT_VISIT, "Tell us at your next visit"),
    ]


@pytest.mark.parametrize(
    "block",
    [
        ParsedParagraph("Many people feel tired: rest, drink and sleep."),
        ParsedParagraph("Fever is a sign of infection."),
        listing("Rest a lot, and drink as much as you can, because you lose water when you sweat at night."),
        ParsedList([ListItem("First", ordered=True)]),
        ParsedTable([["Dose", "Day"], ["5 mg", "1"]]),
        ParsedTable([["Side effect", "Dose"], ["Fever", "5 mg"]]),
    ],
)
def test_prose_and_other_tables_are_not_offered(block):
    assert offers(block) == []


@pytest.mark.parametrize(
    "heading", ["References", "Sources:", "SOURCES", "List of references", "Bibliography"]
)
def test_references_are_offered_as_sources(heading):
    blocks: list[Block] = [
        ParsedParagraph("It works well [1, 2]."),
        Subheading(heading),
        listing(
            "Testivo prescribing information, https://example.org/testivo.pdf. Accessed 3 May 2026.",
            "Label 38b482a8-960b-4591-9857-5031ecb830aa",
            "Tester A. Trial of testumab. J Examples 2020;1:2\u20133.",
        ),
    ]
    found = source_offer(blocks, markup=Markup.PLAIN)
    assert found is not None
    assert (found.first, found.last) == (1, 2)
    assert [(s.number, s.title, s.address) for s in found.sources] == [
        (1, "Testivo prescribing information", "https://example.org/testivo.pdf"),
        (
            2,
            "Label 38b482a8-960b-4591-9857-5031ecb830aa",
            "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=38b482a8-960b-4591-9857-5031ecb830aa",
        ),
        (3, "Tester A. Trial of testumab. J Examples 2020;1:2\u20133", ""),
    ]


@pytest.mark.parametrize("line", ["[3] The label", "3. The label", "(3) The label", "3 The label"])
def test_numbered_references_keep_their_numbers(line):
    found = source_offer([ParsedParagraph("References"), ParsedParagraph(line)], markup=Markup.PLAIN)
    assert found is not None
    assert [(s.number, s.title) for s in found.sources] == [(3, "The label")]


def test_a_list_below_other_words_is_no_list_of_references():
    blocks: list[Block] = [ParsedParagraph("Sources of iron are:"), listing("Meat", "Beans")]
    assert source_offer(blocks, markup=Markup.PLAIN) is None
