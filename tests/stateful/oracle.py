"""What must be true, worked out from what people did and saw, never by the project's own rules.

Every word that a person types in this test is nonsense of its own (``zq00017x``), so it is known who
brought which word, which words went before reviewers, and which of them patients must now find.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WORD = re.compile(r"zq\d{5}x")
FIGURE = re.compile(r"/figures/([0-9a-f]{64})\.")

#: Where each kind of page is read.
ROOM = {"monograph": "medicines", "drug_class": "classes"}


class OracleFinding(AssertionError):
    """A promise that was not kept."""


def hold(true: object, promise: str) -> None:
    """Raise ``OracleFinding`` unless ``true``."""
    if not true:
        raise OracleFinding(promise)


def words(said: Any) -> frozenset[str]:
    """The nonsense words in a text or in plain data."""
    return frozenset(WORD.findall(said if isinstance(said, str) else json.dumps(said, default=str)))


#: What a part of a text said before and says now.
Change = tuple[str, str]
#: What has a part of its own, and what nobody reads.
APART = {"sections", "sources", "body", "schema_version", "kind", "key"}


def parts_of(said: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a document's JSON."""
    found = {"page": {name: value for name, value in said.items() if name not in APART}}
    found |= {section["type"]: section for section in said.get("sections", ())}
    found |= {name: said[name] for name in ("sources", "body") if said.get(name)}
    return {name: json.dumps(value, sort_keys=True) for name, value in found.items()}


@dataclass(frozen=True)
class OracleText:
    """One text as it was put before reviewers."""

    key: str
    sha256: str
    kind: str
    slug: str
    title: str
    class_name: str
    #: Words on the page itself, words that may be there too, and those that lists repeat.
    shown: frozenset[str]
    allowed: frozenset[str]
    listed: frozenset[str]
    figures: frozenset[str]
    drug_class: str = ""
    #: What each part of it says, by the name a reviewer's screen has for it.
    parts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, canonical: str) -> "OracleText":
        """Read a canonical text with nothing but a JSON parser."""
        said = json.loads(canonical)
        named = said.get("drug_class") or {}
        body = said.get("sections") or said.get("body")
        brands = said.get("brand_names", [])
        return cls(
            key=said["key"],
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            kind=said["kind"],
            slug=said["slug"],
            title=said["title"],
            class_name=named.get("name", ""),
            drug_class=named.get("key", ""),
            shown=words([said["title"], said["summary"], body, brands, named.get("name", "")]),
            allowed=words(said),
            listed=words([said["title"], said["summary"], brands, said["slug"]]),
            figures=frozenset(re.findall(r'"sha256": ?"([0-9a-f]{64})"', canonical)),
            parts=tuple(sorted(parts_of(said).items())),
        )

    def changes(self, before: "OracleText | None") -> dict[str, Change]:
        """What each part that differs from ``before`` said and says; all parts where none does."""
        old, new = dict(before.parts) if before else {}, dict(self.parts)
        both = {name: (old.get(name, ""), new.get(name, "")) for name in {*old, *new}}
        return {name: change for name, change in both.items() if change[0] != change[1]} or both

    @property
    def path(self) -> str:
        """Where patients read it."""
        return f"/{ROOM[self.kind]}/{self.slug}/"


@dataclass(frozen=True)
class Seen:
    """A signature, with what its signer had on the screen."""

    who: str
    step: str
    sha256: str
    shown: frozenset[str]
    entitled: bool


@dataclass
class Sent:
    """A text before reviewers, and who has signed it."""

    text: OracleText
    steps: tuple[tuple[str, int], ...]
    #: Patients may not read it before, however early it is signed.
    publish_at: datetime | None = None
    signed: list[Seen] = field(default_factory=list)
    #: What a signer must tick, and what each has.
    checklist: frozenset[str] = frozenset()
    ticked: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Steps, groups or rows were changed meanwhile: it need not end in an edition any more.
    disturbed: bool = False

    def is_complete(self) -> bool:
        """Whether every step asked for at the start has its signatures."""
        enough = all(len({s.who for s in self.signed if s.step == name}) >= n for name, n in self.steps)
        return enough and len({s.who for s in self.signed}) >= sum(n for _, n in self.steps)


