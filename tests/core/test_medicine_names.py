"""When two names of medicines are the same, and how a name is written."""

import pytest

from monographs.core.medicine_names import clean_name, name_key, same_name
from monographs.public.name_sort import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vexa-rubicin", "vexa\u2011rubicin"),  # no-break hyphen
        ("vexa-rubicin", "vexa\u2013rubicin"),  # en dash
        ("vexa-rubicin", "vexa\u2212rubicin"),  # minus
        ("filgrastim", "\ufb01lgrastim"),  # ligature
        ("vexarubicin", "vexa\u00adrubicin"),  # soft hyphen
        ("vexarubicin", "vexa\u200brubicin"),  # zero-width space
        ("vexarubicin", "\u2060vexarubicin\ufeff"),  # word joiner, byte-order mark
        ("Lu 177 vexatide", "Lu\u00a0177\u202fvexatide"),  # spaces that do not break
        ("Lu 177 vexatide", "LU-177 Vexatide"),
        ("vexarubicin", "VEXARUBICIN"),
        ("v\u00e9xarubicin", "ve\u0301xarubicin"),  # composed or not
        ("vexarubicin", "v\u00e9xarubicin"),
        ("Vexa 5", "\uff36exa \uff15"),  # full width
        ("vexarubicin", "vex\u0430rubicin"),  # a Cyrillic letter
        ("Testivo", "Testivo\u2122"),
        ("Testivo", "Testivo\u00ae"),
        ("vexarubicin (liposomal)", "vexarubicin liposomal"),
        ("5-fluorouracil", "5 fluorouracil"),
        ("sacubitril/valsartan", "sacubitril valsartan"),
    ],
)
def test_names_that_differ_in_what_nobody_reads_are_the_same(one, other):
    assert same_name(one, other)
    assert normalise(one) == normalise(other), "the search has the same rule"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vexarubicin", "vexarubicin (liposomal)"),
        ("vexarubicin hydrochloride", "vexarubicin mesylate"),
        ("vexarubicin", "vexarubicin hydrochloride"),
        ("Lu 177 vexatide", "I 131 vexatide"),
        ("testumab", "testumab-dkst"),
        ("testumab-dkst", "testumab-anns"),
        ("testumab", "testumab vedotin"),
        ("interferon alfa-2a", "interferon alfa-2b"),
        ("vinblastine", "vincristine"),
        ("cytarabine", "cytarabine and daunorubicin"),
        ("vitamin D2", "vitamin D3"),
        ("L-asparaginase", "D-asparaginase"),
        ("", ""),
    ],
)
def test_different_medicines_are_never_one(one, other):
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("vexa\u2011rubicin", "vexa-rubicin"),
        ("interferon alfa\u20132b", "interferon alfa-2b"),
        ("\ufb01lgrastim", "filgrastim"),
        ("vexa\u00adrubicin", "vexarubicin"),
        ("vexa\u200drubicin\u200b", "vexarubicin"),
        ("Lu\u00a0177\tvexatide", "Lu 177 vexatide"),
        ("\uff36exa \uff15", "Vexa 5"),
        ("\u00b9\u2077\u2077Lu vexatide", "\u00b9\u2077\u2077Lu vexatide"),  # superscripts say something
        ("5\u2011FU", "5-FU"),
        ("vexa \u2013 the second", "vexa \u2013 the second"),
        ("\u202evexa\u202c", "vexa"),
    ],
)
def test_a_name_is_written_as_on_a_keyboard(typed, clean):
    assert clean_name(typed) == clean
    assert clean_name(clean) == clean
    assert name_key(typed) == name_key(clean)
