"""Which label each medicine rests on, in the API."""

from datetime import timedelta
from typing import Any

from django.test import Client

from monographs.core.db_clock import database_now
from monographs.document.page_statements import statements
from monographs.editions.person import SYSTEM
from monographs.label_watch.citations import cite, passages_by_key
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelVersion, UpdateTask
from monographs.public.api.label_schemas import LabelStatesSchema, LabelSummarySchema, LabelVersionsSchema
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, publish_naming, store
from tests.public.published import monograph, publish, withdraw

LIST = "/api/v1/labels"


def test_a_medicine_says_what_it_rests_on_and_what_waits(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish_naming("3")
    withdraw(publish(monograph("bumab")))
    publish(monograph("aumab"))
    store(3)
    store(4, GRAVE)
    LabelCheck.objects.create(set_id=SET_IDS[0], checked_at=database_now())
    refresh_label_tasks()
    with django_assert_num_queries(1):
        found = client.get(LIST).json()
    LabelStatesSchema.model_validate(found)
    none, known = found["items"]
    assert (none["slug"], none["set_id"], none["change"], none["checked_at"]) == ("aumab", None, None, None)
    assert (known["slug"], known["set_id"], known["rests_on"]) == ("testumab", SET_IDS[0], "3")
    assert (known["newest_version"], known["newest_effective"]) == (4, "2024-01-31")
    assert (known["change"], known["gone"]) == ("grave", False)
    assert known["checked_at"]
    assert known["answer_due"]
    assert (known["statements"], known["citing"], known["cited"], known["also_follows"]) == (10, 0, [], [])
    assert "bleeding" not in str(found), "what a label says is not published"


def test_pages_of_the_list_and_strange_parameters(client: Client) -> None:
    for name in ("aumab", "bumab", "cumab"):
        publish(monograph(name))
    seen, address = [], f"{LIST}?limit=2"
    while address:
        answer = client.get(address).json()
        seen += [item["slug"] for item in answer["items"]]
        address = answer["next"]
    assert seen == ["aumab", "bumab", "cumab"]
    assert client.get(f"{LIST}?class=x").status_code == 422
    assert client.get(f"{LIST}?limit=0").status_code == 422


def test_statements_that_cite_and_other_labels_are_counted(
    client: Client, django_assert_num_queries: Any
) -> None:
    edition = publish_naming("3")
    other = publish(monograph("aumab"))
    publish(monograph("bumab"))
    store(3)
    store(4, GRAVE)
    first, second, *_ = statements(edition.document)
    versions = {each.version: each for each in LabelVersion.objects.defer("data")}
    for number, statement in ((4, first), (3, first), (4, second)):
        passage = next(iter(passages_by_key(versions[number]).values()))
        cite(edition.key, statement, versions[number], passage, SYSTEM)
    FollowedLabel.objects.create(key=other.key, set_id=SET_IDS[0])
    FollowedLabel.objects.create(key=other.key, set_id=SET_IDS[1])
    refresh_label_tasks()
    by_slug = {item["slug"]: item for item in client.get(LIST).json()["items"]}
    assert by_slug["testumab"]["citing"] == 2
    assert [(each["version"], each["statements"]) for each in by_slug["testumab"]["cited"]] == [
        (3, 1),
        (4, 2),
    ]
    follows = by_slug["aumab"]["also_follows"]
    assert [(each["set_id"], each["newest_version"], each["change"]) for each in follows] == [
        (SET_IDS[0], 4, "grave"),
        (SET_IDS[1], None, None),
    ]
    with django_assert_num_queries(1):
        found = client.get(f"{LIST}/versions").json()
    LabelVersionsSchema.model_validate(found)
    assert [
        (item["version"], item["monographs"], item["statements"], item["waiting"], item["change"])
        for item in found["items"]
    ] == [(4, 0, 2, 0, None), (3, 1, 1, 1, "grave"), (None, 1, 0, 1, "grave"), (None, 1, 0, 0, None)]
    seen, address = [], f"{LIST}/versions?limit=1"
    while address:
        answer = client.get(address).json()
        seen += answer["items"]
        address = answer["next"]
    assert seen == found["items"]
    for wrong in ("cursor=x", "limit=0", "order=x"):
        assert client.get(f"{LIST}/versions?{wrong}").status_code == 422


def test_the_summary_counts_all_medicines_changes_and_answers(
    client: Client, django_assert_num_queries: Any
) -> None:
    empty = client.get(f"{LIST}/summary").json()
    assert (empty["monographs"], empty["waiting"], empty["answers"]) == (0, [], [])
    publish_naming("3")
    publish(monograph("aumab"))
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    UpdateTask.objects.create(
        key=task.key, title="m", set_id=SET_IDS[0], edition=1, from_version=1, to_version=3,
        change_class="wording", opened_at=task.opened_at - timedelta(days=4), closed_at=task.opened_at,
        outcome="answered",
    )  # fmt: skip
    with django_assert_num_queries(1):
        found = client.get(f"{LIST}/summary").json()
    LabelSummarySchema.model_validate(found)
    assert (found["monographs"], found["statements"], found["follow_none"], found["behind"]) == (2, 20, 1, 1)
    (waiting,) = found["waiting"]
    assert (waiting["change"], waiting["monographs"], waiting["overdue"]) == ("grave", 1, 0)
    every, wording = found["answers"]
    assert (every["change"], every["answered"], every["median_days"], every["dated"]) == (None, 1, 4.0, 1)
    assert wording["change"] == "wording"
    assert every["label_median_days"] > 4
    assert (every["percentile_90_days"], every["label_percentile_90_days"] > 4) == (4.0, True)
    assert client.get(f"{LIST}/summary?limit=1").status_code == 422
