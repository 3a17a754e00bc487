"""Many published editions, made as real ones are: signed, checked by the database, told in the ledger."""

import uuid
from itertools import cycle, islice

from django.core.management import call_command
from django.db import transaction

from monographs.document import MonographDocument, sha256_of
from monographs.editions.ledger import record_submission
from monographs.editions.making import Step, flip, make_edition
from monographs.editions.models import Edition, Publication, PublicationState, ReviewKind, Signature
from monographs.editions.people import Person

USER_ID = 1
REVIEWER = Person(id=USER_ID, username="bench", name="Benchmark", credentials="PharmD")
STEP = Step("Benchmark")


def publish_many(wanted: int) -> list[str]:
    """The demonstration content and copies of its medicines, ``wanted`` medicines in all; their paths."""
    call_command("setup_site", verbosity=0)
    call_command("load_demo", verbosity=0)
    public = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    originals = [edition.document for edition in Edition.objects.filter(publications__in=public)]
    missing = max(0, wanted - len(originals))
    for number, original in enumerate(islice(cycle(originals), missing)):
        publish(_copy(original, number))
    return list(public.order_by("path").values_list("path", flat=True))


def _copy(original: MonographDocument, number: int) -> MonographDocument:
    name = f"{original.title}{number:05}"
    changes = {"key": str(uuid.uuid4()), "slug": f"{original.slug}{number:05}", "title": name}
    return original.model_copy(update=changes)


@transaction.atomic
def publish(document: MonographDocument) -> None:
    """Sign ``document`` and make it public."""
    submission, sha256 = uuid.uuid4(), sha256_of(document)
    record_submission(
        REVIEWER,
        document.key,
        submission,
        sha256=sha256,
        steps=[STEP.as_record()],
        review_kind=ReviewKind.FULL_REVIEW,
    )
    Signature.objects.create(
        submission=submission,
        key=document.key,
        sha256=sha256,
        step=STEP.step,
        meaning="A benchmark.",
        user_id=USER_ID,
        username=REVIEWER.username,
        name=REVIEWER.name,
        credentials=REVIEWER.credentials,
    )
    edition = make_edition(
        document,
        submission=submission,
        steps=[STEP],
        review_kind=ReviewKind.FULL_REVIEW,
        reason="A benchmark.",
        actor=REVIEWER,
    )
    flip(edition, actor=REVIEWER)
