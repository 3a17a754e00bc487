"""Two medicines of one name that are to become public at the same moment: patients read one of them."""

from typing import Any

import pytest

from devtools.synthetic.publisher import publish as publish_document
from monographs.editions.models import LedgerEntry, Publication
from monographs.editions.publishing import NameTaken
from monographs.editions.verify import verify
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Sign
from monographs.review.models import Submission
from tests.factories import PASSWORD, make_monograph, read_all, submit
from tests.races.connections import SECONDS, elsewhere, held, waits

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    (("vexarubicin", []), ("vexarubicin", [])),
    (("vexarubicin", []), ("VEXARUBICIN", [])),
    (("vexarubicin", []), ("otherumab", ["Vexarubicin"])),
    (("otherumab", ["Vexarubicin"]), ("vexarubicin", [])),
]


def in_review(writer: Any, reader: Any, slug: str, name: tuple[str, list[str]]) -> Submission:
    """A text in review, read by ``reader``."""
    title, brands = name
    made = submit(make_monograph(title, slug=slug, by=writer, brand_names=brands), writer)
    read_all(made, reader)
    return made


def signature(reader: Any, submission: Submission) -> Sign:
    """The last signature that ``submission`` needs."""
    return Sign(reader, submission, password=PASSWORD, seen_sha256=submission.sha256)


@pytest.mark.parametrize(("first", "second"), NAMES)
def test_a_signature_of_a_second_text_of_a_name_waits_and_is_refused(
    site: Any, writer: Any, reviewer: Any, reviewer2: Any, first: Any, second: Any
) -> None:
    one = in_review(writer, reviewer, "one", first)
    other = in_review(writer, reviewer2, "other", second)
    with elsewhere() as run:
        with held(signature(reviewer, one).execute):
            attempt = run(signature(reviewer2, other).execute)
            assert waits(attempt), "for the ledger"
        refusal = attempt.exception(SECONDS)
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == Rule.NAME_TAKEN
    assert f"“{first[0]}” (/medicines/one/)" in refusal.message
    assert [row.path for row in Publication.objects.all()] == ["/medicines/one/"]
    assert LedgerEntry.objects.filter(event="edition").count() == 1
    verify()


def test_of_two_signatures_at_once_one_is_stored(
    site: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    texts = [
        signature(reader, in_review(writer, reader, slug, ("vexarubicin", [])))
        for reader, slug in ((reviewer, "one"), (reviewer2, "other"))
    ]
    with elsewhere() as run:
        ends = [attempt.exception(SECONDS) for attempt in [run(each.execute) for each in texts]]
    [refusal] = [end for end in ends if end is not None]
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == Rule.NAME_TAKEN
    assert Publication.objects.count() == 1
    verify()


def test_no_code_publishes_a_second_text_of_a_name(site: Any, writer: Any) -> None:
    """Also what publishes without the actions of a review."""
    one, other = (
        make_monograph("vexarubicin", slug=slug, by=writer).get_latest_revision_as_object().to_document()
        for slug in ("one", "other")
    )
    publish_document(one)
    with pytest.raises(NameTaken, match="/medicines/one/"):
        publish_document(other)
    assert Publication.objects.count() == 1
    verify()
