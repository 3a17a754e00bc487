"""Build documents, and publish and withdraw signed editions of them through the production code."""

import uuid
from typing import Any

from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client

from devtools.synthetic.publisher import STEP, publish, sign
from monographs.document import (
    SECTION_HEADINGS,
    ConditionDocument,
    DrugClassDocument,
    HomeDocument,
    InformationDocument,
    MonographDocument,
    Section,
    SectionType,
)
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument, Link, Reference, Source
from monographs.document.parts import Companion, Companions, Effect, Effects, Frequency, Text, Urgency
from monographs.editions import withdrawals
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.withdrawals import withdrawal_text

__all__ = ["STEP", "publish", "sign"]

#: What a page says about caches: browsers ask each time, shared caches after seconds.
SHARED_FOR_SECONDS = (
    "public, max-age=0, must-revalidate, s-maxage=3, stale-while-revalidate=1, stale-if-error=52"
)


def soup(client: Client, path: str) -> Any:
    """Fetch and parse the page at ``path``."""
    return BeautifulSoup(client.get(path).content, "html.parser")


def key() -> str:
    """Return the key of a new page."""
    return str(uuid.uuid4())


def withdraw(
    edition: Edition, cause: WithdrawalReason = WithdrawalReason.MISTAKE, note: str = "A wrong dose."
) -> None:
    """Withdraw a page with a signed withdrawal."""
    act = uuid.uuid4()
    with transaction.atomic():
        sha256 = sha256_hex(withdrawal_text(act, edition, cause, note).encode())
        signature = sign(edition.key, act, sha256, step="Withdrawal")
        withdrawals.withdraw(signature, edition, cause, note, SYSTEM)


def section(kind: SectionType, *parts: Any, sources: tuple[int, ...] = (1,)) -> Section:
    """Return a section with its standard heading."""
    return Section(type=kind, heading=SECTION_HEADINGS[kind], parts=parts, sources=sources)


def text(html: str) -> Text:
    """Return a text part."""
    return Text(html=html if html.startswith("<") else f"<p>{html}</p>")


def effect(name: str, urgency: Urgency | None = None, frequency: Frequency | None = None) -> Effect:
    """Return a side effect with its labels."""
    return Effect(
        name=name,
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
        what_to_do=f"What to do about {name}.",
    )


def sections(*first: Any, companions: tuple[Companion, ...] = ()) -> tuple[Section, ...]:
    """Return a boxed warning and the seven required sections; ``first`` are parts of *How it works*."""
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
    """Return a complete monograph."""
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
    """Return a drug class."""
    return DrugClassDocument(**_body(title, "testing-antibodies", fields))


def condition(title: str = "Test leukemia", **fields: Any) -> ConditionDocument:
    """Return a condition."""
    return ConditionDocument(**_body(title, "test-leukemia", fields))


def information(title: str = "How we write", **fields: Any) -> InformationDocument:
    """Return an information page."""
    return InformationDocument(**_body(title, "how-we-write", fields))


def home(**fields: Any) -> HomeDocument:
    """Return a home page with all texts that frame other pages."""
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
    """Return the reference by which other documents name this one."""
    return Reference(key=document.key, name=document.title)
