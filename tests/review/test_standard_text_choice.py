"""Choosing a version of a standard text in the editor: the words of the block, and what it offers."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.review.actions import Withdraw
from tests.factories import PASSWORD, make_standard_text, publish, reword, standard_text_block, submit
from tests.review.standard_text_pages import signed

pytestmark = pytest.mark.django_db


def choice(user: Any, chosen: str, **more: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("standard_texts:choice"), {"chosen": chosen, **more}).content.decode()


def test_the_block_shows_signed_words_and_offers_the_newer_version(
    report: Any, writer: Any, reviewer: Any
) -> None:
    old = signed(report)
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    newer = standard_text_block(signed(report))["value"]
    shown = choice(writer, standard_text_block(old)["value"])
    assert "Call the number on the box." in shown
    assert "Version 2 is signed; you use version 1" in shown
    assert f'data-use="{newer}"' in shown
    assert reverse("review:compare", args=[report.translation_key, "1", "2"]) in shown
    shown = choice(writer, newer)
    assert "Write to the maker." in shown
    assert "is signed; you use" not in shown


def test_the_chooser_offers_signed_texts_only(report: Any, writer: Any) -> None:
    unsigned = make_standard_text("Unsigned", by=writer, words="Nobody signed this.")
    submit(unsigned, writer)
    shown = choice(writer, "")
    assert "Use version 1 of Report side effects" in shown
    assert "Nobody signed this." not in shown
    shown = choice(writer, f"{unsigned.translation_key}/1/{unsigned.document_hash()}")
    assert "No reviewer has signed this version" in shown
    assert "Nobody signed this." not in shown


def test_withdrawn_texts_are_not_offered_and_are_named_in_the_block(
    report: Any, writer: Any, reviewer: Any
) -> None:
    value = standard_text_block(signed(report))["value"]
    Withdraw(
        reviewer, report.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    assert "This version was withdrawn" in choice(writer, value)
    assert "No standard text is signed yet" in choice(writer, "")


def test_texts_to_choose_from_are_sorted_by_name_and_can_be_filtered(
    report: Any, writer: Any, reviewer: Any
) -> None:
    assert "data-find" not in choice(writer, ""), "one text needs no filter"
    for title in ("a text", "Zoster"):
        publish(make_standard_text(title, by=writer, words="Some words."), writer, reviewer)
    shown = choice(writer, "")
    names = re.findall(r"<summary>(.+), version 1</summary>", shown)
    assert names == ["a text", "Report side effects", "Zoster"]
    assert 'type="search" autocomplete="off" data-find>' in shown