@dataclass
class OraclePage:
    """What is known of one page."""

    editions: list[OracleText] = field(default_factory=list)
    current: OracleText | None = None
    withdrawn: bool = False
    #: Who changed its draft since its last edition.
    changers: set[str] = field(default_factory=set)
    #: Which changes each person has marked as read since its last edition: who, part, change.
    read: set[tuple[str, str, Change]] = field(default_factory=set)
    #: Notes that nobody has settled, by number.
    open_notes: set[int] = field(default_factory=set)

    @property
    def figures(self) -> set[str]:
        """Pictures, by hash, that some edition of it shows or showed."""
        return {name for text in self.editions for name in text.figures}


@dataclass
class Oracle:
    """The test's own memory."""

    pages: dict[str, OraclePage] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    #: Which page answers at a path, whether it is read there or has moved away.
    paths: dict[str, str] = field(default_factory=dict)
    #: Who first brought a word, or a picture by its hash.
    author: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def page(self, key: str) -> OraclePage:
        """What is known of ``key``."""
        return self.pages.setdefault(key, OraclePage())

    def word(self, who: str) -> str:
        """A word nobody has used yet, brought by ``who``; nobody for a door without a name."""
        self.count += 1
        word = f"zq{self.count:05d}x"
        if who:
            self.author[word] = who
        return word

    def changed(self, key: str, who: str) -> None:
        """``who`` changed the draft of ``key``."""
        if who:
            self.page(key).changers.add(who)

    def submitted(
        self,
        row: Mapping[str, Any],
        steps: Iterable[tuple[str, int]],
        draft: Mapping[str, Any] | None,
        publish_at: datetime | None = None,
    ) -> None:
        """A text went before reviewers: it must say, word for word, what the draft says, if that is known."""
        text = OracleText.of(row["canonical"])
        differ = sorted(text.allowed ^ words(draft)) if draft else []
        hold(not differ, f"what was submitted of {text.title} is not the draft: {differ} in one of them only")
        self.sent[row["uuid"]] = Sent(text, tuple(steps), publish_at, checklist=row["checklist"])

    def restored(self, row: Mapping[str, Any], steps: Iterable[tuple[str, int]], number: int) -> None:
        """An earlier edition went before reviewers again: the same text, byte for byte."""
        text = OracleText.of(row["canonical"])
        earlier = self.page(text.key).editions[number - 1]
        hold(text == earlier, f"what is brought back is not edition {number} of {earlier.title}")
        self.sent[row["uuid"]] = Sent(text, tuple(steps), checklist=row["checklist"])

    def withdrew(self, key: str) -> None:
        """A page was taken from patients."""
        self.page(key).withdrawn = True

    def authors(self, text: OracleText) -> set[str]:
        """Who may not sign ``text``: whoever changed the draft or brought words or pictures yet unsigned."""
        page = self.page(text.key)
        known: set[str] = set()
        for edition in page.editions:
            known |= edition.allowed
        known |= self.figures()
        naming = self.pages.get(text.drug_class)
        if naming and naming.editions and naming.editions[-1].title == text.class_name:
            known |= words(text.class_name)
        brought = (text.allowed | text.figures) - known
        return page.changers | {self.author[item] for item in brought if item in self.author}

    def signed(self, submission: str, seen: Seen) -> None:
        """A signature was accepted."""
        hold(seen.entitled, f"{seen.who} signed at step “{seen.step}” without being entitled to")
        sent = self.sent[submission]
        page = self.page(sent.text.key)
        before = page.editions[-1] if page.editions else None
        changes = sent.text.changes(before)
        unread = sorted(name for name, change in changes.items() if (seen.who, name, change) not in page.read)
        hold(not unread, f"{seen.who} signed {sent.text.title} without having read {unread}")
        unticked = sent.checklist - sent.ticked.get(seen.who, frozenset())
        hold(not unticked, f"{seen.who} signed {sent.text.title} without having ticked {sorted(unticked)}")
        hold(not page.open_notes, f"{seen.who} signed {sent.text.title} over open notes {page.open_notes}")
        sent.signed.append(seen)

    def marked(self, submission: str, who: str, part: str, *, read: bool = True) -> None:
        """``who`` said that they have read what changed in a part, or that they have not."""
        text = self.sent[submission].text
        page = self.page(text.key)
        changes = text.changes(page.editions[-1] if page.editions else None)
        hold(part in changes, f"{who} could mark “{part}” of {text.title}, in which nothing changed")
        mark = (who, part, changes[part])
        page.read = page.read | {mark} if read else page.read - {mark}

    def noted(self, key: str, note: int, *, settled: bool = False) -> None:
        """A note was left or opened again, or is settled."""
        notes = self.page(key).open_notes
        self.page(key).open_notes = notes - {note} if settled else notes | {note}

    def edition(self, row: Mapping[str, Any], signatures: Iterable[tuple[str, str, str]]) -> None:
        """An edition came into being. ``signatures`` are the rows that stand for it: who, step, hash."""
        sent = self.sent.get(str(row["submission"]))
        name = f"edition {row['slug']}/{row['number']}"
        hold(sent is not None, f"{name} was made from something nobody submitted")
        assert sent is not None
        text, page = sent.text, self.page(sent.text.key)
        hold(str(row["key"]) == text.key, f"{name} belongs to another page than what was submitted")
        hold(row["sha256"] == text.sha256, f"{name} is not, byte for byte, what was submitted")
        hold(row["number"] == len(page.editions) + 1, f"{name} has the wrong number")
        rows = {(who, step) for who, step, sha256 in signatures if sha256 == text.sha256}
        barred = self.authors(text)
        valid = [
            s for s in sent.signed
            if (s.who, s.step) in rows and s.sha256 == text.sha256 and s.who not in barred
        ]  # fmt: skip
        for step, wanted in sent.steps:
            given = {s.who for s in valid if s.step == step}
            hold(
                len(given) >= wanted,
                f"{name} has {len(given)} of {wanted} signatures at “{step}” by people who did not write it "
                f"(signed by {sorted(s.who for s in sent.signed)}, written by {sorted(barred)})",
            )
        hold(len({s.who for s in valid}) >= sum(n for _, n in sent.steps), f"{name}: one person, two steps")
        for seen in valid:
            hold(seen.shown == text.shown, f"{name} says something else than {seen.who} had on the screen")
        self._public(text, page)

    def _public(self, text: OracleText, page: OraclePage) -> None:
        page.editions.append(text)
        page.current, page.withdrawn = text, False
        page.changers, page.read = set(), set()
        self.paths[text.path] = text.key

    def at(self, path: str) -> tuple[OraclePage, OracleText] | None:
        """The page that answers at ``path`` and the text it is known by."""
        key = self.paths.get(path)
        page = self.pages.get(key) if key else None
        return (page, page.current) if page and page.current else None

    def figures(self) -> set[str]:
        """Pictures, by hash, that some edition shows or showed."""
        return {name for page in self.pages.values() for name in page.figures}

    def public_figures(self) -> set[str]:
        """Pictures, by hash, that are served: those of a page that is withdrawn go with it."""
        return {name for page in self.pages.values() if not page.withdrawn for name in page.figures}

    def listed(self) -> frozenset[str]:
        """Words that lists may repeat now."""
        public = (page.current for page in self.pages.values() if page.current and not page.withdrawn)
        return frozenset[str]().union(*(text.listed for text in public))
