"""Write a parsed text as a draft: a new page, or a new revision of the medicine's page.

What patients read does not change: editions and publications are created by other packages, from signatures.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.coreutils import cautious_slugify
from wagtail.log_actions import log
from wagtail.models import Page

from monographs.blocks.resolve_context import split_references
from monographs.blocks.standard_text_block import STANDARD_TEXT
from monographs.core.locks import lock_page_keys
from monographs.core.medicine_names import clean_name
from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.models import CollectionType
from monographs.imports.admin_routes import routes_in
from monographs.imports.errors import ImportRefused
from monographs.imports.footnote_sources import SourceList, long_footnotes
from monographs.imports.page_choice import PageChoice, chosen_page
from monographs.imports.page_match import find_class, index_of, work_of_others
from monographs.imports.parsed_text import Markup, ParsedMonograph, ParsedParagraph
from monographs.imports.provenance import Provenance, check_not_imported, record_import
from monographs.imports.replaced_parts import parts_not_in_file
from monographs.imports.section_values import section_values
from monographs.models import DrugClassPage, MonographPage

#: Wagtail's history of a page names imports by this.
IMPORT_LOGGED = "monographs.import"
_LONGEST: dict[str, int] = {"title": 255, "brand": 200}


@dataclass(slots=True)
class DraftResult:
    """The draft made from a text. ``notes`` tells the user what else was done, or remains to be done.

    ``replaced`` are the people whose unpublished work in the page it replaced; the history has their drafts.
    """

    page: MonographPage
    parsed: ParsedMonograph
    created: bool
    notes: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)


def write_draft(
    parsed: ParsedMonograph,
    user: User | None = None,
    *,
    origin: Provenance,
    written: Mapping[int, str] | None = None,
    choice: PageChoice | None = None,
) -> DraftResult:
    """Write ``parsed`` as a draft of its medicine's page, in one transaction.

    ``origin`` is kept as its provenance. ``written`` maps the ids of pages that this run has written already
    to the names of their files. ``choice`` says which page the importer confirmed. Raises ``ImportRefused``
    when the page is in review or cannot be edited for another reason, and ``PageNotChosen`` when it is not
    certain which page is meant.
    """
    check_lengths(parsed.name, parsed.brands)
    with transaction.atomic():
        index = index_of(CollectionType.MEDICINES)
        # Two concurrent imports must not both find that the page is missing
        Page.objects.select_for_update(no_key=True).get(pk=index.pk)
        check_not_imported(origin)
        check_name(parsed.name)
        found, by_name = chosen_page(parsed, user, choice or PageChoice())
        if found and written and found.pk in written:
            raise ImportRefused(
                f"it is about “{found.title}”, like {written[found.pk]} in the same run; "
                "combine the two files, then import again"
            )
        result = DraftResult(
            _open_draft(found, user) if found else new_page(parsed.name, index), parsed, created=found is None
        )
        if found:
            result.replaced = work_of_others(found, user)
        _fill(result, user, by_name=by_name)
        _save(result, index, user, origin)
    return result


def _save(result: DraftResult, index: Page, user: User | None, origin: Provenance) -> None:
    """Store page and revision, with an entry of its history for the revision, and its provenance."""
    page = result.page
    if result.created:
        index.add_child(instance=page)
    else:
        save_draft_row(page)
    revision = page.save_revision(user=user, clean=False, log_action=False)
    if result.created:
        log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
    data = {"file": origin.file_name, "replaced": result.replaced}
    log(instance=page, action=IMPORT_LOGGED, user=user, revision=revision, data=data, content_changed=True)
    record_import(
        revision, result.parsed, origin, user, created_page=result.created, replaced=result.replaced
    )


def check_lengths(name: str, brands: list[str]) -> None:
    """Raise ``ImportRefused`` for a generic name or brand name that is too long to be one."""
    for kind, words in [("title", name), *(("brand", brand) for brand in brands)]:
        if len(words) > _LONGEST[kind]:
            raise ImportRefused(f"“{words[:40]}…” is too long to be a name ({len(words)} characters)")


def check_name(name: str) -> None:
    """Raise ``ImportRefused`` for a name that no page can have."""
    if not name.strip():
        raise ImportRefused("no name was found in the text; give the medicine's generic name")
    if not cautious_slugify(name):
        raise ImportRefused(f"“{name}” cannot be the name of a page; it has no letters")


def new_page(name: str, index: Page) -> MonographPage:
    """Return a medicine's page that is not stored yet, with an address that no page below ``index`` has."""
    name = clean_name(name)
    wanted = cautious_slugify(name)
    taken = set(index.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return MonographPage(title=name, slug=slug)


def _open_draft(row: MonographPage, user: User | None) -> MonographPage:
    """Return the latest draft of a page, locked until the transaction ends. Raises ``ImportRefused``."""
    lock_page_keys(row.translation_key)
    Page.objects.select_for_update(no_key=True).get(pk=row.pk)
    row = MonographPage.objects.get(pk=row.pk)
    if row.is_frozen:
        raise ImportRefused(
            f"“{row.title}” is in review and was not changed; recall it, or ask the reviewer to return it, "
            "then import again"
        )
    if row.alias_of_id:
        raise ImportRefused(f"“{row.title}” is an alias of another page; import into that one")
    if row.locked and (user is None or row.locked_by_id != user.pk):
        by = row.locked_by.get_username() if row.locked_by else "somebody"
        raise ImportRefused(f"“{row.title}” is locked by {by}; ask them to unlock it, then import again")
    page: MonographPage = row.get_latest_revision_as_object()
    return page


def save_draft_row(page: MonographPage) -> None:
    """Update the row of a page that was never public from its draft, as the editor does, for lists."""
    if not page.live and page.first_published_at is None:
        page.save(clean=False)


def _fill(result: DraftResult, user: User | None, *, by_name: bool) -> None:
    page, parsed = result.page, result.parsed
    if result.created:
        page.owner = user
        page.brand_names = parsed.brands
    elif not by_name:
        result.notes.append(f"added to “{page.title}”; name and brand names there stay as they are")
    elif parsed.brands:
        page.brand_names = parsed.brands
    if parsed.class_line:
        page.drug_class = _drug_class(result, user)
    _place_administration(page, parsed)
    _place_sections(result)
    if not result.created:
        _clear_change_note(page)


def _drug_class(result: DraftResult, user: User | None) -> DrugClassPage:
    title = result.parsed.class_line
    known = find_class(title)
    if known is not None:
        return known
    slug = cautious_slugify(title)
    if not slug:
        raise ImportRefused(f"“{title}” cannot be the name of a class; it has no letters")
    page = DrugClassPage(title=title, owner=user)
    index_of(CollectionType.CLASSES).add_child(instance=page)
    log(instance=page, action="wagtail.create", user=user, content_changed=True)
    page.save_revision(user=user, clean=False)
    result.notes.append(f"new draft of the class “{title}”, with its text still to be written")
    return page


def _place_administration(page: MonographPage, parsed: ParsedMonograph) -> None:
    """Set the routes; lines that they do not fully cover go first in the section on administration."""
    routes: list[str] = []
    kept: list[str] = []
    for line in parsed.administration:
        found, complete = routes_in(line)
        routes += found
        if not complete:
            kept.append(line)
    if routes:
        page.routes = list(dict.fromkeys(routes))
    section = SectionType.HOW_IT_IS_ADMINISTERED
    if parsed.has(section):
        texts = (escape(line, quote=False) if parsed.markup is Markup.HTML else line for line in kept)
        parsed.sections[section][:0] = [ParsedParagraph(text) for text in texts]
    else:
        parsed.unplaced += kept


def _place_sections(result: DraftResult) -> None:
    """Replace the sections that the text has; the others stay as they are in the draft."""
    page, parsed = result.page, result.parsed
    _append_long_footnotes(parsed)
    sources = SourceList(page, parsed, result.notes)
    sources.add()
    stored = [] if result.created else page.sections.get_prep_value()
    known = {child["type"]: child for child in stored}
    if result.created:
        known = {section.value: {"type": section.value, "value": {}} for section in REQUIRED_SECTIONS}
    for section, value in section_values(parsed).items():
        old = known.get(section.value, {"type": section.value, "value": {}})
        named = sources.named_in(section)
        if set(split_references(old["value"].get("sources", ""))) - set(split_references(named)):
            result.notes.append(f"the sources of “{SECTION_HEADINGS[section]}” must be set again")
        if parts := parts_not_in_file(section, old["value"], value):
            result.notes.append(
                f"“{SECTION_HEADINGS[section]}” had what a file does not have: {', '.join(parts)}; add it "
                "again where it is still right"
            )
        content = [*value["content"], *_kept_standard_texts(old["value"], SECTION_HEADINGS[section], result)]
        known[section.value] = {**old, "value": {**value, "content": content, "sources": named}}
    page.sections = json.dumps([known[s.value] for s in SECTION_ORDER if s.value in known])


def _kept_standard_texts(
    old: Mapping[str, Any], heading: str, result: DraftResult
) -> Iterator[dict[str, Any]]:
    """Yield the standard texts of a section that is replaced: a file has their words, not their origin."""
    for child in old.get("content", ()):
        if child["type"] == STANDARD_TEXT:
            result.notes.append(f"the standard text of “{heading}” is kept below; delete its words above it")
            yield child
        elif STANDARD_TEXT in json.dumps(child["value"]):
            result.notes.append(f"the standard text for one condition in “{heading}” must be chosen again")


def _append_long_footnotes(parsed: ParsedMonograph) -> None:
    """Append each footnote that is too long for a source to the first section that cites it."""
    remaining = long_footnotes(parsed)
    for section in SECTION_ORDER:
        for name in [c for block in parsed.blocks(section) for c in block.cites if c in remaining]:
            if words := remaining.pop(name, ""):
                serious = section == SectionType.COMMON_SIDE_EFFECTS and parsed.serious
                into = parsed.serious if serious else parsed.sections[section]
                into.append(ParsedParagraph(escape(words, quote=False)))


def _clear_change_note(page: MonographPage) -> None:
    """Clear the change note of a page with an edition, unless a writer has written a new one.

    What is new in the text is for a writer to say: a sentence made here would satisfy the rule that asks.
    """
    if not (page.live or page.first_published_at):
        return
    public = MonographPage.objects.values_list("change_note", flat=True).get(pk=page.pk)
    if page.change_note == public:
        page.change_note = ""
