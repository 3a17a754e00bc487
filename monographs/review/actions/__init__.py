"""Everything that can be done in review: check, change, ledger, in one object for views and scripts alike."""

from monographs.review.actions.recalling import Recall, Return
from monographs.review.actions.signing import MEANING, Sign
from monographs.review.actions.submitting import Submit

__all__ = ["MEANING", "Recall", "Return", "Sign", "Submit"]
