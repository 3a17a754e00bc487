"""A brand name in the address leads to the medicine."""

import pytest
from django.test import Client

from tests.public.published import monograph, publish, withdraw

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("brand", "slug"), [("Gleevec", "gleevec"), ("GLEEVEC", "Gleevec"), ("Depo-Testra XR", "depo-testra-xr")]
)
def test_a_brand_leads_to_its_generic(client: Client, brand: str, slug: str) -> None:
    publish(monograph(brand_names=("Other", brand)))
    for suffix in ("", "leaflet.pdf", "editions/", "changes/1/2/"):
        response = client.get(f"/medicines/{slug}/{suffix}")
        assert (response.status_code, response["Location"]) == (302, f"/medicines/testumab/{suffix}")


def test_a_brand_of_a_withdrawn_medicine_leads_to_what_to_do(client: Client) -> None:
    withdraw(publish(monograph(brand_names=("Gonax",))))
    response = client.get("/medicines/gonax/", follow=True)
    assert response.redirect_chain == [("/medicines/testumab/", 302)]
    assert response.status_code == 410


def test_a_brand_of_two_medicines_leads_to_the_search(client: Client) -> None:
    publish(monograph(brand_names=("Two Names",)))
    publish(monograph("otherumab", brand_names=("Two Names",)))
    response = client.get("/medicines/two-names/", follow=True)
    assert response.redirect_chain == [("/search/?q=two+names", 302)]
    assert b"testumab" in response.content
    assert b"otherumab" in response.content


def test_a_brand_of_a_public_and_of_a_withdrawn_medicine_leads_to_the_search(client: Client) -> None:
    publish(monograph(brand_names=("Twice",)))
    withdraw(publish(monograph("otherumab", brand_names=("Twice",))))
    assert client.get("/medicines/twice/")["Location"] == "/search/?q=twice"


def test_what_is_no_brand_is_not_found(client: Client) -> None:
    publish(monograph(brand_names=("Two Names",)))
    for path in (
        "/medicines/two/",
        "/medicines/names/",
        "/medicines/-/",
        "/classes/two-names/",
        "/medicines/testum/",
    ):
        assert client.get(path).status_code == 404, path


def test_a_page_of_this_name_comes_before_a_brand(client: Client) -> None:
    publish(monograph("otherumab", brand_names=("Testumab",)))
    publish(monograph("thirdumab", slug="testumab"))
    assert client.get("/medicines/testumab/").status_code == 200
