"""The Jinja2 environment of the components of which a page is made (``templates/jinja2``).

A page has hundreds of them. Jinja2 compiles templates to Python, which takes a fifth of the time that
Django's take.

Every expression of a template is escaped unless it is marked as safe, by ``escaped``: as Django escapes, so
that a component gives the same bytes in a template of either kind. Jinja2's own escaping is off, which writes
an apostrophe in another way and makes an object for each expression.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, npgettext
from jinja2 import ChainableUndefined, Environment

from monographs.core.brand.brand import Brand
from monographs.core.help_lines import emergency_line
from monographs.document.models import MonographDocument
from monographs.document.parts import CommonPart, ConditionPart, Effects, Figure
from monographs.document.sections import Section
from monographs.presentation.site_name import site_name
from monographs.public.component_tag import ComponentTag, component_file
from monographs.public.condition_view import WHOLE_PAGE, ConditionView
from monographs.public.date_format import day
from monographs.public.document_html import amounts, document_html
from monographs.public.effect_bands import EffectBand, effect_bands
from monographs.public.label_state import label_lines
from monographs.public.page_layout import PageLayout, page_layout
from monographs.public.page_metadata import description_of, json_ld
from monographs.public.part_ids import ids_of_inner_parts
from monographs.public.per_language import per_language
from monographs.public.responses import absolute_url
from monographs.public.table_rows import table_rows

#: Characters that ``escape`` replaces; most words have none.
_SPECIAL = re.compile("[&<>\"']")


def environment(**options: Any) -> Environment:
    """Return the environment; named in ``TEMPLATES``."""
    options |= {
        "autoescape": False,
        "extensions": [ComponentTag],
        "finalize": escaped,
        "keep_trailing_newline": True,
        # A variable that a page lacks is empty, as in Django's templates
        "undefined": ChainableUndefined,
    }
    made = Environment(**options)  # noqa: S701  # ``escaped`` escapes
    made.globals |= {
        "_": _translated,
        "emergency_line": emergency_line,
        "site_brand": _site_brand,
        "static": static,
        "structured_data": json_ld,
        "url": _url,
    }
    made.filters |= {
        "absolute_url": absolute_url,
        "amounts": amounts,
        "brands_label": _brands_label,
        "component_file": component_file,
        "day": day,
        "description_of": description_of,
        "document_html": document_html,
        "effect_bands": _effect_bands,
        "figure_address": _figure_address,
        "filled": _filled,
        "inner_parts": _inner_parts,
        "label_lines": _label_lines,
        "page_layout": layout_of,
        "path_of": path_of,
        "sections_citing": _sections_citing,
        "site_name": site_name,
        "sources_label": _sources_label,
        "table_rows": table_rows,
    }
    return made


def render_component(name: str, context: Mapping[str, Any]) -> SafeString:
    """Render the component ``name`` with the variables of a page."""
    engine: Any = engines["jinja2"]
    template = engine.env.get_template(component_file(name))
    # A page has a hundred translated words, and asking for the language takes longer than finding a word
    return SafeString(template.render(context, _=_words_in(get_language())))


def path_of(links: Mapping[str, str], key: str | None) -> str:
    """Return the current public path of the page with ``key`` (``links``); empty if it is not public."""
    return (links or {}).get(key, "") if key else ""


def layout_of(document: MonographDocument, view: object) -> PageLayout:
    """Return the layout of a medicine's page for a ``ConditionView``; as signed if there is none."""
    return page_layout(document, view if isinstance(view, ConditionView) else WHOLE_PAGE)


def escaped(value: Any) -> str:
    """Return ``value`` as Django shows it: escaped, unless it is marked as safe.

    The same as ``conditional_escape``, which takes six times as long for what it does with lazy strings.
    """
    if hasattr(value, "__html__"):
        return str(value)
    words = str(value)
    return escape(words) if _SPECIAL.search(words) else words


@lru_cache(maxsize=64)
def _words_in(language: str | None) -> Callable[[str], SafeString]:
    """Return what translates words of a template while ``language`` is active, each once."""
    return lru_cache(maxsize=4096)(_translated)


def _translated(words: str) -> SafeString:
    """Return ``words`` of a template in the current language; they may have HTML, as a template may."""
    return SafeString(gettext(words))


#: The path of a page by its name: names have one for as long as a process runs.
_url = lru_cache(maxsize=256)(reverse)


def _filled(words: SafeString, **values: object) -> SafeString:
    """Return translated ``words`` with ``values``, escaped, in place of their names."""
    shown = {name: escaped(value) for name, value in values.items()}
    return SafeString(words % shown)


def _site_brand() -> Brand:
    """Return the brand that the operator set."""
    brand: Brand = settings.BRAND
    return brand


def _figure_address(figure: Figure, figures: Mapping[str, str]) -> str:
    """Return the URL of a figure: in the admin for a draft (``figures``), else its permanent public URL."""
    return (figures or {}).get(figure.sha256) or f"/figures/{figure.file_name}"


def _label_lines(edition: Any, document: Any) -> list[str]:
    """Return what the trust panel of ``edition`` says of the label that its ``document`` names."""
    identifiers = getattr(document, "identifiers", None)
    state = getattr(edition, "label", None)
    return label_lines(identifiers, state, superseded=bool(getattr(edition, "superseded", False)))


def _sections_citing(document: MonographDocument, number: int) -> list[Section]:
    """Return the sections that cite a source."""
    return [section for section in document.sections if number in section.sources]


@per_language
def _brands_label(count: int) -> str:
    """Return what stands before the brand names of a medicine."""
    return npgettext("heading", "Brand name", "Brand names", count)


@per_language
def _sources_label(count: int) -> str:
    """Return what stands before the numbers of the sources of a section."""
    return ngettext("Source for this section:", "Sources for this section:", count)


def _inner_parts(part: ConditionPart, ids: tuple[str, ...]) -> Iterator[tuple[CommonPart, tuple[str, ...]]]:
    """Yield each part for one condition with its share of ``ids``."""
    return ids_of_inner_parts(part, ids or ())


def _effect_bands(part: Effects, top: int, ids: Sequence[str], layout: object) -> tuple[EffectBand, ...]:
    """Return the effects of ``part`` by frequency; those that links of the page lead to are in sight.

    ``layout``: of the page of a medicine; other pages have none.
    """
    linked = {link.anchor for link in layout.quick_links} if isinstance(layout, PageLayout) else ()
    return effect_bands(part, top, ids or (), linked)
