"""Components of pages are templates of Django and of Jinja2, which look the same to a reader."""

import pytest
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import Client
from django.utils.safestring import SafeString

from monographs.document.models import MonographDocument
from monographs.document.parts import Advice, Urgency
from monographs.public.condition_view import WHOLE_PAGE
from monographs.public.page_layout import page_layout
from monographs.styleguide import samples

HOSTILE = """<script>alert('1 & "2"')</script>"""


def rendered(source: str, **context: object) -> set[str]:
    """Return what a template shows, as each engine renders it."""
    return {engines[name].from_string(source).render(dict(context)) for name in ("django", "jinja2")}


@pytest.mark.parametrize("value", [HOSTILE, 7, None, True, "", SafeString("<b>bold</b>")], ids=repr)
def test_every_expression_is_escaped_as_django_escapes_it(value: object) -> None:
    (shown,) = rendered("{{ value }}", value=value)
    assert "<script" not in shown


def test_a_value_in_a_translated_sentence_is_escaped() -> None:
    template = engines["jinja2"].from_string('{{ _("Source %(number)s")|filled(number=value) }}')
    shown = template.render({"value": HOSTILE})
    assert shown.startswith("Source &lt;script&gt;")
    assert "<" not in shown


def test_the_words_of_a_document_are_escaped_and_its_html_is_not() -> None:
    source = "{{ name|amounts }} {{ html|document_html(links) }}"
    shown = (
        engines["jinja2"].from_string(source).render({"name": HOSTILE, "html": "<p>5 mg</p>", "links": {}})
    )
    assert shown.startswith("&lt;script&gt;")
    assert shown.endswith('<p><span class="amount">5 mg</span></p>')


TAG = '{% component "urgency" urgency="call_today" label=words %}'


def test_a_component_is_shown_alike_by_a_template_of_either_kind() -> None:
    (shown,) = {
        engines["django"].from_string("{% load public_tags %}" + TAG).render({"words": HOSTILE}),
        engines["jinja2"].from_string(TAG).render({"words": HOSTILE}),
    }
    assert "#shape-call_today" in shown
    assert "&lt;script&gt;" in shown


def test_the_variables_of_a_component_are_unknown_outside_it() -> None:
    names = "{{ label }}{{ level }}{{ top }}"
    source = f"{names}|{{% component 'advice' part=part top=4 %}}|{names}"
    advice = Advice(urgency=Urgency.CALL_TODAY, urgency_label="Call us today", html="<p>Fever</p>")
    shown = engines["jinja2"].from_string(source).render({"part": advice})
    assert '<h4 class="advice__head">' in shown
    assert shown.startswith("|<div")
    assert shown.endswith("</div>\n|")


@pytest.mark.django_db
def test_a_component_that_is_compiled_in_shows_what_one_that_is_looked_up_shows() -> None:
    while_edited = Jinja2(
        {
            "NAME": "edited",
            "DIRS": [settings.BASE_DIR / "templates" / "jinja2"],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "monographs.public.component_environment.environment",
                "auto_reload": True,
            },
        }
    )
    context = samples.page_context()
    name = "public/components/monograph.html"
    assert while_edited.get_template(name).render(context) == engines["jinja2"].get_template(name).render(
        context
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/medicines/", "/medicines/no/", "/nothing"])
def test_the_middleware_of_the_admin_does_not_run_for_readers(client: Client, path: str) -> None:
    request = client.get(path).wsgi_request
    assert not {"session", "user", "_messages"} & vars(request).keys()


def test_the_layout_of_a_page_is_that_of_its_document() -> None:
    fields = {"key": "00000000-0000-4000-8000-000000000001", "slug": "testumab", "title": "testumab"}
    first = MonographDocument(**fields, review_interval_months=12)
    assert page_layout(first, WHOLE_PAGE) is page_layout(first.model_copy(), WHOLE_PAGE)
    other = first.model_copy(update={"title": "other"})
    assert page_layout(first, WHOLE_PAGE) is not page_layout(other, WHOLE_PAGE)
