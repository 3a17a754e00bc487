"""Twenty reviewers sign at the same time: one text, one that needs two signatures, twenty texts."""

import html
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.crash.operations import SIGNED
from tests.crash.service import Service
from tests.crash.web import PendingSubmission, WebResponse, WebUser

pytestmark = pytest.mark.xdist_group("crash")

#: A thread for each reviewer: two processes with ten each.
CONCURRENT = {"workers": 2, "threads": 10}
REVIEWERS = 20


@pytest.fixture
def service(serve: Callable[..., Service]) -> Service:
    """The service, with a thread for each reviewer."""
    return serve(**CONCURRENT)


def all_reviewers(service: Service) -> list[WebUser]:
    """Return clients of twenty reviewers."""
    return [service.user(f"reviewer{number}") for number in range(1, REVIEWERS + 1)]


def sign_at_once(people: Sequence[WebUser], medicines: Sequence[PendingSubmission]) -> list[WebResponse]:
    """Let each client sign one medicine at the same time; return the responses."""
    barrier = threading.Barrier(len(people))

    def sign(person: WebUser, medicine: PendingSubmission) -> WebResponse:
        barrier.wait()
        return person.sign(medicine)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(sign, people, medicines))


def facts(service: Service, medicine: PendingSubmission) -> dict[str, Any]:
    """Return the facts of ``medicine``."""
    found: dict[str, Any] = service.call("facts", submission=medicine.submission)
    return found


def refusal(answer: WebResponse) -> str:
    """What a refused reviewer reads first."""
    found = re.search(r'<li class="error">(.*?)</li>', answer.body.decode(), re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", found.group(1)) if found else answer.body.decode()
    return " ".join(html.unescape(words).split())


def test_twenty_reviewers_of_one_text_make_one_edition_with_one_signature(service: Service) -> None:
    medicine = service.reset()[0]
    answers = sign_at_once(all_reviewers(service), [medicine] * REVIEWERS)
    assert sorted(answer.status for answer in answers) == [302] + [403] * (REVIEWERS - 1)
    for answer in answers:
        if answer.status == 403:
            assert re.match(
                r"This text is no longer in review: signed by Reviewer\d+ Tester\.", refusal(answer)
            )
    service.call("verify")
    assert facts(service, medicine) == SIGNED.facts
    assert service.call("refusals") == ["not_in_review"] * (REVIEWERS - 1)


def test_of_twenty_reviewers_two_sign_where_two_must(service: Service) -> None:
    before = service.reset()[0]
    medicine = PendingSubmission(
        **service.call("require_signatures", submission=before.submission, signatures=2)
    )
    answers = sign_at_once(all_reviewers(service), [medicine] * REVIEWERS)
    assert sorted(answer.status for answer in answers) == [302] * 2 + [403] * (REVIEWERS - 2)
    service.call("verify")
    assert facts(service, medicine) == SIGNED.facts | {"signatures": 2}


def test_twenty_reviewers_of_twenty_texts_make_twenty_editions(service: Service) -> None:
    medicines = service.reset()
    answers = sign_at_once(all_reviewers(service), medicines)
    assert [answer.status for answer in answers] == [302] * len(medicines)
    service.call("verify")
    assert all(facts(service, medicine) == SIGNED.facts for medicine in medicines)
