"""The summary of a redline: one line for lists and email subjects."""

from typing import Any

from monographs.document import SECTION_HEADINGS, Section
from monographs.document.parts import Text
from monographs.redline import redline
from tests.redline.notation import monograph

ONE = "how_it_is_administered"
TWO = "how_it_works"
THREE = "common_questions"


def texts(**fields: Any) -> Any:
    """A monograph of several sections: fields named after sections are their texts."""
    own = {name: fields.pop(name) for name in (ONE, TWO, THREE) if name in fields}
    sections = tuple(
        Section(type=name, heading=SECTION_HEADINGS[name], parts=(Text(html=f"<p>{words}</p>"),))
        for name, words in own.items()
    )
    return monograph(**fields).model_copy(update={"sections": sections})


def summary(old: Any, new: Any) -> str:
    return redline(old, new).summary()


def test_the_most_serious_change_comes_first_with_its_words() -> None:
    old = texts(
        **{ONE: "Take 0.5 mg.", TWO: "It works well.", THREE: "Ask us."}, change_note="First edition."
    )
    new = texts(**{ONE: "Take 5 mg.", TWO: "It acts well.", THREE: "Ask them."}, change_note="Edition 2.")
    expected = "Dose or number changed in How it is administered (0.5 mg → 5 mg); 2 more sections changed."
    assert summary(old, new) == expected


def test_a_new_change_note_does_not_count_as_a_change() -> None:
    old = texts(**{TWO: "It works well."}, change_note="First edition.")
    new = texts(**{TWO: "It acts well."}, change_note="We changed 5 words.")
    assert summary(old, new) == "Words changed in How it works."


def test_what_was_only_added_or_removed_is_quoted_too() -> None:
    old, new = texts(**{ONE: "Take it with milk."}), texts(**{ONE: "Do not take it with milk."})
    assert summary(old, new) == "“not” added or removed in How it is administered (added: not)."
    assert summary(new, old) == "“not” added or removed in How it is administered (removed: not)."


def test_every_serious_flag_is_named() -> None:
    old = texts(**{ONE: "Take 0.5 mg with milk.", TWO: "It works."})
    new = texts(**{ONE: "Take 5 mg, not with milk.", TWO: "It works."})
    expected = (
        "Dose or number changed in How it is administered (0.5 mg → 5 mg); also “not” added or removed."
    )
    assert summary(old, new) == expected


def test_a_serious_flag_is_named_beside_a_new_section() -> None:
    old = texts(**{TWO: "It works."})
    new = texts(**{ONE: "Take 5 mg.", TWO: "It does not work."})
    assert "“not” added or removed" in summary(old, new)


def test_added_and_removed_sections_are_named() -> None:
    one, both = texts(**{ONE: "Take 5 mg."}), texts(**{ONE: "Take 5 mg.", THREE: "Ask us."})
    assert summary(one, both) == "Added: Common questions."
    assert summary(both, one) == "Removed: Common questions."


def test_quotations_are_shortened_to_one_line() -> None:
    old = texts(**{ONE: "Take 5 mg."})
    new = texts(**{ONE: f"Take {'1 to 2 tablets or 3 to 4 tablets, ' * 9} as told."})
    line = summary(old, new)
    assert len(line) < 120
    assert "\n" not in line


def test_a_first_and_an_unchanged_text_are_called_so() -> None:
    document = texts(**{ONE: "Take 5 mg."})
    assert redline(None, document).summary() == "First edition of this page."
    assert redline(None, document).flags == ()
    assert summary(document, document) == "The text is unchanged."
