"""Notes that an outside expert leaves by a link without an account, for tests."""

from typing import Any

from django.test import Client

from monographs.review.models import Submission
from monographs.review.outside_review.outside_actions import MakeOutsideLink


def left_by_link(submission: Submission, maker: Any, expert: str, words: str) -> None:
    """Leave a note by a link that ``maker`` made for ``expert``."""
    key = MakeOutsideLink(maker, submission, expert=expert, days=7).execute()
    form = {"section": "how_it_works", "body": words, "quote": ""}
    assert Client().post(f"/admin/outside-review/?key={key}", form).status_code == 302
