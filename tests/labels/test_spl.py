"""Reading SPL XML."""

from datetime import date

import pytest

from monographs.document.html import sanitise
from monographs.labels import (
    LabelFigure,
    LabelRefused,
    LabelTable,
    LabelText,
    in_version_order,
    passages_of,
    read_label,
)
from monographs.labels.section_codes import section_meanings
from tests.labels.label_sources import PRODUCT, SET_ID, section, spl


def texts(label):
    return [passage.text for passage in passages_of(label)]


def test_a_label_says_what_identifies_it():
    label = read_label(
        spl(
            section("34067-9", "Uses", "<paragraph>For tests.</paragraph>"),
            product=PRODUCT.format(application="BLA123456"),
        )
    )
    assert (label.set_id, label.version, label.effective) == (SET_ID, 3, date(2024, 1, 31))
    assert label.title == "Examplomab for infusion"
    assert (label.names, label.generic_names, label.routes) == (
        ("Exemplar XR",),
        ("examplomab",),
        ("INTRAVENOUS",),
    )
    assert (label.product_ndcs, label.package_ndcs) == (("12345-678",), ("12345-678-90",))
    assert label.uniis == ("ABCDEFGHIJ",), "only active substances"
    assert (label.application_numbers, label.maker) == (("BLA123456",), "Example Makers")
    assert label.document_type == "HUMAN PRESCRIPTION DRUG LABEL"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (("50578-4", "PRESCRIPTION ANIMAL DRUG LABEL"), "animals"),
        (("50577-6", "OTC ANIMAL DRUG LABEL"), "animals"),
        (("00000-0", "VFD TYPE A MEDICATED ARTICLE ANIMAL DRUG LABEL"), "animals"),
        (("55439-4", "MEDICAL DEVICE"), "device"),
        (("00000-1", "PRESCRIPTION MEDICAL DEVICE LABEL"), "device"),
        (("58474-8", "COSMETIC"), "cosmetic"),
        (("00000-2", "SOMETHING NEW"), "SOMETHING NEW"),
    ],
)
def test_what_is_no_label_for_people_is_refused_with_the_reason(kind, reason):
    with pytest.raises(LabelRefused, match=reason):
        read_label(spl(section("34067-9", "Uses", "Any."), kind=kind))


def test_a_product_approved_for_animals_is_refused_in_a_label_for_people():
    with pytest.raises(LabelRefused, match="ANADA200001"):
        read_label(spl(section("34067-9", "Uses", "Any."), product=PRODUCT.format(application="ANADA200001")))


def test_sections_count_under_the_nearest_code_whatever_they_are_called():
    inner = section(
        "42229-5",
        "5.1 Contraindications, it says",
        "<paragraph>Liver.</paragraph>",
        inside=[section("", "", "<paragraph>Deeper.</paragraph>")],
    )
    unknown = section("99999-9", "A code nobody lists", "<paragraph>Odd.</paragraph>")
    label = read_label(spl(section("43685-7", "5 Warnings", "", inside=[inner, unknown])))
    meanings = list(section_meanings(label.sections))
    assert [meaning.code.code for meaning in meanings] == ["43685-7"] * 4
    assert {meaning.heading for meaning in meanings} == {"5 Warnings"}


def test_keys_of_sections_do_not_change_when_they_are_renumbered():
    def keys(*numbers):
        inside = [
            section("42229-5", f"{number} Liver damage", "<paragraph>A.</paragraph>") for number in numbers
        ]
        return [
            each.key for each in read_label(spl(section("43685-7", "Warnings", "", inside=inside))).walk()
        ]

    assert keys("5.1") == keys("5.12") == ["43685-7", "43685-7/liver-damage"]
    assert keys("5.1", "5.2")[-1] == "43685-7/liver-damage-2"


def test_a_section_without_code_title_text_and_date_is_read():
    label = read_label(spl(section(inside=[section("34070-3", "", "<paragraph>Allergy.</paragraph>")])))
    assert texts(label) == ["Allergy."]
    assert label.sections[0].effective is None


def test_sections_have_their_own_dates_and_nest_to_any_depth():
    nested = section("", "Ten", "<paragraph>Innermost.</paragraph>", more='<effectiveTime value="20110203"/>')
    for number in range(12):
        nested = section("42229-5", f"Level {number}", "", inside=[nested])
    label = read_label(spl(section("34084-4", "Effects", "", inside=[nested])))
    innermost = list(label.walk())[-1]
    assert innermost.effective == date(2011, 2, 3)
    assert len(list(label.walk())) == 14


def test_too_deep_is_refused_and_not_cut():
    nested = section("", "", "<paragraph>Lost?</paragraph>")
    for _ in range(40):
        nested = section("", "", "", inside=[nested])
    with pytest.raises(LabelRefused, match="deep"):
        read_label(spl(nested))


def test_highlights_are_apart_from_the_text_they_repeat():
    excerpt = "<excerpt><highlight><text><paragraph>Short (5.1).</paragraph></text></highlight></excerpt>"
    label = read_label(spl(section("34066-1", "Box", "<paragraph>Long.</paragraph>", more=excerpt)))
    assert label.sections[0].highlights == (LabelText("<p>Short (5.1).</p>"),)
    assert [(each.text, each.highlight) for each in passages_of(label)] == [
        ("Box", False),
        ("Short (5.1).", True),
        ("Long.", False),
    ]


