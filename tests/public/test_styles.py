"""The bundled style sheet."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client

from monographs.document.parts import Urgency
from monographs.document.render_context import RenderContext
from monographs.public import responses, stylesheet
from monographs.styleguide.documents import MONOGRAPH
from tests.public.published import monograph, publish

#: The limit for every file of the repository.
MAX_LINES = 400


def test_the_bundle_has_every_part_once_in_cascade_order() -> None:
    css = Path(finders.find(stylesheet.BUNDLE_NAME)).read_text("utf-8")
    places = [css.index(rule) for rule in (":root", ".header ", ".monograph ", "@media print")]
    assert places == sorted(places)
    assert "@import" not in css
    assert "/*" not in css
    assert css.count("{") == css.count("}")


def test_every_file_of_the_folder_is_a_part() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "css" / "public"
    assert set(stylesheet.style_files()) == set(folder.glob("*.css"))


@pytest.mark.parametrize("part", stylesheet.style_files(), ids=lambda part: part.name)
def test_no_part_is_too_long_to_read(part: Path) -> None:
    assert len(part.read_text("utf-8").splitlines()) <= MAX_LINES


def test_every_class_that_is_styled_is_used_by_a_template_or_the_script() -> None:
    css = stylesheet.bundled_css()
    templates = Path(settings.BASE_DIR) / "templates"
    script = Path(settings.BASE_DIR) / "static" / "js" / "suggest.js"
    pages = [*templates.glob("public/**/*.html"), *templates.glob("*.html"), script]
    pages += templates.glob("jinja2/**/*.html")
    html = "\n".join(page.read_text("utf-8") for page in pages)
    #: Added by a template tag, or ending in a value of the document.
    generated = {"amount", "effects--serious"}
    generated |= {f"{block}--{urgency}" for block in ("advice", "effect__action") for urgency in Urgency}
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"url\([^)]*\)", "", css)))
    assert not [name for name in styled - generated if not re.search(rf"[\"' }}]{name}[\"' {{]", html)]


def test_collectstatic_collects_the_bundle(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail*", "admin*"])
    assert (tmp_path / stylesheet.BUNDLE_NAME).read_text("utf-8") == stylesheet.bundled_css()


@pytest.mark.parametrize(
    "file",
    [
        "templates/public/monograph.html",
        "templates/redline/line.html",
        "monographs/document/html.py",
        "monographs/public/queries.py",
        "monographs/redline/comparison.py",
        "monographs/presentation/redline_html.py",
        "static/css/redline.css",
        "static/css/public/components.css",
        "static/js/suggest.js",
        "static/js/share.js",
    ],
)
def test_a_release_that_changes_a_page_changes_its_entity_tag(file: str) -> None:
    assert Path(settings.BASE_DIR) / file in responses.release_files()


@pytest.mark.django_db
def test_a_changed_style_sheet_changes_the_entity_tag(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish(monograph())
    before = client.get("/medicines/testumab/")["ETag"]
    changed = tmp_path / "new.css"
    changed.write_text(":root { --paper: pink; }")
    monkeypatch.setattr("monographs.public.responses.style_files", lambda: [changed])
    responses._release_hash.cache_clear()
    assert client.get("/medicines/testumab/")["ETag"] != before
    responses._release_hash.cache_clear()


def test_a_medicines_page_with_every_section_and_its_styles_weigh_less_than_30_kb() -> None:
    context = RenderContext(MONOGRAPH)
    page = render_to_string(context.template, context.as_template_context())
    assert sum(len(gzip.compress(text.encode())) for text in (page, stylesheet.bundled_css())) <= 30_000
