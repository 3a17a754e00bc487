"""Sample documents for the style guide: the monograph of an invented medicine, and a home page."""

from datetime import UTC, date, datetime

from monographs.document import HomeDocument, MonographDocument
from monographs.document.models import Identifiers, Link, Reference, Source
from monographs.editions.prepared_sentences import AGENCY, WITH_DATE
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public.label_state import LabelState, PatientSentence
from monographs.public.queries import LaterWithdrawal, ReadEdition
from monographs.styleguide.sections import CLASS, FIRST, KEY, SECOND, SECTIONS

MONOGRAPH = MonographDocument(
    key=KEY.format(9),
    slug="sampleumab",
    title="sampleumab",
    summary="Sampleumab is an invented medicine. It shows how a page looks.",
    change_note="What changed, in one line.",
    review_interval_months=12,
    demonstration=True,
    brand_names=("Samplia", "Exempla"),
    pronunciation="sam-PLOO-mab",
    drug_class=Reference(key=CLASS, name="Sample class"),
    conditions=(
        Reference(key=FIRST, name="Sample condition"),
        Reference(key=SECOND, name="Another condition"),
    ),
    routes=("By mouth", "Infusion into a vein (IV)"),
    identifiers=Identifiers(label_set_id="38b482a8-0000-0000-0000-000000000000", label_version="12"),
    sections=SECTIONS,
    sources=(
        Source(
            number=1,
            title="Sample prescribing information",
            publisher="US Food and Drug Administration",
            address="https://example.org/label",
            date_seen=date(2026, 11, 2),
        ),
        Source(number=2, title="A textbook"),
    ),
)

HOME = HomeDocument(
    key=KEY.format(8),
    slug="home",
    title="Medicines in plain words",
    review_interval_months=12,
    organisation="Sample Foundation",
    account_link=Link(label="Sign in", address="https://example.org/account"),
    if_nobody_answers="If nobody answers, go to an emergency room.",
    app_heading="Take these pages with you",
    app_text="With the app you can keep the pages you need.",
    app_links=(Link(label="App for iPhone", address="https://example.org/ios"),),
    notice="A notice at the top of every page.",
)


LABEL = LabelState(
    set_id=MONOGRAPH.identifiers.label_set_id,
    newest=12,
    checked_on=date(2026, 11, 28),
    gone=False,
    effective=date(2026, 5, 4),
    answered=None,
)
#: What a reviewer signed for patients about a grave change of the label.
SENTENCE = PatientSentence(WITH_DATE, AGENCY, date(2026, 11, 2), MONOGRAPH.identifiers.label_set_id, 13)

_MISTAKE = REASON_TEXTS[WithdrawalReason.MISTAKE]
#: Why an edition after an old one was withdrawn.
LATER_WITHDRAWAL = LaterWithdrawal(2, _MISTAKE.reason, _MISTAKE.advice)


def edition(*, number: int = 3, latest: int = 3, next_due: date = date(2099, 1, 1)) -> ReadEdition:
    """Return a sample edition; a superseded one if ``latest`` is higher than ``number``."""
    return ReadEdition(
        number=number,
        slug=MONOGRAPH.slug,
        sha256="7cd8ecdf56270e49" * 4,
        reviewers=[
            {"name": "Robin Sample", "credentials": "PharmD"},
            {"name": "Rowan Sample", "credentials": "MD"},
        ],
        last_reviewed=date(2026, 11, 2),
        next_due=next_due,
        change_note=MONOGRAPH.change_note,
        review_kind="full_review",
        restores=None,
        published_at=datetime(2026, 11, 3, tzinfo=UTC),
        path=MONOGRAPH.path,
        latest=latest,
        history=f"{MONOGRAPH.path}editions/",
        label=LABEL,
    )
