"""Names of medicines in texts and in names of files: qualifiers are no brands, and nothing is cut off."""

import pytest

from monographs.imports.name_line import generic_name, name_of_file, split_name_line
from monographs.imports.parser import parse
from monographs.imports.remarks import RemarkKind


@pytest.mark.parametrize(
    ("line", "name", "brands"),
    [
        ("vexarubicin (liposomal) (Lipovexa)", "vexarubicin (liposomal)", ["Lipovexa"]),
        ("vexarubicin (Lipovexa, liposomal)", "vexarubicin (liposomal)", ["Lipovexa"]),
        ("vexarubicin (pegylated liposomal) (Lipovexa)", "vexarubicin (pegylated liposomal)", ["Lipovexa"]),
        ("Vexarubicin (for injection) (Vexa)", "vexarubicin (for injection)", ["Vexa"]),
        ("vexarubicin (oral) (Vexora)", "vexarubicin (oral)", ["Vexora"]),
        ("vexarubicin (Extended Release) (Vexora XR)", "vexarubicin (extended release)", ["Vexora XR"]),
        ("vexarubicin (SC) (Vexora)", "vexarubicin (SC)", ["Vexora"]),
        ("vexarubicin (subcutaneous)", "vexarubicin (subcutaneous)", []),
        ("vexarubicin (nab) (Abravexa)", "vexarubicin (nab)", ["Abravexa"]),
        ("vexarubicin hydrochloride (Vexa\u00ae)", "vexarubicin hydrochloride", ["Vexa"]),
        ("vexarubicin (mesylate) (Vexa)", "vexarubicin (mesylate)", ["Vexa"]),
        ("vexatide (177Lu) (Lutavex)", "vexatide (177Lu)", ["Lutavex"]),
        ("vexatide (I 131) (Ivex)", "vexatide (I 131)", ["Ivex"]),
        ("Lu 177 vexatide (Lutavex)", "Lu 177 vexatide", ["Lutavex"]),
        ("Lu\u2011177 vexatide (Lutavex)", "Lu-177 vexatide", ["Lutavex"]),
        ("[177Lu]Lu-vexatide (Lutavex)", "[177Lu]Lu-vexatide", ["Lutavex"]),
        ("testumab-dkst (Testogiv)", "testumab-dkst", ["Testogiv"]),
        ("testumab (-aaaa) (Testogiv)", "testumab (-aaaa)", ["Testogiv"]),
        ("testumab (recombinant human)", "testumab (recombinant human)", []),
        ("cytarabine and daunorubicin (Vyxa)", "cytarabine and daunorubicin", ["Vyxa"]),
        ("sacubitril/valsartan (Entra)", "sacubitril/valsartan", ["Entra"]),
        ("testumab + hyaluronidase (Testivo Fast)", "testumab + hyaluronidase", ["Testivo Fast"]),
        ("vexarubicin with zoledronate", "vexarubicin with zoledronate", []),
        ("vexarubicin (Lipovexa) injection", "vexarubicin injection", ["Lipovexa"]),
        ("L-asparaginase (Elspa)", "L-asparaginase", ["Elspa"]),
        ("6-Mercaptopurine (Purix)", "6-mercaptopurine", ["Purix"]),
        ("BCG live (Tica)", "BCG live", ["Tica"]),
        ("Lipovexa\u00ae (vexarubicin liposomal)", "vexarubicin liposomal", ["Lipovexa"]),
        ("Lipovexa\u2122 (vexarubicin)", "vexarubicin", ["Lipovexa"]),
        ("Exampla (testumab)", "testumab", ["Exampla"]),
        ("Trexa (methotrexate)", "methotrexate", ["Trexa"]),
        ("Lenalia\u00ae (vexatide)", "vexatide", ["Lenalia"]),
        ("vexarubicin (encapsulated) (Vexa)", "vexarubicin (encapsulated)", ["Vexa"]),
        ("testumab (10 mg/mL) (Testivo)", "testumab (10 mg/mL)", ["Testivo"]),
    ],
)
def test_qualifiers_stay_in_the_name_and_brands_leave_it(line, name, brands):
    found = split_name_line(line)
    assert (found.name, found.brands) == (name, brands)
    parsed = parse(f"{line}\nHow it works\nWell.", "page.txt")
    if brands or "(" in line:
        assert (parsed.name, parsed.brands) == (name, brands)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lu 177", "Lu 177"),
        ("Ra-223 Dichloride", "Ra-223 dichloride"),
        ("Iodine I 131 Vexatide", "iodine I 131 vexatide"),
        ("Tc 99m Vexatide", "Tc 99m vexatide"),
        ("BCG", "BCG"),
        ("ATRA", "ATRA"),
        ("L-Asparaginase", "L-asparaginase"),
        ("D-Penicillamine", "D-penicillamine"),
        ("N-Acetylcysteine", "N-acetylcysteine"),
        ("Vitamin B12", "vitamin B12"),
        ("Factor VIII", "factor VIII"),
        ("vinCRIStine", "vinCRIStine"),
        ("Testumab Vedotin", "testumab vedotin"),
        ("TESTUMABUM", "testumabum"),
        ("Interferon Alfa-2b", "interferon alfa-2b"),
    ],
)
def test_only_a_capital_that_begins_a_word_becomes_small(written, name):
    assert generic_name(written) == name


