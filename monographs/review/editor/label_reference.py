"""What the label says about a section: shown beside it in the editor, for reading and never as its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views import View

from monographs.core.users import authenticated_user
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.html import plain_text
from monographs.imports.errors import ImportRefused
from monographs.imports.from_label.label_store import fetch_and_store
from monographs.imports.read_files import sentence
from monographs.label_watch.models import LabelVersion
from monographs.label_watch.stored_labels import label_of, labels_of_page, newest_versions
from monographs.labels import Label, LabelFigure, LabelTable, LabelText, SourceFormat
from monographs.labels.label import MAX_SPAN
from monographs.labels.label_passages import sentences_of
from monographs.labels.section_codes import Use, section_meanings
from monographs.labels.spl import SET_ID
from monographs.models import MonographPage, ReviewedPage


@dataclass(frozen=True, slots=True)
class ReferenceCell:
    """A cell of a table; ``tag`` is th or td."""

    html: SafeString
    tag: str
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class ReferenceBlock:
    """A piece of a label's section: text, a table (``rows``) or the name of a figure."""

    html: SafeString | None = None
    caption: SafeString | None = None
    rows: tuple[tuple[ReferenceCell, ...], ...] = ()
    footnotes: tuple[SafeString, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceSection:
    """A section of the label that the monograph's section rests on."""

    heading: str
    blocks: tuple[ReferenceBlock, ...]


def sections_for(label: Label, section: SectionType) -> Iterator[ReferenceSection]:
    """Yield what ``label`` says under the codes that ``section`` rests on, in reading order."""
    for placed in section_meanings(label.sections):
        if placed.code.use is Use.RESTS and section in placed.code.sections:
            flat = label.source_format is SourceFormat.OPENFDA
            blocks = tuple(_shown(block, flat=flat) for block in placed.section.blocks)
            if blocks:
                yield ReferenceSection(placed.section.title or placed.heading, blocks)


#: Where openFDA's text, which has no paragraphs, had one: a number of a section, or a bullet.
_NEW_PARAGRAPH = re.compile(r"\d{1,2}(?:\.\d{1,2})+\s+[A-Z]|[•○▪●■]")


def _shown(block: LabelText | LabelTable | LabelFigure, *, flat: bool) -> ReferenceBlock:
    match block:
        case LabelText():
            return ReferenceBlock(html=_in_paragraphs(block.html) if flat else _safe(block.html))
        case LabelTable():
            rows = tuple(
                tuple(
                    ReferenceCell(
                        _safe(cell.html),
                        "th" if is_header or cell.is_header else "td",
                        min(cell.columns, MAX_SPAN),
                        min(cell.rows, MAX_SPAN),
                    )
                    for cell in row
                )
                for is_header, part in ((True, block.header), (False, block.rows))
                for row in part
            )
            return ReferenceBlock(
                caption=_safe(block.caption), rows=rows, footnotes=tuple(map(_safe, block.footnotes))
            )
        case LabelFigure():
            return ReferenceBlock(figure=block.description or block.name or "a figure")


def _in_paragraphs(html: str) -> SafeString:
    """Return a text of openFDA with a paragraph for each of its numbered parts and bullets."""
    text = plain_text(html)
    starts = [start for start, _ in sentences_of(text) if start and _NEW_PARAGRAPH.match(text, start)]
    # Cut, not put together from the sentences: these leave out the numbers of list items
    paragraphs = (text[start:end].strip() for start, end in pairwise([0, *starts, len(text)]))
    return format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs if paragraph))


def _safe(html: str) -> SafeString:
    # The readers of labels let nothing but the HTML of documents through (``monographs.document.html``)
    return mark_safe(html)  # noqa: S308


def named_label(page: MonographPage) -> str:
    """Return the set id that the draft of a page names. At most one query."""
    revision = page.latest_revision
    return str((revision.content if revision else {}).get("label_set_id") or page.label_set_id or "")


def label_address(page: ReviewedPage) -> str:
    """Return the address of the label's texts for a page, with “section” for the section; "" without a label.

    One query at most, and none for a page that names its label.
    """
    if not isinstance(page, MonographPage) or not page.pk:
        return ""
    if not SET_ID.fullmatch(page.label_set_id.lower()) and not labels_of_page(page.translation_key, ""):
        return ""
    return reverse("review:editor:label", args=[page.pk, "section"])


def _page_to_edit(request: HttpRequest, page_id: int) -> MonographPage:
    page = get_object_or_404(MonographPage.objects.select_related("latest_revision"), pk=page_id)
    if not page.permissions_for_user(authenticated_user(request)).can_edit():
        raise PermissionDenied
    return page


class LabelReferenceView(View):
    """The label's text for one section of a page, as HTML without any form field. Stores nothing."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, page_id: int, section: str) -> JsonResponse:
        """Return the text for the panel of ``section``."""
        if section not in SECTION_HEADINGS:
            raise Http404("There is no such section.")
        page = _page_to_edit(request, page_id)
        wanted = SectionType(section)
        set_ids = labels_of_page(page.translation_key, named_label(page))
        versions = newest_versions(set_ids)
        missing = [each for each in set_ids if each not in {version.set_id for version in versions}]
        context = {
            "heading": SECTION_HEADINGS[wanted],
            "labels": [self._label(version, wanted) for version in versions],
            "missing": missing,
        }
        html = render_to_string("review/editor/label_reference.html", context, request)
        fetch = reverse("review:editor:label_fetch", args=[page.pk]) if missing else ""
        return JsonResponse({"html": html, "fetch": fetch})

    def _label(self, version: LabelVersion, section: SectionType) -> dict[str, Any]:
        return {"version": version, "sections": list(sections_for(label_of(version.sha256), section))}


#: Seconds after which no further label is asked for in one request: a writer and a worker of the server wait.
FETCH_SECONDS = 10


class LabelFetchView(View):
    """Fetch the labels that a page follows and no version of which is stored yet, while its writer waits."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page_id: int) -> JsonResponse:
        """Store the newest version of each such label and say what came of it, a line for each.

        The status is 409 if nothing could be stored.
        """
        page = _page_to_edit(request, page_id)
        set_ids = labels_of_page(page.translation_key, named_label(page))
        stored = {version.set_id for version in newest_versions(set_ids)}
        missing = [each for each in set_ids if each not in stored]
        if not missing:
            return JsonResponse({"message": "The label is stored already."})
        lines, any_stored = _fetched(missing)
        if len(missing) > 1:
            lines = [f"{set_id}: {line}" for set_id, line in zip(missing, lines, strict=True)]
        return JsonResponse({"message": "\n".join(lines)}, status=200 if any_stored else 409)


def _fetched(set_ids: list[str]) -> tuple[list[str], bool]:
    """Fetch labels; return a result for each, and whether any is stored."""
    lines: list[str] = []
    any_stored = False
    began = monotonic()
    for set_id in set_ids:
        if lines and monotonic() - began >= FETCH_SECONDS:
            lines.append("Not asked for yet, as the others took long.")
            continue
        try:
            version = fetch_and_store(set_id).version
        except ImportRefused as refusal:
            lines.append(sentence(str(refusal)))
            continue
        any_stored = True
        said = f"Version {version.version} of the label is stored." if version else ""
        lines.append(said or "The label is stored already.")
    return lines, any_stored
