"""Labels of medicines (SPL XML of DailyMed, JSON of openFDA): read into one model, and compared.

Reading and comparing need no database and no Django. What a label says is data about a label: it reaches
patients only through a monograph's signed text.
"""

from monographs.labels.change_class import ChangeClass, ClassReason
from monographs.labels.label import (
    Label,
    LabelCell,
    LabelFigure,
    LabelSection,
    LabelTable,
    LabelText,
    SourceFormat,
    in_version_order,
)
from monographs.labels.label_comparison import LabelChange, LabelComparison, SectionChange, compare_labels
from monographs.labels.label_error import LabelRefused
from monographs.labels.label_files import LabelContent, label_contents, read_label
from monographs.labels.label_passages import LabelPassage, LabelPassageKind, passages_of
from monographs.labels.likely_passages import LikelyPassage, likely_passages
from monographs.labels.passage_changes import passage_changes

__all__ = [
    "ChangeClass",
    "ClassReason",
    "Label",
    "LabelCell",
    "LabelChange",
    "LabelComparison",
    "LabelContent",
    "LabelFigure",
    "LabelPassage",
    "LabelPassageKind",
    "LabelRefused",
    "LabelSection",
    "LabelTable",
    "LabelText",
    "LikelyPassage",
    "SectionChange",
    "SourceFormat",
    "compare_labels",
    "in_version_order",
    "label_contents",
    "likely_passages",
    "passage_changes",
    "passages_of",
    "read_label",
]
