"""Making the draft of a new medicine from a label."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.dateformat import format as date_format
from wagtail.log_actions import log
from wagtail.models import Page

from monographs.core.db_clock import database_today
from monographs.document.models import CollectionType
from monographs.imports.draft_writer import check_lengths, check_name, new_page
from monographs.imports.errors import ImportRefused
from monographs.imports.from_label.label_facts import LabelFacts
from monographs.imports.from_label.label_source import FoundLabel
from monographs.imports.page_match import NameSimilarity, PageMatches, find_medicine, index_of
from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.labels import Label
from monographs.models import MonographPage

#: Wagtail's history of a page names drafts made from a label by this.
LABEL_LOGGED = "monographs.from_label"
#: The short name by which sections refer to the label.
REFERENCE = "label"
LABEL_ADDRESS = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
_LONGEST_TITLE = 300
_MAKERS = 200


@dataclass(frozen=True, slots=True)
class LabelSource:
    """The entry in the list of sources that names a version of a label."""

    title: str
    publisher: str
    address: str


def source_of(label: Label, facts: LabelFacts) -> LabelSource:
    """Return the source that a page from ``label`` names."""
    names = [*facts.brands[:1], facts.name]
    name = f"{names[0]} ({names[1]})" if len(names) > 1 else names[0]
    date = f", {date_format(label.effective, 'F j, Y')}" if label.effective else ""
    title = f"{name} prescribing information, set id {label.set_id}, version {label.version}{date}"
    return LabelSource(
        title[:_LONGEST_TITLE],
        (label.maker or "US Food and Drug Administration")[:_MAKERS],
        LABEL_ADDRESS + quote(label.set_id, safe=""),
    )


def pages_of_label(set_id: str) -> list[MonographPage]:
    """Return the medicines that rest on a label, or follow it. Two queries."""
    keys = FollowedLabel.objects.filter(set_id=set_id).values_list("key", flat=True)
    pages = MonographPage.objects.filter(alias_of=None)
    return list(pages.filter(label_set_id__iexact=set_id) | pages.filter(translation_key__in=list(keys)))


def check_free(name: str, brands: list[str]) -> PageMatches:
    """Return the pages with a similar name. Raises ``ImportRefused`` if one has this very name."""
    check_name(name)
    check_lengths(name, brands)
    matches = find_medicine(name, brands)
    taken = [match for match in matches.exact if match.similarity is NameSimilarity.NAME]
    if taken:
        raise ImportRefused(
            f"“{taken[0].title}” has the name “{name}” already, and there is one page per medicine; put the "
            "label’s set id into that page, or write the name by which the new medicine differs"
        )
    return matches


def make_draft(found: FoundLabel, facts: LabelFacts, user: User) -> MonographPage:
    """Make the draft, store the version of the label, and follow it; one transaction.

    Raises ``ImportRefused`` if a page has the name. Patients read nothing of it: the sections are empty.
    """
    label = found.label
    with transaction.atomic():
        index = index_of(CollectionType.MEDICINES)
        # Two drafts made at once must not both find that the name is free
        Page.objects.select_for_update(no_key=True).get(pk=index.pk)
        check_free(facts.name, facts.brands)
        page = new_page(facts.name, index)
        page.owner = user
        page.brand_names, page.drug_class, page.routes = facts.brands, facts.drug_class, facts.routes
        page.rxcui, page.unii = facts.rxcui, facts.unii
        page.label_set_id, page.label_version = label.set_id, str(label.version)
        page.sources = json.dumps([{"type": "source", "value": _source_value(label, facts)}])
        index.add_child(instance=page)
        revision = page.save_revision(user=user, clean=False, log_action=False)
        log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
        log(
            instance=page,
            action=LABEL_LOGGED,
            user=user,
            revision=revision,
            data={"label": label.set_id, "version": label.version, "origin": found.origin},
            content_changed=True,
        )
        FollowedLabel.objects.create(key=page.translation_key, set_id=label.set_id)
        store_label(found.data, label, found.origin)  # last: from here on its transaction locks the ledger
    return page


def _source_value(label: Label, facts: LabelFacts) -> dict[str, str]:
    source = source_of(label, facts)
    return {
        "reference": REFERENCE,
        "title": source.title,
        "publisher": source.publisher,
        "address": source.address,
        "date_seen": database_today().isoformat(),
    }
