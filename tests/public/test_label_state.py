"""What the trust panel says of the label that a page rests on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from monographs.label_watch.models import LabelCheck
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.public.label_state import LabelState, label_lines
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.label_watch.test_label_tasks import publish_naming
from tests.public.published import monograph, soup

PAGE = "/medicines/testumab/"
UNKNOWN = "We do not know if it is the newest version."
CHECKED = datetime(2026, 11, 28, 4, tzinfo=UTC)


def state(**more: Any) -> LabelState:
    known: dict[str, Any] = {"newest": 25, "checked_on": date(2026, 11, 28), "gone": False, "answered": None}
    return LabelState(**{"set_id": SET_IDS[0], "effective": None, **known, **more})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, UNKNOWN),
        (state(), "It was the newest version when we last checked, on November 28, 2026."),
        (state(newest=28), "When we last checked, on November 28, 2026, there was a newer version: 28."),
        (
            state(newest=28, answered=27),
            "When we last checked, on November 28, 2026, there was a newer version: 28.",
        ),
        (
            state(newest=28, answered=28),
            "Version 28 is newer. A reviewer compared it and signed that nothing has to change.",
        ),
        (state(newest=24), UNKNOWN),
        (state(newest=None), UNKNOWN),
        (state(checked_on=None), UNKNOWN),
        (state(gone=True), UNKNOWN),
        (state(set_id=SET_IDS[1]), UNKNOWN),
    ],
    ids="unchecked newest newer answered-before answered older no-version no-day gone other-label".split(),
)
def test_the_trust_panel_says_no_more_than_is_known(found: LabelState | None, said: str) -> None:
    named = {"label_set_id": SET_IDS[0].upper(), "label_version": "25"}
    identifiers = monograph("testumab").identifiers.model_copy(update=named)
    assert label_lines(identifiers, found) == ["Version 25", said]
    assert label_lines(identifiers, found, superseded=True) == ["Version 25"]


@pytest.mark.parametrize("version", ["", "twenty", "²"])
def test_a_version_that_is_no_number_is_compared_with_nothing(version: str) -> None:
    named = {"label_set_id": SET_IDS[0], "label_version": version}
    identifiers = monograph("testumab").identifiers.model_copy(update=named)
    assert label_lines(identifiers, state()) == ([f"Version {version}", UNKNOWN] if version else [])


@pytest.mark.django_db
def test_a_page_says_it_in_its_one_query_and_a_check_changes_its_tag(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish_naming("3")
    assert UNKNOWN in panel(client)
    before = client.get(PAGE).headers["ETag"]
    data = label_xml(3)
    store_label(data, read_label(data), "here")
    LabelCheck.objects.create(set_id=SET_IDS[0], newest_version=3, checked_at=CHECKED)
    with django_assert_num_queries(1):
        response = client.get(PAGE)
    assert response.headers["ETag"] != before
    said = panel(client)
    assert "Version 3 of January 31, 2024" in said
    assert "It was the newest version when we last checked, on November 28, 2026." in said
    LabelCheck.objects.update(failing_since=datetime(2026, 11, 29, tzinfo=UTC), error="no answer")
    assert client.get(PAGE).headers["ETag"] == response.headers["ETag"], "the last answer stays true"
    LabelCheck.objects.update(gone_since=datetime(2026, 11, 29, tzinfo=UTC))
    assert UNKNOWN in panel(client)


@pytest.mark.django_db
def test_a_page_without_a_label_says_nothing_about_one(client: Client) -> None:
    publish_naming("")
    assert "FDA label that this page rests on" not in panel(client)


def panel(client: Client) -> str:
    return " ".join(soup(client, PAGE).select_one(".trust").get_text(" ").split())
