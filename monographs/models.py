"""Page types, in the module in which Django looks for models."""

from monographs.pages.base import BodyPage, ReviewedPage
from monographs.pages.monograph import MonographPage, Route
from monographs.pages.others import ConditionPage, DrugClassPage, MonographIndexPage

__all__ = [
    "BodyPage",
    "ConditionPage",
    "DrugClassPage",
    "MonographIndexPage",
    "MonographPage",
    "ReviewedPage",
    "Route",
]
