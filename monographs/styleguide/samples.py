"""The sample context of each component of public pages.

A component that uses only the context of a whole page (document, edition, lists) needs no entry here.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from monographs.core.brand.brand import Brand
from monographs.core.help_lines import emergency_line
from monographs.document.parts import Effects, Urgency
from monographs.document.render_context import RenderContext
from monographs.presentation.urgency_words import urgency_label
from monographs.public.condition_view import WHOLE_PAGE, condition_view_of
from monographs.public.effect_bands import PlacedEffect
from monographs.public.list_context import ListContext, ListEntry
from monographs.public.page_layout import page_layout
from monographs.public.table_rows import ShownCell
from monographs.styleguide import answer_samples as answers
from monographs.styleguide import lists
from monographs.styleguide.documents import HOME, LATER_WITHDRAWAL, MONOGRAPH, SENTENCE, edition
from monographs.styleguide.sections import FIGURES, LINKS

_TEMPLATES = "public/components/"
#: Components are templates of Django or, where a page has many of them, of Jinja2.
FOLDERS = [Path(settings.BASE_DIR) / folder / _TEMPLATES for folder in ("templates", "templates/jinja2")]

Context = dict[str, Any]

_LISTING = ListContext(
    about=(ListEntry("How we write", "/about/how-we-write/"),),
    medicines=lists.MEDICINES,
    used_with=lists.MEDICINES[1:],
    a_to_z=lists.A_TO_Z,
    list_pages=lists.LIST_PAGES,
)


@dataclass(frozen=True, slots=True)
class RenderedComponent:
    """A component rendered with each of its samples."""

    name: str
    samples: tuple[SafeString, ...]

    @property
    def template(self) -> str:
        """The path by which templates include it."""
        return f"{_TEMPLATES}{self.name}.html"


def component_names() -> list[str]:
    """Return the names of all component templates."""
    return sorted(path.stem for folder in FOLDERS for path in folder.glob("*.html"))


def components(brand: Brand | None = None) -> list[RenderedComponent]:
    """Return every component, rendered; with a brand other than the site's own, if one is given."""
    shown: Context = {"shown_brand": brand}
    return [
        RenderedComponent(name, tuple(_rendered(name, {**shown, **c}) for c in _sample_contexts(name)))
        for name in component_names()
    ]


def shape_names() -> list[str]:
    """Return the names of the SVG symbols for components."""
    return re.findall(r'<symbol id="([\w-]+)"', _rendered("shapes", {}))


def _rendered(name: str, context: Context) -> SafeString:
    # Django marks what its own templates make as safe, but not what Jinja2's make
    return mark_safe(render_to_string(f"{_TEMPLATES}{name}.html", {**page_context(), **context}))  # noqa: S308


def page_context() -> Context:
    """Return the context of a whole page of a sample medicine."""
    context = RenderContext(
        MONOGRAPH, links=LINKS, site=HOME, edition=edition(), figures=FIGURES, listing=_LISTING
    )
    view = condition_view_of(MONOGRAPH, LINKS, "")
    return {
        **context.as_template_context(),
        "condition_view": view,
        "layout": page_layout(MONOGRAPH, view),
    }


def _sample_contexts(name: str) -> list[Context]:
    """The additional context of each sample; for a kind of part, each part of this kind in the document."""
    chosen = condition_view_of(MONOGRAPH, LINKS, "sample-condition")
    layout, in_view = page_layout(MONOGRAPH, WHOLE_PAGE), page_layout(MONOGRAPH, chosen)
    section = layout.sections[0]
    line = emergency_line()
    effects = next(part for part in MONOGRAPH.all_parts() if isinstance(part, Effects))
    known: dict[str, list[Context]] = {
        "a_to_z": [{"az": lists.A_TO_Z}, {"az": lists.NO_SUCH_LETTER}],
        "answer": [
            {"answer": answer, "emergency_number": line.number, "emergency_address": line.address}
            for answer in (answers.ANSWERED, answers.PARTLY, answers.NOT_ANSWERED)
        ],
        "answers": [{"found": found} for found in (answers.OF_A_QUESTION, answers.WITHOUT_MEDICINE)],
        "help_box": [{"help": box} for box in answers.HELP_BOXES],
        "passage": [
            {"answer": answers.ANSWERED, "passage": passage}
            for passage in (answers.EFFECT, answers.WARNING, answers.LIST)
        ],
        "banner": [{"banner": "Draft, not reviewed"}],
        "boxed_warning": [{"section": layout.warnings[0]}],
        "entry_list": [{"entries": lists.MEDICINES}],
        "focus": [{}, {"condition_view": chosen}],
        "helpful": [
            {"path": MONOGRAPH.path, "about_edition": edition(), "under_page": True},
            {"path": MONOGRAPH.path, "about_edition": edition(), "errors": {"answer": "Choose an answer."}},
        ],
        "header": [{"header_search": True}],
        "key_facts": [{}, {"edition": edition(next_due=date(2000, 1, 1))}],
        "letters": [{"letters": lists.A_TO_Z.letters}],
        "effect_list": [{"part": effects, "top": 3}],
        "effect": [{"placed": PlacedEffect(effect), "level": 3} for effect in effects.items],
        "parts": [{"parts": MONOGRAPH.sections[1].parts}],
        "placed_parts": [{"placed": section.parts}],
        "search_nothing": [{"query": "sxmplq", "found": lists.NOTHING}],
        "search_absent": [{"absent": lists.ABSENT}],
        "search_meant": [{"query": "sxmpleumap", "found": lists.MEANT}],
        "withdrawn": [{"entry": lists.WITHDRAWN}],
        "search_result": [{"result": lists.BY_BRAND}, {"result": lists.BY_TEXT}],
        "search_results": [
            {"query": "sample", "found": lists.FOUND},
            {"query": "samplya", "found": lists.CORRECTED},
        ],
        "steps": [{"list_pages": lists.LIST_PAGES, "label": "Names that begin with S", "folded": True}],
        "turn_page": [{"list_pages": lists.LIST_PAGES}],
        "search_form": [{"field": "q-sample", "label": "Name of your medicine"}],
        "prepared_sentence": [{"edition": replace(edition(), sentence=SENTENCE)}],
        "section": [{"section": section}, {"section": in_view.sections[0]}],
        "section_link": [{"section": section}],
        "section_sources": [{"section": section}],
        "superseded": [
            {"edition": edition(number=2)},
            {"edition": replace(edition(number=1), later_withdrawal=LATER_WITHDRAWAL)},
        ],
        "table_cell": [{"cell": ShownCell("5 mg", "Dose", names_row=False)}],
        "trust": [{}, {"edition": edition(number=2, next_due=date(2000, 1, 1))}],
        "urgency": [{"urgency": urgency, "label": urgency_label(urgency)} for urgency in Urgency],
    }
    parts: list[Context] = [{"part": part} for part in MONOGRAPH.all_parts() if part.kind == name]
    if name == "for_condition":
        parts[1]["folded"] = True
    return known.get(name) or parts or [{}]
