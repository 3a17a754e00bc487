"""Prepared sentences: what patients read on a page while a grave change of its label is not answered.

One reviewer signs it, and nobody else reads the words before patients do. They are therefore prepared here,
reviewed as code and translated with the interface; of the label they have the date alone.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_noop

from monographs.core.db_clock import database_now
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, PreparedSentence, Signature
from monographs.editions.person import Person

#: The agency whose labels are followed.
AGENCY = "FDA"
#: The words, in English; ``wording`` of a row is one of these, and what is translated for readers.
WITH_DATE = gettext_noop(
    "The %(agency)s changed the label on %(day)s. We are checking this page. Ask your care team."
)
WITHOUT_DATE = gettext_noop(
    "The %(agency)s changed the label. We are checking this page. Ask your care team."
)


@dataclass(frozen=True, slots=True)
class ChangedLabel:
    """A version of a label by its facts; ``effective`` is the date that it names, if any."""

    set_id: str
    version: int
    sha256: str
    effective: date | None

    @property
    def wording(self) -> str:
        """The prepared words for it."""
        return WITH_DATE if self.effective else WITHOUT_DATE


def sentence_words(wording: str, agency: str, day: str) -> str:
    """Return a sentence in the active language, in English where it is not translated.

    ``day`` is the date of the label as that language writes it.
    """
    return gettext(wording) % {"agency": agency, "day": day}


def sentence_text(act: uuid.UUID, edition: Edition, label: ChangedLabel) -> str:
    """Canonical JSON of a prepared sentence beside ``edition``, which a reviewer signs."""
    text: dict[str, Any] = {
        "sentence": str(act),
        "key": str(edition.key),
        "edition": edition.number,
        "sha256": edition.sha256,
        "set_id": label.set_id,
        "version": label.version,
        "label_sha256": label.sha256,
        "agency": AGENCY,
        "effective": label.effective.isoformat() if label.effective else None,
        "wording": label.wording,
    }
    return canonical_json(text).decode()


def store_sentence(
    signature: Signature, edition: Edition, label: ChangedLabel, actor: Person
) -> PreparedSentence:
    """Store a prepared sentence by a ``signature`` of its ``sentence_text``, checked at commit."""
    canonical = sentence_text(signature.submission, edition, label)
    sentence = PreparedSentence.objects.create(
        uuid=signature.submission,
        key=edition.key,
        edition=edition,
        set_id=label.set_id,
        version=label.version,
        label_sha256=label.sha256,
        agency=AGENCY,
        effective=label.effective,
        wording=label.wording,
        canonical=canonical,
        sha256=sha256_hex(canonical.encode()),
        at=database_now(),
    )
    append_entry(Event.SENTENCE, actor, sentence.as_record(), subject=edition.key)
    return sentence
