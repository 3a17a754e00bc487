"""Invariants after every step, checked on public pages over HTTP."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from monographs.editions.export.record_tables import TABLES
from monographs.editions.verify import VerificationError, verify
from tests.stateful.admin_client import rows
from tests.stateful.oracle import Oracle, OraclePage
from tests.stateful.oracle_submissions import FIGURE, OracleText, names, require, words
from tests.stateful.running_site import HttpClient, StepResponse

SHA256_DIGITS = 64
#: Addresses that may only show signed words, of any page.
LIST_ADDRESSES = (
    "/",
    "/medicines/",
    "/classes/",
    "/conditions/",
    "/search/?q=zq",
    "/sitemap.xml",
    "/no-such-page/",
)


#: The name of each table of the record and a hash of all its rows.
_DIGESTS = " UNION ALL ".join(
    f"SELECT '{table.name}' AS name, md5(string_agg(each::text, ' ' ORDER BY each::text)) AS digest "  # noqa: S608
    f'FROM "{table.model._meta.db_table}" each'
    for table in TABLES
)


class PublicReader:
    """Checks every public page after every step, and the lists in turn."""

    def __init__(self, client: HttpClient) -> None:
        self.client = client
        self.turn = 0

    def read_all(self, oracle: Oracle, drafts: Iterable[str], *, everything: bool = False) -> None:
        """Check each public page, and the next of the lists, old editions and drafts' addresses.

        ``drafts`` are paths that pages would have if their drafts were public. ``everything`` skips no list.
        """
        for path in oracle.paths:
            self._check_path(oracle, path)
        asides = [
            *self._lists(oracle),
            *self._drafts(oracle, drafts),
            *self._histories(oracle),
            *self._figures(oracle),
        ]
        if everything:
            chosen = asides
        else:
            self.turn += 1
            chosen = [asides[self.turn % len(asides)]]
        for check in chosen:
            check()

    def _check_path(self, oracle: Oracle, path: str) -> None:
        found = oracle.at(path)
        require(found is not None, f"nobody knows what {path} is")
        assert found is not None
        page, text = found
        answer = self.client.get(path)
        if path != text.path:
            require(
                (answer.status, answer.location) == (301, text.path),
                f"{path} moved to {text.path} but answers {answer.status} {answer.location}",
            )
        elif page.withdrawn:
            require(answer.status == 410, f"{path} was withdrawn but answers {answer.status}")
            require(
                words(answer.text) <= words(text.title) and not names(answer.text),
                f"{path} was withdrawn and says more than its name",
            )
        else:
            self._check_edition(oracle, path, answer, text, len(page.editions))
            named = names(answer.text)
            require(
                named == page.signers[-1],
                f"{path} names {sorted(named)}, signed as {sorted(page.signers[-1])}",
            )

    def _check_edition(
        self, oracle: Oracle, path: str, answer: StepResponse, text: OracleText, number: int
    ) -> None:
        require(answer.status == 200, f"{path} is public but answers {answer.status}")
        name, tag = answer.headers.get("x-edition"), answer.headers.get("etag", "")
        require(name == f"{text.slug}/{number}", f"{path} calls itself {name}, not {text.slug}/{number}")
        require(tag.startswith(f'"{text.sha256}-'), f"{path} is tagged {tag}, not with the signed hash")
        said = words(answer.text)
        missing = text.shown - said
        require(not missing, f"{path} lacks signed words: {sorted(missing)}")
        extra = said - text.allowed - oracle.listed()
        require(not extra, f"{path} says what nobody signed for it: {sorted(extra)}")
        if text.kind == "monograph":
            own = said - text.allowed - words(list(oracle.paths))
            require(not own, f"{path} says what was signed for other pages: {sorted(own)}")
        figures = set(FIGURE.findall(answer.text))
        require(
            figures == text.figures, f"{path} shows {sorted(figures)}, signed were {sorted(text.figures)}"
        )

    def _lists(self, oracle: Oracle) -> list[Callable[[], None]]:
        return [partial(self._check_list, oracle, path) for path in LIST_ADDRESSES]

    def _check_list(self, oracle: Oracle, path: str) -> None:
        said = self.client.get(path).text
        extra = (words(said) - oracle.listed()) | (names(said) - oracle.signers())
        require(not extra, f"{path} says what nobody signed: {sorted(extra)}")

    def _drafts(self, oracle: Oracle, drafts: Iterable[str]) -> list[Callable[[], None]]:
        return [partial(self._check_missing, path) for path in sorted(set(drafts) - set(oracle.paths))]

    def _check_missing(self, path: str) -> None:
        answer = self.client.get(path)
        require(answer.status == 404, f"{path} was never signed but answers {answer.status}")
        require(not words(answer.text), f"{path} was never signed and says {sorted(words(answer.text))}")

    def _histories(self, oracle: Oracle) -> list[Callable[[], None]]:
        public = (page for page in oracle.pages.values() if page.current and not page.withdrawn)
        medicines = (page for page in public if page.current and page.current.kind == "monograph")
        return [partial(self._check_history, oracle, page) for page in medicines]

    def _figures(self, oracle: Oracle) -> list[Callable[[], None]]:
        public = oracle.public_figures()
        known = oracle.figures() | {name for name in oracle.author if len(name) == SHA256_DIGITS}
        return [partial(self._check_figure, name, name in public) for name in sorted(known)]

    def _check_figure(self, sha256: str, public: bool) -> None:
        answer = self.client.get(f"/figures/{sha256}.png")
        require(
            answer.status == (200 if public else 404), f"figure {sha256}: {answer.status}, public: {public}"
        )
        require(
            not public or hashlib.sha256(answer.body).hexdigest() == sha256, f"figure {sha256} is another"
        )

    def _check_history(self, oracle: Oracle, page: OraclePage) -> None:
        current = page.current
        assert current is not None
        known = frozenset[str]().union(*(text.allowed for text in page.editions)) | oracle.listed()
        history = self.client.get(f"{current.path}editions/").text
        extra = (words(history) - known) | (names(history) - frozenset[str]().union(*page.signers))
        require(not extra, f"the history of {current.path} says what nobody signed: {sorted(extra)}")
        for number, text in enumerate(page.editions, start=1):
            path = f"{current.path}editions/{number}/"
            answer = self.client.get(path)
            if text.sha256 in page.withdrawn_texts:
                require(answer.status == 410, f"{path} was withdrawn but answers {answer.status}")
                continue
            require(answer.status == 200, f"{path} was signed but answers {answer.status}")
            said = words(answer.text)
            require(text.shown <= said, f"{path} lacks signed words: {sorted(text.shown - said)}")
            extra = said - text.allowed - words(list(oracle.paths))
            extra |= names(answer.text) - page.signers[number - 1]
            require(not extra, f"{path} says what was not signed in it: {sorted(extra)}")


class RecordVerifier:
    """Runs the project's own verification of the ledger, unless all rows it reads are as before.

    No rule changes the stored files of figures, which it reads, too.
    """

    def __init__(self) -> None:
        self.verified: list[dict[str, Any]] = []

    def check(self) -> None:
        """Verify what has changed since the last call."""
        digests = rows(_DIGESTS)
        if digests == self.verified:
            return
        try:
            verify()
        except VerificationError as fault:
            require(False, f"ledger verify: {fault}")
        self.verified = digests
