"""Documents and signed editions of them, made through the real edition code."""

import json
import uuid
from typing import Any

from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client
from django.utils import timezone

from monographs.document import (
    SECTION_HEADINGS,
    ConditionDocument,
    DrugClassDocument,
    HomeDocument,
    InformationDocument,
    MonographDocument,
    Section,
    SectionType,
    sha256_of,
)
from monographs.document.canonical import canonical_bytes, sha256_hex
from monographs.document.models import BaseDocument, Link, Reference, Source
from monographs.document.parts import Companion, Companions, Effect, Effects, Frequency, Text, Urgency
from monographs.editions import withdrawing
from monographs.editions.causes import Cause
from monographs.editions.ledger import Event, record_submission
from monographs.editions.making import Step, columns_of, flip, make_edition
from monographs.editions.models import (
    Edition,
    LedgerEntry,
    Publication,
    PublicationState,
    ReviewKind,
    Signature,
)
from monographs.editions.people import SYSTEM
from monographs.editions.withdrawing import withdrawal_text

STEP = Step("Medical review")


def soup(client: Client, path: str) -> Any:
    """The page at ``path``, to be searched."""
    return BeautifulSoup(client.get(path).content, "html.parser")


def key() -> str:
    """A new page's key."""
    return str(uuid.uuid4())


def publish(
    document: BaseDocument, *, current: bool = True, kind: ReviewKind = ReviewKind.FULL_REVIEW, **kwargs: Any
) -> Edition:
    """Sign ``document``, make its next edition, and show it."""
    submission, sha256 = uuid.uuid4(), sha256_of(document)
    with transaction.atomic():
        record_submission(SYSTEM, document.key, submission, sha256=sha256, steps=[STEP.as_record()])
        Signature.objects.create(
            submission=submission,
            key=document.key,
            sha256=sha256,
            step=STEP.step,
            meaning="I have read this text and approve it.",
            user_id=7,
            username="reviewer",
            name="Rosa Reviewer",
            credentials="PharmD",
        )
        edition = make_edition(
            document,
            submission=submission,
            steps=[STEP],
            review_kind=kind,
            reason="Test.",
            actor=SYSTEM,
            **kwargs,
        )
        if current:
            flip(edition, actor=SYSTEM)
    return edition


def withdraw(edition: Edition, cause: Cause = Cause.MISTAKE, note: str = "A wrong dose.") -> None:
    """Take a page away, as a signed withdrawal does."""
    act = uuid.uuid4()
    with transaction.atomic():
        signature = Signature.objects.create(
            submission=act,
            key=edition.key,
            sha256=sha256_hex(withdrawal_text(act, edition, cause, note).encode()),
            step="Withdrawal",
            meaning="I withdraw this page.",
            user_id=7,
            username="reviewer",
            name="Rosa Reviewer",
            credentials="PharmD",
        )
        withdrawing.withdraw(signature, edition, cause, note, SYSTEM)


def section(kind: SectionType, *parts: Any, sources: tuple[int, ...] = (1,)) -> Section:
    """A section under its own heading."""
    return Section(type=kind, heading=SECTION_HEADINGS[kind], parts=parts, sources=sources)


def text(html: str) -> Text:
    """A paragraph."""
    return Text(html=html if html.startswith("<") else f"<p>{html}</p>")


def effect(name: str, urgency: Urgency | None = None, frequency: Frequency | None = None) -> Effect:
    """A side effect with the labels its document must hold."""
    return Effect(
        name=name,
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
        what_to_do=f"What to do about {name}.",
    )


def sections(*first: Any, companions: tuple[Companion, ...] = ()) -> tuple[Section, ...]:
    """A boxed warning and the seven required sections; ``first`` are parts of *How it works*."""
    s = SectionType
    serious = Effects(
        group="serious", heading="Serious side effects", items=(effect("Seizure", Urgency.CALL_911),)
    )
    common = Effects(group="common", items=(effect("Fever", Urgency.CALL_TODAY, Frequency.COMMON),))
    return (
        section(s.BOXED_WARNING, text("It can cause a severe reaction.")),
        section(s.HOW_IT_IS_ADMINISTERED, text("You take 5 mg once a day.")),
        section(s.HOW_IT_WORKS, *(first or (text("It wakes T cells."),)), sources=(1, 2)),
        section(s.COMMON_SIDE_EFFECTS, text("Many people have some."), common, serious),
        section(s.WHO_SHOULD_TAKE_IT, text("Adults.")),
        section(s.WHO_SHOULD_NOT_TAKE_IT, text("Anyone allergic to it.")),
        section(s.COMMONLY_USED_WITH, text("Steroids."), Companions(items=companions)),
        section(s.COMMONLY_TESTED_WITH, text("Chemotherapy."), sources=()),
    )


