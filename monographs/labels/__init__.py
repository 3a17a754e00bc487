"""Labels of medicines (SPL XML of DailyMed, JSON of openFDA): read into one model, and compared.

Reading and comparing need no database and no Django. What a label says is data about a label: it reaches
patients only through a monograph's signed text.
"""

from monographs.labels.change_class import ChangeClass, Finding
from monographs.labels.comparison import Change, LabelComparison, SectionChange, compare_labels
from monographs.labels.errors import LabelRefused
from monographs.labels.model import (
    FigureBlock,
    Label,
    LabelCell,
    LabelSection,
    LabelTable,
    SourceFormat,
    TextBlock,
    in_version_order,
)
from monographs.labels.passages import Passage, PassageKind, passages_of
from monographs.labels.sources import LabelContent, label_contents, read_label

__all__ = [
    "Change",
    "ChangeClass",
    "FigureBlock",
    "Finding",
    "Label",
    "LabelCell",
    "LabelComparison",
    "LabelContent",
    "LabelRefused",
    "LabelSection",
    "LabelTable",
    "Passage",
    "PassageKind",
    "SectionChange",
    "SourceFormat",
    "TextBlock",
    "compare_labels",
    "in_version_order",
    "label_contents",
    "passages_of",
    "read_label",
]
