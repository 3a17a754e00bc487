"""Which label each medicine rests on, in the API."""

from typing import Any

from django.test import Client

from monographs.core.db_clock import database_now
from monographs.label_watch.models import LabelCheck
from monographs.label_watch.update_tasks import refresh_tasks
from monographs.public.api.schemas import LabelStatesSchema
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_update_tasks import GRAVE, publish_naming, store
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
    refresh_tasks()
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
