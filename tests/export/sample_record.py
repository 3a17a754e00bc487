"""A small record with every kind of page and part, to be frozen with each version of documents.

``test_sample_record.py`` writes it (see ``version_1/README.md``). All of it is made up: no medicine, person
or organisation in it exists.
"""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.core.management import call_command
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Page

from home.models import HomePage, InformationPage
from home.site_setup import set_up_site
from monographs.document.parts import Frequency, Urgency
from monographs.editions.ledger import head
from monographs.editions.models import Edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import (
    ConditionPage,
    DrugClassPage,
    MonographIndexPage,
    MonographPage,
    ReviewedPage,
    StandardTextPage,
)
from monographs.review.actions import Restore, Withdraw
from tests.factories import PASSWORD, make_user, publish, sign

#: Columns of a page that say where it is and what state it is in, not what it says.
NOT_CONTENT = frozenset(
    "pk id path depth numchild translation_key locale url_path content_type live has_unpublished_changes "
    "owner draft_title first_published_at last_published_at latest_revision_created_at live_revision "
    "latest_revision locked locked_at locked_by alias_of page_ptr bodypage_ptr go_live_at expire_at expired "
    "wagtail_admin_comments comments show_in_menus search_description seo_title".split()
)
PICTURE = "pump"


def write_sample(target: Path) -> None:
    """Make the record in the empty database, and write it and its drafts to ``target``."""
    make_sample()
    call_command("ledger", "export", str(target / "record"))
    (target / "drafts.json").write_text(
        json.dumps(drafts(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )
    (target / "head").write_text("{} {}\n".format(*head()))


def make_sample() -> None:
    """Publish one page of each kind; then a second edition, a new path, a restored text and a withdrawal."""
    home = set_up_site()
    writer = make_user("sample-writer", "Medical writers")
    reviewer = make_user("sample-reviewer", "Medical reviewers", credentials="PharmD")
    image = get_image_model().objects.create(title=PICTURE, file=picture(), uploaded_by_user=writer)
    collections = {page.collection: page for page in MonographIndexPage.objects.all()}

    _fill_home(home)
    for collection, page in sorted(collections.items()):
        page.summary = f"All sample {collection} in one list."
        page.body = _stream([_text(f"<p>The sample {collection}, in plain words.</p>")])
    drug_class = DrugClassPage(title="Sample blockers", slug="sample-blockers", summary="They block samples.")
    drug_class.body = _stream([_text("<p>Sample blockers stop made-up signals.</p>"), *_every_part(image)])
    condition = ConditionPage(title="Samplitis", slug="samplitis", summary="A made-up disease.")
    condition.body = _stream([_advice(urgency) for urgency in Urgency])
    about = InformationPage(title="How we write", slug="how-we-write", summary="How these pages are made.")
    about.body = _stream([_text("<h3>Who writes</h3><p>Nobody: this is a sample.</p>")])
    standard = StandardTextPage(title="Report sample effects", slug="report-sample-effects")
    standard.body = _stream([_text("<p>Tell the makers of samples.</p>"), _advice(Urgency.NEXT_VISIT)])
    for parent, page in (
        (home, standard),
        (collections["classes"], drug_class),
        (collections["conditions"], condition),
        (home, about),
    ):
        parent.add_child(instance=page)
    for page in (home, *collections.values(), drug_class, condition, about, standard):
        page.change_note = "First edition."
        page.save_revision(user=writer, clean=False)
        publish(page, writer, reviewer)

    other = MonographPage(title="otherumab", slug="otherumab", summary="Otherumab is made up, too.")
    other.sections = _sections(image, condition, None, short=True)
    other.sources = _sources()
    collections["medicines"].add_child(instance=other)
    other.save_revision(user=writer, clean=False)
    publish(other, writer, reviewer)

    page = MonographPage(
        title="examplinib", slug="examplinib-old", summary="A made-up medicine: samples only."
    )
    _fill_monograph(page, drug_class)
    page.sections = _sections(image, condition, other, short=True)
    collections["medicines"].add_child(instance=page)
    page.conditions.set([condition])
    page.save_revision(user=writer, clean=False)
    publish(page, writer, reviewer)
    version = Edition.objects.get(key=standard.translation_key)
    sections = _sections(image, condition, other, standard=version)
    _revise(page, writer, sections=sections, change_note="Every kind of part.")
    publish(page, writer, reviewer)
    _revise(page, writer, slug="examplinib", change_note="A new address; “quoted” words — and 5\u202fmg.")
    publish(page, writer, reviewer)

    Withdraw(
        reviewer,
        other.translation_key,
        cause=WithdrawalReason.BEING_CHECKED,
        note="A sample.",
        password=PASSWORD,
    ).execute()
    sign(
        Restore(
            writer, about, number=_second_edition(about, writer, reviewer) - 1, reason="Better."
        ).execute(),
        reviewer,
    )


def _second_edition(page: Any, writer: Any, reviewer: Any) -> int:
    _revise(page, writer, body=_stream([_text("<p>A shorter text.</p>")]), change_note="Shorter.")
    publish(page, writer, reviewer)
    return 2


def _revise(page: Any, writer: Any, **fields: Any) -> None:
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=writer)


def _stream(blocks: list[dict[str, Any]]) -> str:
    return json.dumps(blocks)


def _text(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


def _advice(urgency: Urgency) -> dict[str, Any]:
    value = {"urgency": urgency.value, "text": f"<p>Signs of a sample: <b>{urgency.value}</b>.</p>"}
    return {"type": "advice", "value": value}


def _every_part(image: Any) -> list[dict[str, Any]]:
    """One of each part that any page may have."""
    figure = {"image": image.pk, "alt": "A pump with a “handle”.", "caption": "The sample pump."}
    return [
        _text(
            "<h3>A heading</h3><p>Bold <b>words</b>, <i>other words</i>, H<sub>2</sub>O, 10<sup>9</sup>.<br/>"
            '5&nbsp;mg of tea &amp; more. <a href="https://example.org/?a=1&amp;b=2">Elsewhere</a></p>'
            "<h4>A smaller heading</h4><ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul>"
            "<ol><li>first</li></ol>"
        ),
        *(_advice(urgency) for urgency in Urgency),
        {"type": "do_dont", "value": {"do": ["Take samples."], "dont": ["Do not take real ones."]}},
        {"type": "figure", "value": figure},
    ]


def _effect(name: str, **values: str) -> dict[str, str]:
    empty = {"explanation": "", "frequency": "", "urgency": "", "what_to_do": ""}
    return {"name": name, **empty, **values}


def _sections(
    image: Any, condition: Any, other: Any, *, short: bool = False, standard: Edition | None = None
) -> str:
    """Every section there is; with one text each if ``short``."""
    sections: dict[str, dict[str, Any]] = {}
    for name in MonographPage.sections.field.stream_block.child_blocks:
        words = name.replace("_", " ")
        sections[name] = {"content": [_text(f"<p>A sample of {words}.</p>")], "sources": "label, guide"}
    sections["common_side_effects"] |= {
        "common_effects": [_effect("Yawning", explanation="The sample is dull.")],
        "serious": {
            "introduction": "<p>Some samples are serious.</p>",
            "effects": [
                _effect(f"Sample rash {n}", urgency=urgency.value, what_to_do="Say “sample”.")
                for n, urgency in enumerate(Urgency, start=1)
            ],
        },
    }
    if not short:
        link = f'<p>See <a linktype="page" id="{condition.pk}">samplitis</a>.</p>'
        sections["how_it_works"]["content"] += [*_every_part(image), _text(link)]
        inner = {"condition": condition.pk, "content": _every_part(image)}
        sections["who_should_take_it"]["content"].append({"type": "for_condition", "value": inner})
        sections["common_side_effects"]["common_effects"] = [
            _effect(f"Sample effect {n}", frequency=frequency.value, explanation="It is made up.")
            for n, frequency in enumerate(Frequency, start=1)
        ]
        companions = [
            {"medicine": other.pk, "name": "", "why": "They are made up together."},
            {"medicine": None, "name": "th\u00e9", "why": ""},
        ]
        sections["commonly_used_with"]["companions"] = companions
        sections["commonly_tested_with"]["companions"] = companions[1:]
    if standard:
        included = f"{standard.key}/{standard.number}/{standard.sha256}"
        sections["living_with_it"]["content"].append({"type": "standard_text", "value": included})
    return _stream([{"type": name, "value": value} for name, value in sections.items()])


def _sources() -> str:
    label = {
        "reference": "label",
        "title": "A made-up label",
        "publisher": "Nobody",
        "date_seen": "2026-01-31",
    }
    guide = {
        "reference": "guide",
        "title": "A guide",
        "address": "https://example.org/guide",
        "date_seen": None,
    }
    return _stream(
        [{"type": "source", "value": {"publisher": "", "address": "", **row}} for row in (label, guide)]
    )


def _fill_monograph(page: MonographPage, drug_class: DrugClassPage) -> None:
    page.brand_names = ["Exampla", "Sämpla"]
    page.pronunciation = "eg-ZAM-pli-nib"
    page.drug_class = drug_class
    page.routes = ["oral", "skin"]
    page.rxcui, page.atc, page.unii = ["0000001", "0000002"], "X00XX00", "SAMPLE0000"
    page.label_set_id, page.label_version = "00000000-0000-0000-0000-000000000000", "1"
    page.change_note, page.review_interval_months = "First edition.", 24
    page.sources = _sources()


def _fill_home(page: HomePage) -> None:
    page.title, page.summary = "Sample medicines", "Pages about medicines that do not exist."
    page.organisation, page.notice = "Example Foundation", "A sample: nothing here is real."
    page.account_label, page.account_address = "Sign in", "https://example.org/account"
    page.app_heading, page.app_text = "Take samples along", "There is no app."
    page.app_links = _stream(
        [{"type": "link", "value": {"label": "No app", "address": "https://example.org/app"}}]
    )
    page.body = _stream([_text("<p>Welcome to the samples.</p>")])


def picture() -> ImageFile:
    """The one picture of the sample."""
    out = BytesIO()
    Picture.new("RGB", (20, 10), "teal").save(out, "PNG")
    return ImageFile(BytesIO(out.getvalue()), name=f"{PICTURE}.png")


# --- Drafts, as they were stored with the editions ---------------------------------------------------


def drafts() -> list[dict[str, Any]]:
    """The latest revision of every page; other pages are named by kind and slug instead of their number."""
    names = {page.pk: f"{page.slug}" for page in Page.objects.all()}
    found = []
    for page in Page.objects.order_by("depth", "path").specific():
        if isinstance(page, ReviewedPage) and page.latest_revision:
            content = {
                name: _with_names(_parsed(value), names, name)
                for name, value in page.latest_revision.content.items()
                if name not in NOT_CONTENT
            }
            found.append(
                {
                    "model": page._meta.label,
                    "key": str(page.translation_key),
                    "parent": names[page.get_parent().pk],
                    "content": content,
                }
            )
    return found


def _parsed(value: Any) -> Any:
    """The value of a field; stream fields are stored as JSON text."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def _with_names(value: Any, names: dict[int, str], field: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _with_names(v, names, k) for k, v in value.items() if k != "id"}
    if isinstance(value, list):
        return [_with_names(item, names, field) for item in value]
    if field in ("drug_class", "conditions", "condition", "medicine") and isinstance(value, int):
        return f"page:{names[value]}"
    if field == "image":
        return f"image:{PICTURE}"
    if isinstance(value, str):
        return re.sub(
            r'linktype="page" id="(\d+)"', lambda m: f'linktype="page" id="page:{names[int(m[1])]}"', value
        )
    return value
