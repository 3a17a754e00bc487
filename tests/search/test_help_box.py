"""Queries of people in danger: telephone lines come before all else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from monographs.public.search.help_box import Emergency, help_box
from monographs.public.search.service import search
from tests.public.published import home, monograph, publish, soup

_QUERIES = tomllib.loads(Path(__file__).with_name("help_queries.toml").read_text("utf-8"))
_ALL = [
    (half, kind, query) for half, kinds in _QUERIES.items() for kind, all_ in kinds.items() for query in all_
]


@pytest.mark.parametrize(("half", "kind", "query"), _ALL)
def test_a_query_gets_the_lines_it_needs_and_no_other(half: str, kind: str, query: str) -> None:
    box = help_box(query)
    if kind == "neither":
        assert box is None
    else:
        assert box
        assert Emergency(kind) in box.emergencies


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("i want to die", ["988", "911"]),
        ("my toddler ate gleevec", ["1-800-222-1222", "911"]),
        ("lethal dose of gleevec", ["988", "1-800-222-1222", "911"]),
    ],
)
def test_the_box_comes_before_the_form_and_the_results(
    client: Client, query: str, numbers: list[str]
) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    page = soup(client, f"/search/?q={query}")
    box = page.select_one(".help-box")
    assert list(dict.fromkeys(a.get_text() for a in box.select("a"))) == numbers
    assert all(a["href"].startswith("tel:") for a in box.select("a"))
    html = str(page.main)
    assert html.index("help-box") < html.index("<form")
    assert [line["number"] for line in search(query)["help"]["lines"]] == numbers


@pytest.mark.django_db
def test_a_site_shows_its_own_numbers_at_once(client: Client, settings: Any) -> None:
    publish(home())
    before = client.get("/search/?q=i want to die")
    settings.SUICIDE_LINE, settings.EMERGENCY_NUMBER = "116 123", "112"
    after = client.get("/search/?q=i want to die", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"116 123" in after.content
    box = soup(client, "/search/?q=i want to die").select_one(".help-box").get_text()
    assert "112" in box
    assert "911" not in box


@pytest.mark.django_db
def test_nothing_is_guessed_for_a_person_in_despair(client: Client) -> None:
    publish(monograph("wantodim", brand_names=("Iwantodye",)))
    page = soup(client, "/search/?q=i want to die").main.get_text()
    assert "Showing results for" not in page
    assert "Check the spelling" not in page
    assert search("i want to die")["corrected"] is None


@pytest.mark.django_db
def test_other_queries_have_no_box(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    assert not soup(client, "/search/?q=gleevec").select(".help-box")
    assert search("gleevec")["help"] is None


@pytest.mark.django_db
def test_below_the_box_only_what_it_is_about_is_answered() -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    assert search("my toddler ate gleevec")["answers"] == []
    [found] = search("overdose of gleevec")["answers"]
    assert found["status"] == "not_answered"


@pytest.mark.django_db
def test_below_a_help_box_nobody_is_told_to_check_the_spelling(client: Client) -> None:
    publish(home())
    said = soup(client, "/search/?q=took too many pills").main.get_text()
    assert "1-800-222-1222" in said
    assert "spelling" not in said
    assert "spelling" in soup(client, "/search/?q=zzzzqq").main.get_text()
