"""The parser for plain text and Markdown."""

import pytest

from monographs.document import SECTION_HEADINGS, SectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.name_line import name_of_file
from monographs.imports.parsed_text import ListItem, ParsedList, ParsedParagraph, Subheading
from monographs.imports.parser import parse
from tests.imports.texts import TESTUMAB

S = SectionType


def section(text: str, heading: str = "How it works", name: str = "testumab.txt") -> list[object]:
    parsed = parse(f"testumab (Testivo)\n\n{heading}\n\n{text}\n\nWho should take it\n\nYou.\n", name)
    return list(next(blocks for key, blocks in parsed.sections.items() if key != S.WHO_SHOULD_TAKE_IT))


def test_a_text_in_the_customers_format():
    parsed = parse(TESTUMAB, "testumab.txt")
    assert parsed.name == "testumab"
    assert parsed.class_line == "Example antibodies"
    assert parsed.administration == ["Administration: IV infusion"]
    assert parsed.sections[S.HOW_IT_IS_ADMINISTERED] == [
        ParsedParagraph("A nurse gives testumab through a drip. It takes about one hour.")
    ]
    assert parsed.sections[S.HOW_IT_WORKS] == [
        ParsedParagraph("Testumab finds sick cells."),
        ParsedParagraph("It marks them for the body."),
    ]
    assert parsed.sections[S.COMMON_SIDE_EFFECTS] == [
        ParsedParagraph("Many people notice:"),
        ParsedList([ListItem("Tiredness"), ListItem("Cold hands")]),
    ]
    assert parsed.serious == [ParsedParagraph("Serious side effects can be a very high fever.")]
    assert parsed.missing == []
    assert len(parsed.left_out) == 6


@pytest.mark.parametrize("heading", SECTION_HEADINGS.values())
@pytest.mark.parametrize(
    "written",
    [
        "{}", "  {}  ", "{}:", "# {}", "### {} ###", "**{}**", "## **{}**", "__{}__", "*{}*", "3. {}",
        "**3) {}**",
    ],
)  # fmt: skip
@pytest.mark.parametrize("case", [str, str.upper, str.lower, str.title])
def test_headings_are_recognised_in_any_form(heading, written, case):
    parsed = parse(f"testumab (Testivo)\n{written.format(case(heading))}\nSome words.", "testumab.txt")
    [(found, blocks)] = parsed.sections.items()
    assert SECTION_HEADINGS[found] == heading
    assert blocks == [ParsedParagraph("Some words.")]


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Boxed warning", S.BOXED_WARNING),
        ("How to take it", S.HOW_IT_IS_ADMINISTERED),
        ("How testumab works", S.HOW_IT_WORKS),
        ("How does this medicine work?", S.HOW_IT_WORKS),
        ("Side effects", S.COMMON_SIDE_EFFECTS),
        ("Who should take testumab?", S.WHO_SHOULD_TAKE_IT),
        ("Who shouldn’t take it", S.WHO_SHOULD_NOT_TAKE_IT),
        ("Pregnancy", S.PREGNANCY_AND_BREASTFEEDING),
        ("Pregnancy & breastfeeding", S.PREGNANCY_AND_BREASTFEEDING),
        ("Drug interactions", S.OTHER_MEDICINES),
        ("When to get help", S.WHEN_TO_GET_HELP),
        ("Serious", S.COMMON_SIDE_EFFECTS),
        ("FAQ", S.COMMON_QUESTIONS),
    ],
)
def test_a_heading_is_found_by_other_words_for_it(heading, found):
    parsed = parse(f"{heading}\nSome words.", "testumab.txt")
    assert [s for s in S if parsed.has(s)] == [found]


@pytest.mark.parametrize(
    "words",
    [
        "How it works is a long story.",
        "Nobody knows how it works",
        "Ask your nurse about\nside effects\nthat do not go away.",
        "Tell us about:\n- Pregnancy\n- Other medicines",
        "Tell us about:\n\n1. Pregnancy\n2. Interactions",
    ],
)
def test_words_within_a_text_are_not_headings(words):
    parsed = parse(f"How it is administered\n\n{words}\n\nMore.", "testumab.txt")
    assert list(parsed.sections) == [S.HOW_IT_IS_ADMINISTERED]


