"""A stock Wagtail site with the words of a monograph, made by ``wagtail start``.

The page is what Wagtail's tutorial builds: a page type with a stream of headings and rich text, and templates
that include each block. It is served as Wagtail serves it, by the same server with as many threads.
"""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from monographs.document.models import MonographDocument
from monographs.document.passages import as_text, passages

_MODELS = """
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page


class HomePage(Page):
    body = StreamField([("heading", blocks.CharBlock()), ("text", blocks.RichTextBlock())], blank=True)
"""
_TEMPLATE = """
{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>
{% for block in page.body %}{% if block.block_type == "heading" %}<h2>{{ block.value }}</h2>
{% else %}{% include_block block %}{% endif %}{% endfor %}{% endblock %}
"""
_SETTINGS = """
import os
import dj_database_url
DATABASES = {"default": dj_database_url.parse(os.environ["STOCK_DATABASE_URL"], conn_max_age=60)}
SECRET_KEY = "only for this benchmark"
ALLOWED_HOSTS = ["*"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]
"""
_FILL = """
import json, sys
from home.models import HomePage
page = HomePage.objects.get()
page.title, page.body = "Medicine", json.dumps(json.load(open(sys.argv[-1])))
page.save_revision().publish()
"""


def blocks_of(document: MonographDocument) -> list[dict[str, str]]:
    """Return the words of a monograph as blocks of a stream."""
    found: list[dict[str, str]] = []
    heading = ""
    for passage in passages(document):
        if passage.section != heading:
            heading = passage.section
            found.append({"type": "heading", "value": heading})
        found.append({"type": "text", "value": f"<p>{as_text(passage)}</p>"})
    return found


def make_stock_site(folder: Path, document: MonographDocument, environment: dict[str, str]) -> None:
    """Make the site in ``folder`` and publish its page in the database of ``STOCK_DATABASE_URL``."""
    folder.mkdir()
    wagtail = Path(sys.executable).with_name("wagtail")
    _run(wagtail, "start", "stock", folder, cwd=folder.parent, env=environment)
    home = folder / "home"
    (home / "models.py").write_text(_MODELS)
    (home / "templates" / "home" / "home_page.html").write_text(_TEMPLATE)
    with (folder / "stock" / "settings" / "production.py").open("a") as settings:
        settings.write(dedent(_SETTINGS))
    words = folder / "words.json"
    words.write_text(json.dumps(blocks_of(document)))
    for command in (["makemigrations", "home", "-v0"], ["migrate", "-v0"]):
        _run(sys.executable, "manage.py", *command, cwd=folder, env=environment)
    fill = folder / "fill.py"
    fill.write_text(
        "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'stock.settings.production'\n"
        "django.setup()\n" + _FILL
    )
    _run(sys.executable, fill, words, cwd=folder, env=environment | {"PYTHONPATH": str(folder)})


def _run(*command: object, cwd: Path, env: dict[str, str]) -> None:
    result = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"{command[1]} failed:\n{result.stdout}{result.stderr}")