@pytest.mark.parametrize(
    ("file_name", "text", "name"),
    [
        ("venetoclax-myeloma.txt", "", "venetoclax"),
        ("L-asparaginase.txt", "", "L-asparaginase"),
        ("L-asparaginase-all.docx", "", "L-asparaginase"),
        ("5-fluorouracil.txt", "", "5-fluorouracil"),
        ("5-FU-colon.txt", "", "5-FU"),
        ("6-mercaptopurine-all.md", "", "6-mercaptopurine"),
        ("N-acetylcysteine.txt", "", "N-acetylcysteine"),
        ("Lu 177 vexatide.txt", "", "Lu 177 vexatide"),
        ("Lu-177-vexatide-net.txt", "", "Lu-177-vexatide"),
        ("nab-vexarubicin-breast.txt", "", "nab-vexarubicin"),
        ("vexa\u00adrubicin.txt", "", "vexarubicin"),
        ("TST-101.txt", "", "TST-101"),
        ("testumab-dkst-breast.txt", "You get testumab-dkst.", "testumab-dkst"),
        ("testumab-breast.txt", "You get testumab.", "testumab"),
        ("3-testumab.docx", "You get testumab.", "testumab"),
        ("3.docx", "", ""),
        ("Document1.docx", "", ""),
        ("Untitled.txt", "", ""),
        ("New Microsoft Word Document (2).docx", "", ""),
        ("draft.txt", "", ""),
    ],
)
def test_a_files_name_is_not_cut_within_a_name(file_name, text, name):
    assert name_of_file(file_name, text) == name


@pytest.mark.parametrize("file_name", ["3.docx", "Document1.txt", "2024.txt", "untitled.txt"])
@pytest.mark.parametrize(
    "first", ["**Vexarubicin**", "Vexarubicin", "# Vexarubicin", "**Vexarubicin (Lipovexa)**"]
)
def test_the_first_line_names_the_page_where_the_file_does_not(file_name, first):
    parsed = parse(f"{first}\n\nHow it works\n\nWell.", file_name)
    assert (parsed.name, parsed.named_by_file) == ("vexarubicin", False)


def test_a_bold_first_line_names_the_page_whatever_the_file_is_called():
    assert parse("**Vexarubicin**\n\nHow it works\n\nWell.", "old-page.txt").name == "vexarubicin"


def test_words_that_may_be_no_brand_are_remarked():
    [remark] = parse("fluorouracil (5-FU)\nHow it works\nWell.", "a.txt").remarks
    assert remark.kind is RemarkKind.UNSURE
    assert (remark.quote, remark.result) == ("fluorouracil (5-FU)", "5-FU")