@pytest.mark.parametrize("mark", ["•", "-", "*"])
@pytest.mark.parametrize("indent", ["", "  ", "\t"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_bullets_of_every_kind_make_one_list(mark, indent, between):
    text = between.join(f"{indent}{mark} {word}" for word in ("one", "two", "three"))
    assert section(text) == [ParsedList([ListItem("one"), ListItem("two"), ListItem("three")])]


def test_a_bullet_on_a_line_of_its_own_takes_the_words_below():
    assert section("•\nFever\n•\nCold hands") == [ParsedList([ListItem("Fever"), ListItem("Cold hands")])]


def test_wrapped_bullets_stay_one_and_text_right_below_is_a_paragraph():
    text = "- a bullet that goes\non in the next line\n- another,\n  indented\nNow a paragraph."
    assert section(text) == [
        ParsedList([ListItem("a bullet that goes on in the next line"), ListItem("another, indented")]),
        ParsedParagraph("Now a paragraph."),
    ]


def test_a_list_may_be_numbered_and_nested():
    text = "1. first\n   - inner\n   - inner too\n2. second\n\nYear\n2019. was long ago."
    assert section(text) == [
        ParsedList(
            [
                ListItem("first", True),
                ListItem("inner", depth=1),
                ListItem("inner too", depth=1),
                ListItem("second", True),
            ]
        ),
        ParsedParagraph("Year 2019. was long ago."),
    ]


def test_a_number_that_numbers_no_item_stays_text():
    assert section("It is given on day\n28. Then you rest.") == [
        ParsedParagraph("It is given on day 28. Then you rest.")
    ]


def test_long_lines_are_paragraphs_by_themselves():
    long = "word " * 60 + "end."
    assert section(f"{long}\n{long}") == [ParsedParagraph(long), ParsedParagraph(long)]


def test_side_effects_in_one_paragraph_each_without_blank_lines():
    parsed = parse("Side effects\nPeople feel tired.\nSerious side effects are rare.", "a.txt")
    assert parsed.sections[S.COMMON_SIDE_EFFECTS] == [ParsedParagraph("People feel tired.")]
    assert parsed.serious == [ParsedParagraph("Serious side effects are rare.")]


def test_a_heading_of_its_own_for_serious_side_effects():
    text = "## Side effects\n- Rash\n\n### Serious side effects\n\nCall us about:\n- Fits\n"
    parsed = parse(text, "a.md")
    assert parsed.sections[S.COMMON_SIDE_EFFECTS] == [ParsedList([ListItem("Rash")])]
    assert parsed.serious == [ParsedParagraph("Call us about:"), ParsedList([ListItem("Fits")])]


def test_unknown_headings_stay_in_their_section_and_are_reported():
    parsed = parse("# Testumab\n\n## How it works\n\nWell.\n\n### In mice\n\nToo.\n", "a.md")
    assert parsed.sections[S.HOW_IT_WORKS] == [
        ParsedParagraph("Well."),
        Subheading("In mice"),
        ParsedParagraph("Too."),
    ]
    assert "In mice" in " ".join(parsed.notes)


def test_questions_become_subheadings_even_with_the_words_of_a_heading():
    text = "Common questions\n\nHow does it work?\nIt just does.\nWho should take it?\nAsk.\n"
    assert parse(text, "a.txt").sections == {
        S.COMMON_QUESTIONS: [
            Subheading("How does it work?"),
            ParsedParagraph("It just does."),
            Subheading("Who should take it?"),
            ParsedParagraph("Ask."),
        ]
    }


def test_sections_with_the_same_heading_are_joined_and_reported():
    parsed = parse("How it works\nOne.\nCommonly used with\nTwo.\nHow it works\nThree.", "a.txt")
    assert parsed.sections[S.HOW_IT_WORKS] == [ParsedParagraph("One."), ParsedParagraph("Three.")]
    assert "How it works" in parsed.notes[0]


def test_a_table_of_contents_is_left_out():
    contents = "How it works\nCommon side effects\nCommonly used with\n"
    page = "testumab (Testivo)\nHow it works\nA.\nCommon side effects\nB.\nCommonly used with\nC."
    parsed = parse(contents + page, "page.txt")
    assert parsed.name == "testumab"
    assert parsed.left_out == contents.splitlines()
    assert parsed.notes == []


@pytest.mark.parametrize(
    ("line", "name", "brands"),
    [
        ("testumab (Testivo)", "testumab", ["Testivo"]),
        ("# Testumab (Testivo, Exampla)", "testumab", ["Testivo", "Exampla"]),
        ("**TESTUMABUM (Testivo® / Exampla)**", "testumabum", ["Testivo", "Exampla"]),
        ("Testumab vedotin (Testivo and Exampla Plus)", "testumab vedotin", ["Testivo", "Exampla Plus"]),
        ("Name: Testumab\nBrands: Testivo, Exampla", "testumab", ["Testivo", "Exampla"]),
        ("TST-101 (brand name: Testivo)", "TST-101", ["Testivo"]),
        ("# Testumab", "testumab", []),
    ],
)
def test_a_name_line_gives_the_name_and_the_brands(line, name, brands):
    parsed = parse(f"{line}\nKinase inhibitors (new)\nHow it works\nWell.", "page.md")
    assert (parsed.name, parsed.brands) == (name, brands)
    assert parsed.class_line == "Kinase inhibitors (new)"
    assert not parsed.named_by_file


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("venetoclax-myeloma.txt", "venetoclax"),
        ("Venetoclax.md", "venetoclax"),
        ("some_medicine-all.txt", "some medicine"),
        ("5_FU.txt", "5 FU"),
    ],
)
def test_a_text_without_a_name_takes_that_of_the_file(file_name, name):
    assert name_of_file(file_name) == name
    parsed = parse("BCL-2 inhibitors\nAdministration: by mouth\nHow it works\nWell.", file_name)
    assert (parsed.name, parsed.named_by_file, parsed.class_line) == (name, True, "BCL-2 inhibitors")


