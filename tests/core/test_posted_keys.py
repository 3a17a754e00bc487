"""Primary keys and places that browsers send: what no form of ours sends is no row, and no fault either."""

import pytest

from monographs.core.posted_keys import posted_key, posted_place
from monographs.imports.read_files import read_again
from monographs.review.bundles.draft_batch import ticked_pages
from monographs.review.bundles.replace_forms import chosen_hits
from monographs.review.due_reviews.review_round import ReviewRound

#: Python refuses to read a number of so many digits, and no column holds it.
LONG = "9" * 5000
NO_KEYS = ["", "0", "01", "-1", "+1", " 1", "1\n", "1.0", "x", "²", "٣", "9999999999", LONG]


@pytest.mark.parametrize("value", NO_KEYS)
def test_what_is_no_key_is_the_key_of_no_row(value: str) -> None:
    assert posted_key(value) == 0


def test_keys_are_read_as_they_are_written() -> None:
    assert [posted_key(value) for value in ("1", "42", "999999999")] == [1, 42, 999999999]


@pytest.mark.parametrize("value", ["", "-1", "00", "٣", "10000", LONG])
def test_what_is_no_place_is_none(value: str) -> None:
    assert posted_place(value) is None


def test_places_begin_at_zero() -> None:
    assert [posted_place(value) for value in ("0", "7", "9999")] == [0, 7, 9999]


@pytest.mark.parametrize("value", NO_KEYS)
def test_rows_of_several_keys_are_read_by_the_same_rule(value: str) -> None:
    assert ticked_pages([f"{value}:1", f"1:{value}"]) == {}
    assert chosen_hits([f"{value}:1:0", f"1:{value}:0"]) == {}
    assert ReviewRound.read(f"1.{value}").pages == ()


def test_a_file_of_no_upload_is_not_read_again() -> None:
    assert read_again([], f"{LONG} markdown") == []
