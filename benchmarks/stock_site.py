"""A stock Wagtail site with the words of monographs, made by ``wagtail start``.

Its app (``stock_medicines``) is copied into it. Its pages have every section and part of the monographs as
Wagtail's own blocks, and are served as Wagtail serves them, by the same server with as many threads.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from monographs.document.html import plain_text
from monographs.document.models import MonographDocument
from monographs.document.parts import (
    Advice,
    CommonPart,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Part,
    Table,
    Text,
)
from monographs.document.sections import Section

#: Paths of the pages, below the menu's first one.
PATH = "/medicines/{}/"
_APP = Path(__file__).with_name("stock_medicines")
_PAGE_LINK = re.compile(r'<a data-page="[^"]*">(.*?)</a>', re.DOTALL)
_SETTINGS = """
import os
import dj_database_url
DATABASES = {"default": dj_database_url.parse(
    os.environ["STOCK_DATABASE_URL"], conn_max_age=600, conn_health_checks=True
)}
SECRET_KEY = "only for this benchmark"
ALLOWED_HOSTS = ["*"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]
INSTALLED_APPS = ["medicines", "wagtail.contrib.table_block", *INSTALLED_APPS]
"""
_FILL = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "stock.settings.production"
django.setup()
import datetime, json, sys
from home.models import HomePage
from medicines.models import MedicinePage, StandardPage
home = HomePage.objects.get()
menu = {"medicines": "Medicines", "classes": "Drug classes", "conditions": "Conditions", "news": "News"}
first, *_ = [
    home.add_child(instance=StandardPage(title=title, slug=slug, show_in_menus=True))
    for slug, title in menu.items()
]
for fields in json.load(open(sys.argv[-1])):
    streams = {name: json.dumps(fields.pop(name)) for name in ("body", "sources")}
    day = datetime.date.fromisoformat(fields.pop("reviewed_on"))
    page = MedicinePage(**fields, **streams, reviewed_on=day)
    first.add_child(instance=page)
    page.save_revision().publish()
"""

Fields = dict[str, Any]


def page_fields(document: MonographDocument) -> Fields:
    """Return the fields of the page of a monograph."""
    return {
        "title": document.title,
        "slug": document.slug,
        "brand_names": ", ".join(document.brand_names),
        "pronunciation": document.pronunciation,
        "drug_class": document.drug_class.name if document.drug_class else "",
        "conditions": ", ".join(condition.name for condition in document.conditions),
        "routes": ", ".join(document.routes),
        "summary": document.summary,
        "search_description": document.summary,
        "label": f"{document.identifiers.label_set_id} {document.identifiers.label_version}".strip(),
        "reviewer": "Rosa Reviewer, PharmD",
        "reviewed_on": "2026-01-01",
        "body": [{"type": "section", "value": _section(section)} for section in document.sections],
        "sources": [
            {
                "type": "source",
                "value": {
                    "title": source.title,
                    "publisher": source.publisher,
                    "address": source.address,
                    "seen": f"{source.date_seen:%B %d, %Y}" if source.date_seen else "",
                },
            }
            for source in document.sources
        ],
    }


def _section(section: Section) -> Fields:
    return {
        "anchor": section.anchor,
        "heading": section.heading,
        "parts": [_part(part) for part in section.parts],
        "sources": list(section.sources),
    }


def _part(part: Part | CommonPart) -> Fields:
    return {"type": part.kind, "value": _value(part)}


def _value(part: Part | CommonPart) -> Any:
    """Return the value of the block for a part."""
    match part:
        case ConditionPart():
            return {"condition": part.condition_name, "parts": [_part(inner) for inner in part.parts]}
        case Effects():
            effects = [_effect(effect) for effect in part.items]
            return {"heading": part.heading, "text": _rich_text(part.html), "effects": effects}
        case Companions():
            return [{"name": item.name, "why": item.why} for item in part.items]
    return _common_value(part)


def _common_value(part: CommonPart) -> Any:
    match part:
        case Text():
            return _rich_text(part.html)
        case Advice():
            return {"urgency": part.urgency, "label": part.urgency_label, "text": _rich_text(part.html)}
        case DoDont():
            return {"do": list(part.do), "dont": list(part.dont)}
        case Table():
            return {
                "data": [[plain_text(cell) for cell in row] for row in part.all_rows],
                "table_caption": part.caption,
                "first_row_is_table_header": bool(part.header),
                "first_col_is_header": part.row_headers,
            }
        case Figure():
            return {"alt": part.alt, "caption": part.caption}


def _effect(effect: Effect) -> Fields:
    return {
        "name": effect.name,
        "frequency": effect.frequency_label,
        "explanation": effect.explanation,
        "urgency": effect.urgency or "",
        "label": effect.urgency_label,
        "what_to_do": effect.what_to_do,
    }


def _rich_text(html: str) -> str:
    """Return HTML as Wagtail stores it; links to other pages, which the stock site lacks, are their words."""
    return _PAGE_LINK.sub(r"\1", html)


def make_stock_site(
    folder: Path, documents: Sequence[MonographDocument], environment: dict[str, str]
) -> list[str]:
    """Make the site in ``folder``, publish the pages in ``STOCK_DATABASE_URL`` and return their paths."""
    folder.mkdir()
    wagtail = Path(sys.executable).with_name("wagtail")
    _run(wagtail, "start", "stock", folder, cwd=folder.parent, env=environment)
    shutil.copytree(_APP, folder / "medicines", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "stock" / "templates" / "base.html").unlink()  # in place of which the app has one
    with (folder / "stock" / "settings" / "production.py").open("a") as settings:
        settings.write(dedent(_SETTINGS))
    words = folder / "words.json"
    words.write_text(json.dumps([page_fields(document) for document in documents]))
    for command in (["makemigrations", "medicines", "-v0"], ["migrate", "-v0"]):
        _run(sys.executable, "manage.py", *command, cwd=folder, env=environment)
    fill = folder / "fill.py"
    fill.write_text(_FILL)
    _run(sys.executable, fill, words, cwd=folder, env=environment | {"PYTHONPATH": str(folder)})
    return [PATH.format(document.slug) for document in documents]


def _run(*command: object, cwd: Path, env: dict[str, str]) -> None:
    result = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"{command[1]} failed:\n{result.stdout}{result.stderr}")
