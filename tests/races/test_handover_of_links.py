"""A link for an outside expert ends with its maker's account, while the expert signs by it."""

from functools import partial
from typing import Any

import pytest

from monographs.core.locks import lock_page_keys
from monographs.editions.verify import verify
from monographs.review.handover.hand_over import HandOver
from monographs.review.models import OutsideLink
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from tests.factories import PASSWORD, make_monograph, submit
from tests.races.connections import elsewhere, held, waits_for_page

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_links_of_who_leaves_end_before_or_after_a_signature(
    writer: Any, editor: Any, superuser: Any
) -> None:
    """Otherwise the record had the end of the link first, and both verifiers would refuse the signature."""
    submission = submit(make_monograph(by=writer), writer)
    MakeOutsideLink(editor, submission, expert="Dr. Z", days=7).execute()
    with elsewhere() as run:
        with held(partial(lock_page_keys, submission.key)):
            attempt = run(HandOver(superuser, editor, choices={}, defaults={}, password=PASSWORD).execute)
            assert waits_for_page(attempt)
        attempt.result(30)
    assert OutsideLink.objects.exclude(revoked_at=None).exists()
    verify()
