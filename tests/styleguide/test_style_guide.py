"""The style guide."""

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from monographs.styleguide import samples
from tests.conftest import as_user

pytestmark = pytest.mark.django_db

DJANGO, JINJA = (
    {path.stem for path in (Path(settings.BASE_DIR) / folder / "public" / "components").glob("*.html")}
    for folder in ("templates", "templates/jinja2")
)


def test_every_component_is_shown_and_not_empty(writer: Any) -> None:
    response = as_user(writer).get("/admin/styleguide/light/")
    page = BeautifulSoup(response.content, "html.parser")
    ids = {section["id"].removeprefix("component-") for section in page.select(".styleguide__component")}
    assert ids == DJANGO | JINJA
    assert not DJANGO & JINJA
    used = {template.name for template in response.templates if template.name}
    assert {f"public/components/{name}.html" for name in DJANGO} <= used
    empty = [
        component.name
        for component in samples.components()
        if not all(sample.strip() for sample in component.samples)
    ]
    assert not empty, "Give these a sample in monographs/styleguide/samples.py."
    shown_as_text = [
        each.parent["id"] for each in page.select(".styleguide__sample") if "</" in each.get_text()
    ]
    assert not shown_as_text


@pytest.mark.parametrize("name", ["advice", "effects", "for_condition", "section", "urgency"])
def test_a_component_with_several_variants_shows_all_of_them(writer: Any, name: str) -> None:
    page = BeautifulSoup(as_user(writer).get("/admin/styleguide/dark/").content, "html.parser")
    assert len(page.select(f"#component-{name} .styleguide__sample")) > 1


def test_every_shape_is_drawn(writer: Any) -> None:
    page = BeautifulSoup(as_user(writer).get("/admin/styleguide/light/").content, "html.parser")
    drawn = {use["href"] for use in page.select("#component-shapes use")}
    assert drawn == {f"#{symbol['id']}" for symbol in page.select("symbol")}


def test_the_page_frames_light_and_dark(writer: Any) -> None:
    response = as_user(writer).get("/admin/styleguide/")
    frames = BeautifulSoup(response.content, "html.parser").select("iframe")
    modes = ("light/", "dark/", "sample/light/", "sample/dark/")
    assert [frame["src"] for frame in frames] == [f"/admin/styleguide/{mode}" for mode in modes]
    for frame in frames:
        assert as_user(writer).get(frame["src"])["X-Frame-Options"] == "SAMEORIGIN"


def test_each_frame_has_the_readers_style_sheet_in_its_mode(writer: Any) -> None:
    light, dark = (
        as_user(writer).get(f"/admin/styleguide/{m}.css").content.decode() for m in ("light", "dark")
    )
    assert "@media not all {" in light
    assert "@media all {" in dark
    for css in (light, dark):
        assert "prefers-color-scheme" not in css
    assert re.sub("not all", "all", light).replace("color-scheme: light", "color-scheme: dark") == dark


@pytest.mark.parametrize("path", ["", "light/", "dark.css", "sample/light/", "sample/dark.css"])
def test_only_users_of_the_admin_see_it(client: Client, path: str) -> None:
    assert client.get(f"/admin/styleguide/{path}").status_code == 302


@pytest.mark.parametrize("path", ["blue/", "blue.css", "other/light/", "other/light.css", "sample/blue/"])
def test_there_are_two_modes(writer: Any, path: str) -> None:
    assert as_user(writer).get(f"/admin/styleguide/{path}").status_code == 404


def test_the_help_menu_has_a_link_to_it(writer: Any) -> None:
    assert b"/admin/styleguide/" in as_user(writer).get("/admin/").content
