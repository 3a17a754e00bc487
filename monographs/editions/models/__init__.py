"""The append-only tables, and the one mutable table, ``Publication``, that holds what is public now,
with ``PublicName`` to find names in it.
"""

from monographs.editions.models.conflict_of_interest import ConflictEnd, ConflictOfInterest
from monographs.editions.models.edition import (
    Edition,
    EditionFigure,
    EditionQuerySet,
    IncludedText,
    ReviewKind,
)
from monographs.editions.models.ledger_entry import LedgerEntry
from monographs.editions.models.named_people import Contribution, Retraction, Signature
from monographs.editions.models.prepared_sentence import PreparedSentence
from monographs.editions.models.public_state import Publication, PublicationState, PublicName, Withdrawal
from monographs.editions.models.signed_heads import Checkpoint, Cosignature, LedgerBlock, TimeStamp
from monographs.editions.models.values import PageKey, iso

__all__ = [
    "Checkpoint",
    "ConflictEnd",
    "ConflictOfInterest",
    "Contribution",
    "Cosignature",
    "Edition",
    "EditionFigure",
    "EditionQuerySet",
    "IncludedText",
    "LedgerBlock",
    "LedgerEntry",
    "PageKey",
    "PreparedSentence",
    "PublicName",
    "Publication",
    "PublicationState",
    "Retraction",
    "ReviewKind",
    "Signature",
    "TimeStamp",
    "Withdrawal",
    "iso",
]