def test_marks_of_changes_and_unknown_elements_lose_their_tags_and_no_word():
    text = '<paragraph>Up to <content styleCode="xmChange">40 <novel>mg</novel></content> a day</paragraph>'
    label = read_label(spl(section("34068-7", "Dose", text)))
    assert label.sections[0].blocks == (LabelText("<p>Up to 40 mg a day</p>"),)


def test_styles_raised_digits_and_lists_are_clean_html():
    text = (
        'Loose <content styleCode="bold italics">words</content> 10<sup>9</sup>/L H<sub>2</sub>O<br/>'
        '&lt;b&gt;<list listType="ordered"><caption>Do</caption>'
        "<item>One<list><item><caption>•</caption>Inner</item>"
        "</list></item>"
        "<item><paragraph>Two</paragraph><paragraph>more</paragraph></item></list>"
    )
    (block,) = read_label(spl(section("34068-7", "", text))).sections[0].blocks
    assert block.html == (
        "<p>Loose <strong><em>words</em></strong> 10<sup>9</sup>/L H<sub>2</sub>O<br>&lt;b&gt;</p>"
        "<p>Do</p><ol><li>One<ul><li>• Inner</li></ul></li><li>Two<br>more</li></ol>"
    )
    assert sanitise(block.html) == block.html


TABLE = (
    '<table><caption>Table 3: Effects<footnote ID="f0">of all</footnote></caption>'
    '<thead><tr><th rowspan="2">Effect</th><th colspan="2">Examplomab (N = 137)</th></tr>'
    '<tr><th>Any<footnote ID="f1">Any grade.</footnote></th>'
    '<th>Severe<footnoteRef IDREF="f1"/></th></tr></thead>'
    '<tbody><tr><td rowspan="2">Blood</td><td>21 (15)</td><td>2 (1)</td></tr>'
    '<tr><td colspan="2">none</td></tr></tbody>'
    "<tfoot><tr><td colspan='3'>N: number</td></tr></tfoot></table>"
)


def test_tables_keep_spans_footnotes_and_captions():
    (table,) = read_label(spl(section("34084-4", "", TABLE))).sections[0].blocks
    assert isinstance(table, LabelTable)
    assert table.caption == "Table 3: Effects<sup>[1]</sup>"
    assert table.footnotes == ("<sup>[1]</sup> of all", "<sup>[2]</sup> Any grade.")
    assert [(cell.html, cell.columns, cell.rows) for cell in table.rows[0]] == [
        ("Blood", 1, 2),
        ("21 (15)", 1, 1),
        ("2 (1)", 1, 1),
    ]
    assert all(cell.is_header for row in table.header for cell in row)
    whole = table.as_document_table()
    assert whole.header == (
        "Effect",
        "Examplomab (N = 137) – Any<sup>[2]</sup>",
        "Examplomab (N = 137) – Severe<sup>[2]</sup>",
    )
    assert whole.rows == (("Blood", "21 (15)", "2 (1)"), ("Blood", "none", "none"), ("N: number",) * 3)
    assert table.as_document_table(repeat=False).rows[1] == ("", "none", "")


def test_figures_are_named_where_they_are_and_if_nothing_refers_to_them():
    media = "".join(
        f'<component><observationMedia ID="M{number}"><text>{words}</text>'
        f'<value><reference value="{name}.jpg"/></value>'
        "</observationMedia></component>"
        for number, name, words in ((1, "curve", "Survival"), (2, "unused", "Structure"))
    )
    label = read_label(
        spl(
            section(
                "34092-7",
                "",
                '<paragraph>See</paragraph><renderMultiMedia referencedObject="M1"/>',
                more=media,
            )
        )
    )
    assert label.sections[0].blocks == (
        LabelText("<p>See</p>"),
        LabelFigure("curve.jpg", "Survival"),
        LabelFigure("unused.jpg", "Structure"),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20240131", date(2024, 1, 31)),
        ("20240131120000", date(2024, 1, 31)),
        ("202401", date(2024, 1, 1)),
        ("", None),
        ("20241331", None),
    ],
)
def test_dates_are_read_or_missing(value, expected):
    assert read_label(spl(section("34067-9", "", "Any."), date=value)).effective == expected


def test_versions_are_ordered_by_number_though_dates_go_back_and_numbers_skip():
    made = [("3247", "20240101"), ("7", "20240301"), ("9", "20230101")]
    labels = [
        read_label(spl(section("34067-9", "", "Any."), version=version, date=day)) for version, day in made
    ]
    assert [label.version for label in in_version_order(labels)] == [7, 9, 3247]


@pytest.mark.parametrize("version", ["", "0", "null", "1.5", "99999999999"])
def test_a_label_without_a_version_is_refused(version):
    with pytest.raises(LabelRefused, match="version"):
        read_label(spl(section("34067-9", "", "Any."), version=version))


def test_an_address_is_no_set_id():
    with pytest.raises(LabelRefused, match="set id"):
        read_label(spl(section("34067-9", "", "Any."), set_id="../../etc"))
