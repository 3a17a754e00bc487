"""A site with a brand: pages, leaflets, admin, entity tags, weight."""

import gzip
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from monographs.core.brand.brand import Brand
from monographs.public.leaflet_pdf.content import Leaflet
from monographs.public.stylesheet import bundled_css
from monographs.styleguide.documents import MONOGRAPH, edition
from tests.conftest import as_user
from tests.public.pdfs import Pdf
from tests.public.published import home, monograph, publish, soup

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"


@pytest.fixture
def branded(settings: Any, sample_brand: Brand) -> Brand:
    settings.BRAND = sample_brand
    settings.WAGTAIL_SITE_NAME = sample_brand.name
    return sample_brand


def test_a_page_has_the_brands_name_legal_lines_icon_and_one_style_sheet(
    client: Client, branded: Brand
) -> None:
    publish(monograph())
    page = soup(client, PATH)
    assert page.select_one(".header__name").get_text() == "Sample Trust"
    assert [line.get_text() for line in page.select(".footer__legal p")][1:] == list(branded.legal_lines)
    assert page.select_one("link[rel=icon]")["href"] == branded.logos["icon"].address
    assert page.select_one("meta[name=theme-color]")["content"] == "#f2e6cf"
    (style,) = page.select("link[rel=stylesheet]")
    assert re.fullmatch(r"/brand/[0-9a-f]{16}\.css", style["href"])
    css = client.get(style["href"])
    assert css["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in css["Cache-Control"]
    words = css.content.decode()
    # Print and more contrast come after the brand, and keep their say
    places = [
        words.index(part)
        for part in ("--paper: #fff", "--frame: #f2e6cf", "prefers-contrast", "@media print")
    ]
    assert places[:3] == sorted(places[:3])
    assert words.rindex("--frame: #fff") > places[1]


def test_the_signed_name_of_the_organisation_comes_first(client: Client, branded: Brand) -> None:
    publish(home())
    name = soup(client, "/").select_one(".header__name").get_text()
    assert name == home().organisation != branded.name


def test_a_page_in_a_cache_that_names_the_sheet_before_gets_this_one(client: Client, branded: Brand) -> None:
    response = client.get("/brand/0000000000000000.css")
    assert response.status_code == 200
    assert b"--frame: #f2e6cf" in response.content
    assert "immutable" not in response["Cache-Control"]


def test_a_site_without_a_brand_has_the_static_style_sheet(client: Client) -> None:
    page = soup(client, "/medicines/")
    assert page.select_one("link[rel=stylesheet]")["href"] == "/static/css/public.css"
    assert len(page.select(".footer__legal p")) == 1


@pytest.mark.parametrize("path", [PATH, "/", "/medicines/", f"{PATH}leaflet.pdf"])
def test_another_brand_changes_the_entity_tag(
    client: Client, settings: Any, sample_brand: Brand, path: str
) -> None:
    publish(monograph())
    before = client.get(path)["ETag"]
    settings.BRAND = sample_brand
    assert client.get(path)["ETag"] != before


def test_a_page_and_its_styles_stay_within_the_budget(client: Client, branded: Brand) -> None:
    plain = len(gzip.compress(bundled_css().encode()))
    publish(monograph())
    href = soup(client, PATH).select_one("link[rel=stylesheet]")["href"]
    assert len(gzip.compress(client.get(href).content)) - plain < 2_000


def test_a_leaflet_has_the_brands_logo_colour_and_legal_lines(client: Client, branded: Brand) -> None:
    publish(monograph())
    pdf = Pdf(client.get(f"{PATH}leaflet.pdf").content)
    assert "Sample Trust" in [element.alt for element in pdf.elements]
    plain = Leaflet(MONOGRAPH, edition(), "Sample Trust", "https://medicines.example.org/", {})
    assert plain.data()["accent"] == "#0b6354"
    data = replace(plain, brand=branded).data()
    assert (data["accent"], data["logo"], data["legal"]) == ("#1d4c78", "logo.svg", list(branded.legal_lines))


def test_the_admin_has_the_brands_name_logo_and_colour(editor: Any, branded: Brand) -> None:
    page = soup(as_user(editor), "/admin/")
    assert page.title.get_text().endswith("Sample Trust")
    assert "--w-color-primary-hue: 209" in str(page)
    assert branded.logos["dark"].address in page.select_one("[data-wagtail-sidebar-branding-logo]").decode(
        formatter=None
    )
    assert page.select_one("link[rel=icon]")["href"] == branded.logos["icon"].address


def test_the_sign_in_page_names_the_site(client: Client, branded: Brand) -> None:
    page = soup(client, "/admin/login/")
    assert page.h1.get_text(strip=True) == "Sign in to Sample Trust"
    assert page.select_one(".login-logo img")["src"] == branded.logos["paper"].address
