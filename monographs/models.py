"""Page types, in the module in which Django looks for models."""

from monographs.pages.base import BodyPage, ReviewedPage, reviewed_page_models
from monographs.pages.body_pages import ConditionPage, DrugClassPage, MonographIndexPage
from monographs.pages.monograph import MonographPage, Route
from monographs.pages.standard_text import StandardTextPage

__all__ = [
    "BodyPage",
    "ConditionPage",
    "DrugClassPage",
    "MonographIndexPage",
    "MonographPage",
    "ReviewedPage",
    "Route",
    "StandardTextPage",
    "reviewed_page_models",
]
