"""Where new versions of labels come from: DailyMed, openFDA, or files. Each answers the same questions."""

import json
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from monographs.label_watch.polite_http import HttpAnswer, PoliteHttp, ServiceUnavailable
from monographs.labels.dailymed_history import history_page
from monographs.labels.label_error import LabelRefused
from monographs.labels.label_files import canonical_result
from monographs.labels.spl import SET_ID, read_version

_OK, _NOT_MODIFIED, _NOT_FOUND, _GONE = 200, 304, 404, 410
#: Pages of a list that are read: of 100 entries each.
_MOST_PAGES = 40


@dataclass(frozen=True, slots=True)
class NewestVersion:
    """What a service says about a label: ``version`` is None if it is as at the last question
    (``etag``). ``data`` has the bytes of this version where the service sends them with the answer.
    """

    version: int | None
    etag: str = ""
    data: bytes | None = None
    address: str = ""


class LabelGone(Exception):
    """The service does not have the label, or a version of it (any more)."""


class LabelNotHeld(LabelRefused):
    """The source does not have the label, which another may have."""


class LabelService(Protocol):
    """A service that is asked about one label after another.

    Its methods raise ``ServiceUnavailable`` without a usable answer and ``LabelRefused`` for an answer that
    is something else.
    """

    @property
    def name(self) -> str:
        """The name of the service, for messages."""
        ...

    def newest(self, set_id: str, etag: str) -> NewestVersion:
        """Return the newest version. Raises ``LabelGone``."""
        ...

    def fetch(self, set_id: str) -> tuple[bytes, str]:
        """Return the bytes of the newest version and their address. Raises ``LabelGone``."""
        ...

    def fetch_version(self, set_id: str, version: int) -> tuple[bytes, str] | None:
        """Return a zip with an older version and its address; None if the service has the newest ones only.

        Raises ``LabelGone``.
        """
        ...

    def labels_of_product(self, application_number: str) -> dict[str, str] | None:
        """Return set ids and titles of all labels of a product; None if the service has no such list."""
        ...


@dataclass(frozen=True)
class DailyMed:
    """DailyMed's web service, version 2: a list of versions, and the newest version as SPL XML."""

    http: PoliteHttp
    name: str = "DailyMed"

    def newest(self, set_id: str, etag: str) -> NewestVersion:
        newest, tag = 0, ""
        for number in range(1, _MOST_PAGES + 1):
            answer = self._answer(
                f"spls/{set_id}/history.json?pagesize=100&page={number}", etag if number == 1 else ""
            )
            if answer.status == _NOT_MODIFIED:
                return NewestVersion(None, etag)
            page = history_page(_json(answer))
            if page.set_id != set_id:
                raise LabelRefused(f"DailyMed was asked for {set_id} and answered about {page.set_id}")
            newest = max(newest, page.newest)
            tag = tag or answer.headers.get("ETag", "")
            if page.next_page is None:
                break
        if not newest:
            raise LabelRefused("DailyMed's list of versions is empty")
        return NewestVersion(newest, tag)

    def fetch(self, set_id: str) -> tuple[bytes, str]:
        answer = self._answer(f"spls/{set_id}.xml")
        return answer.body, answer.address

    def fetch_version(self, set_id: str, version: int) -> tuple[bytes, str] | None:
        # Beside the web service, not in it: …/dailymed/getFile.cfm
        answer = self._answer(f"../../getFile.cfm?type=zip&setid={set_id}&version={version}")
        return answer.body, answer.address

    def labels_of_product(self, application_number: str) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for number in range(1, _MOST_PAGES + 1):
            asked = f"spls.json?application_number={quote(application_number)}&pagesize=100&page={number}"
            data = _json(self._answer(asked))
            rows = data.get("data") if isinstance(data, dict) else None
            if not isinstance(rows, list):
                raise LabelRefused("the answer is no list of labels of DailyMed")
            found |= {row["setid"].lower(): str(row.get("title", "")) for row in rows if _has_set_id(row)}
            pages = data.get("metadata")
            if not isinstance(pages, dict) or not str(pages.get("next_page")).isdigit():
                break
        return found

    def _answer(self, path: str, etag: str = "") -> HttpAnswer:
        answer = self.http.get(path, etag=etag)
        if answer.status in (_NOT_FOUND, _GONE):
            raise LabelGone(f"{self.name} does not know it (HTTP {answer.status})")
        if answer.status not in (_OK, _NOT_MODIFIED):
            raise ServiceUnavailable(f"{answer.address} answers {answer.status}")
        return answer


@dataclass(frozen=True)
class OpenFda:
    """openFDA's ``drug/label``: one answer has the newest version, text and all."""

    http: PoliteHttp
    name: str = "openFDA"

    def newest(self, set_id: str, etag: str) -> NewestVersion:
        data, address, tag = self._result(set_id, etag)
        if data is None:
            return NewestVersion(None, etag)
        result = json.loads(data)
        answered = str(result.get("set_id", "")).lower()
        if answered != set_id:
            raise LabelRefused(f"openFDA was asked for {set_id} and answered about {answered or 'no label'}")
        return NewestVersion(read_version(str(result.get("version", ""))), tag, data, address)

    def fetch(self, set_id: str) -> tuple[bytes, str]:
        data, address, _ = self._result(set_id, "")
        if data is None:
            raise ServiceUnavailable(f"{address} answers that nothing has changed, without being asked that")
        return data, address

    def fetch_version(self, set_id: str, version: int) -> tuple[bytes, str] | None:
        """Return None: openFDA has the newest version of each label only."""
        return None

    def labels_of_product(self, application_number: str) -> dict[str, str] | None:
        """Return None: openFDA lacks whole kinds of products, whose labels would seem to be gone."""
        return None

    def _result(self, set_id: str, etag: str) -> tuple[bytes | None, str, str]:
        answer = self.http.get(f"label.json?search=set_id:%22{set_id}%22&limit=2", etag=etag)
        if answer.status == _NOT_MODIFIED:
            return None, answer.address, etag
        if answer.status == _NOT_FOUND:
            # Not "gone": openFDA lacks whole kinds of products, and drops labels that are still in use
            raise LabelNotHeld(f"{self.name} does not have it; DailyMed may")
        if answer.status != _OK:
            raise ServiceUnavailable(f"{answer.address} answers {answer.status}")
        results = _json(answer).get("results")
        if not isinstance(results, list) or len(results) != 1:
            raise LabelRefused("openFDA's answer is not about one label")
        return canonical_result(results[0]), answer.address, answer.headers.get("ETag", "")


def _json(answer: HttpAnswer) -> Any:
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        kind = answer.headers.get("Content-Type", "no type")
        raise LabelRefused(f"{answer.address} answers with something that is not JSON ({kind})") from error
    if not isinstance(data, dict):
        raise LabelRefused(f"{answer.address} answers with JSON of another kind")
    return data


def _has_set_id(row: Any) -> bool:
    return isinstance(row, dict) and SET_ID.fullmatch(str(row.get("setid", "")).lower()) is not None