def test_text_before_the_headings_without_a_place_is_listed():
    head = "Menu\nThis page is for everyone.\ntestumab (Testivo)\nExample antibodies\nOne more line\n"
    parsed = parse(f"{head}How it works\nWell.", "a.txt")
    assert parsed.left_out == ["Menu"]
    assert parsed.unplaced == ["This page is for everyone.", "One more line"]


@pytest.mark.parametrize(
    "end",
    [
        "It was tried with demozide",
        "It was tried with:\n- demozide\n- Download",
        "You can read about it in our\nnewsletter",
        "The app was tested too.",
    ],
)
def test_the_last_words_of_a_text_are_never_taken_for_boilerplate(end):
    parsed = parse(f"How it works\nWell.\n\nCommonly tested with\n\n{end}", "a.txt")
    assert parsed.left_out == parsed.unplaced == []
    assert parsed.word_count() == 1 + len(end.replace("- ", "").split())


def test_boilerplate_between_headings_stays():
    parsed = parse("How it works\nDownload our App\nclose\n\nCommonly used with\nX.", "a.txt")
    assert parsed.left_out == []
    assert parsed.sections[S.HOW_IT_WORKS] == [ParsedParagraph("Download our App close")]


def test_unknown_lines_in_the_footer_are_unplaced():
    foot = "Download our App\n12 Example Street\n© 2024 Example Foundation. All rights reserved."
    parsed = parse(f"How it works\nWell.\n\n{foot}", "a.txt")
    assert parsed.left_out == [foot.splitlines()[0], foot.splitlines()[2]]
    assert parsed.unplaced == ["12 Example Street"]


def test_a_text_without_heading_is_refused():
    with pytest.raises(ImportRefused):
        parse("Just words.\n\nMore.", "a.txt")


def test_a_text_without_a_name_has_none():
    assert parse("How it works\nWell.", "-.txt").name == ""


def test_html_is_reported_and_stays_text():
    parsed = parse("How it works\nWell <b>done</b> <img src=x onerror=alert(1)>.", "a.md")
    assert "HTML" in parsed.notes[0]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("What if something goes wrong?", S.IF_SOMETHING_GOES_WRONG),
        ("How well does Testumab work?", S.HOW_WELL_IT_WORKS),
        ("How will we know it works?", S.CHECKS_WHILE_YOU_TAKE_IT),
        ("Living with Testumab", S.LIVING_WITH_IT),
        ("Daily life", S.LIVING_WITH_IT),
        ("Information for caregivers", S.FOR_CAREGIVERS),
        ("Help with costs", S.COST_AND_HELP),
    ],
)
def test_other_headings_of_what_patients_ask(heading: str, kind: S):
    parsed = parse(f"# Testumab\n\n## How it works\n\nWell.\n\n{heading}\n\nWords.\n", "testumab.md")
    assert parsed.sections[kind] == [ParsedParagraph("Words.")]


def test_a_heading_of_one_topic_keeps_its_words():
    text = "# Testumab\n\n## How it is taken\n\nDaily.\n\n### Missed dose\n\nCall us.\n"
    assert parse(text, "a.md").sections[S.HOW_IT_IS_ADMINISTERED] == [
        ParsedParagraph("Daily."),
        Subheading("Missed dose"),
        ParsedParagraph("Call us."),
    ]
