"""Comparing any two versions of a page, on the screen and as files, and who may do so."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.models import MonographPage
from monographs.review.models import Submission
from tests.factories import edit, make_image, make_monograph, make_user, publish, submit, with_figure

pytestmark = pytest.mark.django_db

NUMBER = "dose or number changed"


@pytest.fixture(scope="module")
def page_pk(module_rows: None) -> int:
    """A page with two editions, and a third version in review."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    page = make_monograph(by=writer)
    publish(edit(page, writer, how_it_is_administered="Take 0.5 mg each day."), writer, reviewer)
    publish(edit(page, writer, how_it_is_administered="Take 5 mg each day."), writer, reviewer)
    submit(edit(page, writer, how_it_is_administered="Do not take 5 mg each day."), writer)
    return page.pk


@pytest.fixture
def page(db: None, page_pk: int) -> MonographPage:
    """The page with two editions, and a third version in review."""
    return MonographPage.objects.get(pk=page_pk)


def address(page: Any, a: Any, b: Any, name: str = "compare") -> str:
    return reverse(f"review:{name}", args=[page.translation_key, a, b])


def in_review() -> str:
    return f"submission-{Submission.objects.get(status='in_review').pk}"


def shown(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_two_editions_are_compared_word_by_word(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    html = shown(client, address(page, 1, 2))
    assert 'id="redline-how_it_is_administered"' in html
    assert 'deleted: </span><span class="redline__flagged redline__flagged--number">0.5 mg</span>' in html
    assert 'inserted: </span><span class="redline__flagged redline__flagged--number">5 mg</span>' in html
    assert f"{NUMBER.capitalize()} in How it is administered (0.5 mg → 5 mg)" in html


def test_side_by_side_shows_each_version_in_its_own_column(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    html = shown(client, f"{address(page, 1, 2)}?view=side")
    row = re.search(
        r'<div class="redline__row">(?:(?!<div class="redline__row">).)*0\.5 mg.*?each day\..*?each day\.',
        html,
    )
    before, after = row[0].split("redline__cell--after")
    assert "0.5 mg" in before
    assert "5 mg" not in text_of(before).replace("0.5 mg", "")
    assert "0.5 mg" not in after


def test_a_text_in_review_is_compared_with_an_edition(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    html = shown(client, address(page, 2, in_review()))
    assert "“not” added or removed in How it is administered" in html
    assert 'id="redline-how_it_works"' in html  # unchanged and collapsed, but present


def test_default_versions_are_compared_when_none_are_chosen(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    choice = reverse("review:compare_choice", args=[page.translation_key])
    assert client.get(choice)["Location"] == address(page, 2, in_review())
    chosen = client.get(choice, {"a": "1", "b": "2", "view": "side"})["Location"]
    assert chosen == f"{address(page, 1, 2)}?view=side"


def test_the_draft_is_for_those_who_may_edit_it(client: Client, writer: Any, reviewer: Any) -> None:
    page = make_monograph("draftumab", by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Only a draft.")
    client.force_login(writer)
    assert "Only a draft." in text_of(shown(client, address(page, 1, "draft")))
    outsider = make_user("outsider")
    outsider.user_permissions.add(*_admin_access())
    client.force_login(outsider)
    for after in ("draft", 1):
        assert client.get(address(page, "nothing", after)).url == "/admin/"


def _admin_access() -> Any:
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    return Permission.objects.filter(codename="access_admin")


@pytest.mark.parametrize("name", ["compare", "redline_html", "redline_pdf"])
def test_anonymous_users_are_sent_to_sign_in(client: Client, page: Any, name: str) -> None:
    response = client.get(address(page, 1, 2, name))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


@pytest.mark.parametrize(
    ("a", "b"), [("9", "1"), ("1", "9"), ("1", "nothing"), ("1", "submission-99"), ("x", "1")]
)
def test_an_unknown_version_is_not_found(client: Client, page: Any, reviewer: Any, a: str, b: str) -> None:
    client.force_login(reviewer)
    assert client.get(address(page, a, b)).status_code == 404


def test_another_pages_submission_is_not_found(client: Client, page: Any, writer: Any, reviewer: Any) -> None:
    other = submit(make_monograph("otherumab", by=writer), writer)
    client.force_login(reviewer)
    assert client.get(address(page, 1, f"submission-{other.pk}")).status_code == 404


def test_the_html_file_loads_no_external_resources(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    response = client.get(address(page, 1, 2, "redline_html"))
    assert response["Content-Disposition"] == 'attachment; filename="testumab-1-2-redline.html"'
    html = response.content.decode()
    assert not re.search(r"<(?:script|link|iframe|img)\b|@import|url\(", html)
    for words in ("Edition 1", "Edition 2", "Reviewer Tester", "Signed by", "0.5 mg"):
        assert words in html
    assert len(set(re.findall(r"SHA-256 ([0-9a-f]{64})", html))) == 2


def test_figures_are_inside_the_html_file(
    client: Client, figure_files: None, writer: Any, reviewer: Any
) -> None:
    page = with_figure(make_monograph("figurumab", by=writer), make_image("red", by=writer), writer)
    publish(page, writer, reviewer)
    page = edit(page, writer)
    with_figure(page, make_image("blue", by=writer), writer)
    publish(page, writer, reviewer)
    client.force_login(reviewer)
    html = client.get(address(page, 1, 2, "redline_html")).content.decode()
    assert html.count("data:image/png;base64,") == 2
    assert "picture changed" in html
    pdf = client.get(address(page, 1, 2, "redline_pdf"))
    assert pdf.content.count(b"/Subtype/Image") + pdf.content.count(b"/Subtype /Image") >= 2
    on_screen = client.get(address(page, 1, 2)).content.decode()
    assert len(re.findall(r'<img src="/figures/[0-9a-f]{64}\.png"', on_screen)) == 2


def test_the_pdf_is_a_tagged_pdf_with_a_name(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    response = client.get(address(page, 1, 2, "redline_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="testumab-1-2-redline.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert b"pdfuaid" in response.content


def test_queries_do_not_grow_with_the_text(
    client: Client, page: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(reviewer)
    client.get(address(page, 1, 2))  # fills caches such as content types
    with django_assert_num_queries(_count(client, page)):
        client.get(address(page, "nothing", 2))


def _count(client: Client, page: Any) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as found:
        client.get(address(page, 1, 2))
    return len(found)


def test_user_input_is_escaped(client: Client, writer: Any, reviewer: Any) -> None:
    page = make_monograph("escapumab", by=writer, pronunciation="<script>alert(1)</script>")
    publish(page, writer, reviewer)
    client.force_login(reviewer)
    for name in ("compare", "redline_html"):
        html = client.get(address(page, "nothing", 1, name)).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html
