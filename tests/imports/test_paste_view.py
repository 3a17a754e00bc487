"""The view that reads a paste: who may use it, what it answers, what it refuses."""

import json
from typing import Any

import pytest

from monographs.blocks.parts import ContentBlock
from monographs.blocks.resolve_context import resolve_html
from monographs.imports.paste_view import MAX_LENGTH
from tests.conftest import as_user
from tests.factories import make_monograph, make_user

pytestmark = pytest.mark.django_db

URL = "/admin/import/paste/"
RICH = {"rich": True, "headings": True, "lists": True, "tables": True}
TABLE = "<p>Before</p><table><tr><td>1</td><td>0 mg</td></tr></table><p>After <s>50</s> 5</p>"


def paste(user: Any, *, target: Any = RICH, **clipboard: Any) -> Any:
    body = {**clipboard, "target": target}
    return as_user(user).post(URL, body, content_type="application/json")


def test_a_paste_is_answered_with_the_content_of_the_editor(writer: Any) -> None:
    answer = paste(writer, html=TABLE).json()
    assert [piece["kind"] for piece in answer["pieces"]] == ["text", "table", "text"]
    assert answer["pieces"][0]["content"]["blocks"][0]["text"] == "Before"
    assert [(remark["kind"], remark["quote"]) for remark in answer["remarks"]] == [("omitted", "50")]
    assert answer["plain"] == "Before\n1 | 0 mg\nAfter 5"


def test_the_state_of_a_table_is_one_that_its_block_takes(writer: Any) -> None:
    state = paste(writer, html=TABLE).json()["pieces"][1]["value"]
    block = ContentBlock().child_blocks["table"]
    assert set(state) == set(block.child_blocks)
    cells = state["cells"]["rows"][0]["values"]
    assert [json.loads(cell)["blocks"][0]["text"] for cell in cells] == ["1", "0 mg"]


def test_a_field_gets_what_it_can_hold(writer: Any) -> None:
    source = f"<h2>Head</h2><ul><li>a</li></ul>{TABLE}"
    answer = paste(writer, html=source, target={"rich": True}).json()
    assert [piece["kind"] for piece in answer["pieces"]] == ["text"]
    blocks = answer["pieces"][0]["content"]["blocks"]
    assert [block["text"] for block in blocks] == ["Head", "• a", "Before", "1 | 0 mg", "After 5"]
    assert {block["type"] for block in blocks} == {"unstyled"}
    assert sum(remark["kind"] == "changed" for remark in answer["remarks"]) == 2


def test_a_plain_field_gets_raised_digits_and_is_told_of_links(writer: Any) -> None:
    source = '<p>10<sup>8</sup> <a href="https://example.org/">label</a></p><p>x<sub>2</sub></p>'
    answer = paste(writer, html=source, target={"rich": False}).json()
    assert answer["plain"] == "10⁸ label\nx₂"
    assert answer["remarks"][0]["quote"] == "label"
    assert "https://example.org/" in answer["remarks"][0]["message"]


def test_an_absolute_link_to_our_page_becomes_a_page_link(writer: Any) -> None:
    page = make_monograph("linkumab", by=writer)
    answer = paste(writer, html='<a href="http://testserver/medicines/linkumab/">it</a>').json()
    entity = next(iter(answer["pieces"][0]["content"]["entityMap"].values()))
    assert entity["data"]["id"] == page.pk
    html = f'<p><a linktype="page" id="{page.pk}">it</a></p>'
    assert str(page.translation_key) in resolve_html(html)


def test_a_link_to_no_page_of_ours_is_left_out_and_named(writer: Any) -> None:
    answer = paste(writer, html='<a href="http://testserver/medicines/nothing/">it</a>').json()
    assert answer["pieces"][0]["content"]["entityMap"] == {}
    assert "no page of this site" in answer["remarks"][0]["message"]


def test_a_clipboard_with_rtf_alone_is_read_as_text_and_says_so(writer: Any) -> None:
    answer = paste(writer, text="Give 2*10 mg", rtf=True).json()
    assert answer["pieces"][0]["content"]["blocks"][0]["text"] == "Give 2*10 mg"
    assert "Raised numbers" in answer["remarks"][0]["message"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"html": 1}', '{"target": 3}', "null", '{"html": {"a": 1}}']
)
def test_what_cannot_be_read_is_refused_with_what_to_do(writer: Any, body: str) -> None:
    answer = as_user(writer).post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert "plain text" in answer.json()["message"]


def test_a_paste_that_is_too_long_is_refused_with_what_to_do(writer: Any) -> None:
    answer = paste(writer, html="x" * MAX_LENGTH)
    assert answer.status_code == 413
    assert "in parts" in answer.json()["message"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_answered(writer: Any, method: str) -> None:
    assert getattr(as_user(writer), method)(URL).status_code == 405


def test_who_may_not_enter_the_admin_may_not_paste(site: Any) -> None:
    assert paste(make_user("outsider"), html="<p>x</p>").status_code in {302, 403}


def test_a_paste_stores_nothing(writer: Any) -> None:
    page = make_monograph("storumab", by=writer)
    assert paste(writer, html=TABLE, text="x\u0000y").status_code == 200
    assert page.revisions.count() == 1