def monograph(title: str = "testumab", **fields: Any) -> MonographDocument:
    """A complete monograph."""
    defaults: dict[str, Any] = {
        "key": key(),
        "slug": title,
        "title": title,
        "brand_names": ("Testra",),
        "summary": f"{title} is a medicine.",
        "change_note": "First edition.",
        "review_interval_months": 12,
        "routes": ("By mouth",),
        "sections": sections(),
        "sources": (
            Source(number=1, title="The label", publisher="FDA", address="https://example.org/label"),
            Source(number=2, title="A textbook"),
        ),
    }
    return MonographDocument(**{**defaults, **fields})


def drug_class(title: str = "Testing antibodies", **fields: Any) -> DrugClassDocument:
    """A drug class."""
    return DrugClassDocument(**_body(title, "testing-antibodies", fields))


def condition(title: str = "Test leukemia", **fields: Any) -> ConditionDocument:
    """A condition."""
    return ConditionDocument(**_body(title, "test-leukemia", fields))


def information(title: str = "How we write", **fields: Any) -> InformationDocument:
    """A page about the service."""
    return InformationDocument(**_body(title, "how-we-write", fields))


def home(**fields: Any) -> HomeDocument:
    """A home page with every word that frames other pages."""
    frame = {
        "organisation": "Example Foundation",
        "account_link": Link(label="Sign in here", address="https://example.org/account"),
        "app_heading": "Our app",
        "app_text": "Take it along.",
        "app_links": (
            Link(label="App for iPhone", address="https://example.org/ios"),
            Link(label="App for Android", address="https://example.org/android"),
        ),
        "notice": "This is a trial.",
    }
    return HomeDocument(**_body("Medicines in plain words", "home", {**frame, **fields}))


def _body(title: str, slug: str, fields: dict[str, Any]) -> dict[str, Any]:
    defaults = {
        "key": key(),
        "slug": slug,
        "title": title,
        "summary": f"About {title}.",
        "review_interval_months": 24,
        "body": (text("Some words."),),
    }
    return {**defaults, **fields}


def reference(document: BaseDocument) -> Reference:
    """How another document names this one."""
    return Reference(key=document.key, name=document.title)


def publish_many(documents: list[MonographDocument]) -> None:
    """Publish first editions by the thousand; rows as ``make_edition`` writes them, the ledger short."""
    now = timezone.now()
    editions = []
    for document in documents:
        canonical = canonical_bytes(document).decode()
        editions.append(
            Edition(
                key=document.key,
                number=1,
                canonical=canonical,
                sha256=sha256_of(document),
                submission=uuid.uuid4(),
                steps=[STEP.as_record()],
                review_kind=ReviewKind.FULL_REVIEW,
                reason="Test.",
                last_reviewed=now.date(),
                next_due=now.date(),
                effective_at=now,
                created_at=now,
                **columns_of(document),
            )
        )
    Signature.objects.bulk_create(
        Signature(
            submission=e.submission,
            key=e.key,
            sha256=e.sha256,
            step=STEP.step,
            meaning="Approved.",
            user_id=7,
            username="reviewer",
            name="Rosa Reviewer",
            credentials="PharmD",
        )
        for e in editions
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            event=Event.SUBMITTED,
            subject=e.key,
            body=json.dumps(
                {"data": {"submission": str(e.submission), "sha256": e.sha256, "steps": e.steps}}
            ),
        )
        for e in editions
    )
    Publication.objects.bulk_create(
        Publication(path=e.path, key=e.key, edition=e, state=PublicationState.CURRENT, flipped_at=now)
        for e in Edition.objects.bulk_create(editions)
    )
