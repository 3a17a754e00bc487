"""Figures and robots.txt."""

from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from monographs.document.canonical import sha256_hex
from monographs.document.parts import Figure
from tests.public.published import SHARED_FOR_SECONDS, monograph, publish, sections, withdraw

BYTES = b"\x89PNG not really"


def figure() -> Figure:
    return Figure(
        sha256=sha256_hex(BYTES), media_type="image/png", width=4, height=3, alt="A pump", caption="The pump"
    )


def test_a_figure_of_an_edition_is_cached_as_immutable(client: Client, figure_storage: Any) -> None:
    figure_storage.save(figure().file_name, ContentFile(BYTES))
    publish(monograph(sections=sections(figure())))
    address = f"/figures/{figure().file_name}"
    page = client.get("/medicines/testumab/").content.decode()
    assert f'src="{address}" width="4" height="3" alt="A pump"' in page
    response: Any = client.get(address)
    assert b"".join(response.streaming_content) == BYTES
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == SHARED_FOR_SECONDS.replace(
        "max-age=0, must-revalidate", "max-age=31536000, immutable"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in response.get("Vary", "")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_a_figure_is_withdrawn_with_the_last_page_that_shows_it(client: Client, figure_storage: Any) -> None:
    figure_storage.save(figure().file_name, ContentFile(BYTES))
    address = f"/figures/{figure().file_name}"
    one, other = monograph(sections=sections(figure())), monograph("otherumab", sections=sections(figure()))
    first, second = publish(one), publish(other)
    publish(one.model_copy(update={"sections": ()}))
    withdraw(second)
    assert client.get(address).status_code == 200, "an earlier edition of a page that is public shows it"
    withdraw(publish(one.model_copy(update={"summary": "Again."})))
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"If-None-Match": f'"{figure().sha256}"'}).status_code == 404
    publish(one, restores=first.number)
    assert client.get(address).status_code == 200


def test_a_stored_file_that_no_edition_shows_is_not_served(client: Client, figure_storage: Any) -> None:
    figure_storage.save(figure().file_name, ContentFile(BYTES))
    for name in (figure().file_name, "notes.txt", "..%2Fnotes.txt", "%00.png"):
        assert client.get(f"/figures/{name}").status_code == 404


def test_a_lost_figure_is_not_found(client: Client, figure_storage: Any) -> None:
    figure_storage.save(figure().file_name, ContentFile(BYTES))
    publish(monograph(sections=sections(figure())))
    figure_storage.delete(figure().file_name)
    assert client.get(f"/figures/{figure().file_name}").status_code == 404


def test_robots_are_excluded_from_the_admin(client: Client) -> None:
    content = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in content
    assert "/sitemap.xml" in content


def test_a_file_that_is_not_what_was_signed_is_not_served(client: Client, figure_storage: Any) -> None:
    name = figure().file_name
    figure_storage.save(name, ContentFile(BYTES))
    publish(monograph(sections=sections(figure())))
    figure_storage.delete(name)
    figure_storage.save(name, ContentFile(b"another picture"))
    assert client.get(f"/figures/{name}").status_code == 404
