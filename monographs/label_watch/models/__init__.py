"""Stored versions of labels, the labels that monographs follow, tasks about them, and citations."""

from monographs.editions.functions import BytesSha256  # a migration names it here
from monographs.label_watch.models.label_citation import Citation, RestedVersion, WatchedEdition
from monographs.label_watch.models.label_task import LabelAnswer, UpdateTask
from monographs.label_watch.models.label_version import (
    SET_ID_LENGTH,
    FollowedLabel,
    LabelCheck,
    LabelNotice,
    LabelNoticeKind,
    LabelStep,
    LabelVersion,
    ProductLabel,
)

__all__ = [
    "SET_ID_LENGTH",
    "BytesSha256",
    "Citation",
    "FollowedLabel",
    "LabelAnswer",
    "LabelCheck",
    "LabelNotice",
    "LabelNoticeKind",
    "LabelStep",
    "LabelVersion",
    "ProductLabel",
    "RestedVersion",
    "UpdateTask",
    "WatchedEdition",
]
