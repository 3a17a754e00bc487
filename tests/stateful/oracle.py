"""The test oracle: what must be public, derived from actions and screens without the project's rules.

Every word typed in these tests is unique (``zq00017x``), so the oracle knows its author, the submissions that
hold it, and whether it must be public.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.stateful.oracle_asides import OracleAside
from tests.stateful.oracle_submissions import (
    Change,
    OracleSignature,
    OracleSubmission,
    OracleText,
    names,
    require,
    words,
)


@dataclass
class OraclePage:
    """The model of one page."""

    editions: list[OracleText] = field(default_factory=list)
    current: OracleText | None = None
    withdrawn: bool = False
    #: Hashes of texts that were withdrawn and not signed again. They stay so when another one is public.
    withdrawn_texts: set[str] = field(default_factory=set)
    #: Who gave a field of the draft its value first since the last edition; nobody for the edition's values.
    setters: dict[tuple[str, str], str] = field(default_factory=dict)
    #: The values of the draft's fields now.
    fields: frozenset[tuple[str, str]] = frozenset()
    #: Changes marked as read since the last edition: user, part, change.
    read: set[tuple[str, str, Change]] = field(default_factory=set)
    #: Ids of open notes.
    open_notes: set[int] = field(default_factory=set)
    #: What the current edition names and the draft lost by a deletion since, and who deleted it.
    removed: set[tuple[str, str]] = field(default_factory=set)
    #: The names of people on each edition.
    signers: list[frozenset[str]] = field(default_factory=list)
    #: Who wrote in any edition, and so must not review the page either while nothing changes.
    wrote: frozenset[str] = frozenset()
    #: The draft that is set aside, if one is.
    aside: OracleAside | None = None
    #: Fields of the draft whose value somebody chose from two drafts, and who did.
    chosen: set[tuple[tuple[str, str], str]] = field(default_factory=set)

    @property
    def figures(self) -> set[str]:
        """Return the hashes of figures in any of its editions."""
        return {name for text in self.editions for name in text.figures}


@dataclass
class Oracle:
    """The model of the site."""

    pages: dict[str, OraclePage] = field(default_factory=dict)
    sent: dict[str, OracleSubmission] = field(default_factory=dict)
    #: Path → key of the page that is or was at it.
    paths: dict[str, str] = field(default_factory=dict)
    #: Word, or hash of an image → the user who added it first.
    author: dict[str, str] = field(default_factory=dict)
    count: int = 0
    #: Pages with who has a conflict of interest with them.
    conflicts: set[tuple[str, str]] = field(default_factory=set)

    def page(self, key: str) -> OraclePage:
        """Return the model of the page ``key``."""
        return self.pages.setdefault(key, OraclePage())

    def word(self, who: str) -> str:
        """Return a new word by ``who``; empty for no author."""
        self.count += 1
        word = f"zq{self.count:05d}x"
        if who:
            self.author[word] = who
        return word

    def name(self) -> str:
        """Return a new name for a person."""
        self.count += 1
        letters = [chr(ord("a") + self.count // 26**n % 26) for n in range(5)]
        return f"Zq{''.join(letters)}q"

    def changed(self, key: str, who: str, fields: Mapping[Any, Any]) -> None:
        """Record that ``who`` changed the draft of ``key``, whose ``fields`` have these values now."""
        page = self.page(key)
        page.fields = frozenset((str(name), str(value)) for name, value in fields.items())
        for each in page.fields:
            page.setters.setdefault(each, who)

    def set_aside(self, key: str, fields: Mapping[Any, Any]) -> None:
        """Record that the draft of ``key`` was set aside. Its ``fields`` are those of the edition now."""
        page = self.page(key)
        waiting = {each: page.setters.get(each, "") for each in page.fields}
        self.changed(key, "", fields)
        page.aside = OracleAside(waiting, page.fields)

    def merged(self, key: str, fields: Mapping[Any, Any], chooser: str) -> None:
        """Record that the draft set aside was merged, whose values have their setters again.

        ``chooser`` decided between the two drafts, if there was something to decide.
        """
        page = self.page(key)
        assert page.aside is not None
        latest, aside, page.aside = page.fields, page.aside, None
        now = {(str(name), str(value)) for name, value in fields.items()}
        for each in now & aside.setters.keys():
            page.setters.setdefault(each, aside.setters[each])
        self.changed(key, "", fields)
        names = aside.decided(latest) if chooser else set()
        page.chosen |= {(each, chooser) for each in page.fields if each[0] in names}

    def submitted(
        self,
        row: Mapping[str, Any],
        steps: Iterable[tuple[str, int]],
        draft: Mapping[str, Any] | None,
        publish_at: datetime | None = None,
    ) -> None:
        """Record a submission, which must hold exactly the words of the draft, if that is known."""
        text = OracleText.of(row["canonical"])
        differ = sorted(text.allowed ^ words(draft)) if draft else []
        require(
            not differ, f"what was submitted of {text.title} is not the draft: {differ} in one of them only"
        )
        self.sent[row["uuid"]] = OracleSubmission(
            text, tuple(steps), publish_at, checklist=row["checklist"], submitter=row["submitter"]
        )

    def restored(self, row: Mapping[str, Any], steps: Iterable[tuple[str, int]], number: int) -> None:
        """Record the submission of an earlier edition, which must be identical."""
        text = OracleText.of(row["canonical"])
        earlier = self.page(text.key).editions[number - 1]
        require(text == earlier, f"what is brought back is not edition {number} of {earlier.title}")
        self.sent[row["uuid"]] = OracleSubmission(
            text, tuple(steps), checklist=row["checklist"], submitter=row["submitter"]
        )

    def reviewed_unchanged(self, row: Mapping[str, Any], steps: Iterable[tuple[str, int]], who: str) -> None:
        """Record that ``who`` was shown the whole current text and ticked the checklist."""
        text = OracleText.of(row["canonical"])
        page = self.page(text.key)
        current = None if page.withdrawn else page.current
        require(text == current, f"{who} reviewed a text of {text.title} that patients do not read")
        if row["uuid"] not in self.sent:
            self.sent[row["uuid"]] = OracleSubmission(
                text, tuple(steps), checklist=row["checklist"], submitter=row["submitter"], unchanged=True
            )
        self.sent[row["uuid"]].ticked[who] = row["checklist"]
        page.read = page.read | {(who, *change) for change in text.changes(text).items()}

    def excluded(self, sent: OracleSubmission) -> set[str]:
        """Return who may not sign a submission."""
        if sent.unchanged:
            return self.barred(sent.text) | self.page(sent.text.key).wrote
        return self.barred(sent.text) | {sent.submitter}

    def withdrew(self, key: str) -> None:
        """Record a withdrawal, which ends what is in review or waits for its day."""
        page = self.page(key)
        page.withdrawn = True
        page.withdrawn_texts.add(page.editions[-1].sha256)
        for sent in self.sent.values():
            sent.void = sent.void or sent.text.key == key

    def authors(self, text: OracleText) -> set[str]:
        """Return who may not sign ``text``.

        These are those who first gave a field its present value, or who added words or images yet unsigned,
        or who chose between the values of two drafts.
        Who changed something of which nothing is left may sign.
        """
        page = self.page(text.key)
        known: set[str] = set()
        for edition in page.editions:
            known |= edition.allowed
        known |= self.figures()
        naming = self.pages.get(text.drug_class)
        if naming and naming.editions and naming.editions[-1].title == text.class_name:
            known |= words(text.class_name)
        brought = (text.allowed | text.figures) - known
        set_by = {page.setters.get(each, "") for each in page.fields}
        written_by = {self.author[item] for item in brought if item in self.author}
        still_named = text.conditions | text.figures | {text.drug_class}
        deleted_by = {who for thing, who in page.removed if thing not in still_named}
        chosen_by = {who for each, who in page.chosen if each in page.fields}
        return (set_by | written_by | deleted_by | chosen_by) - {""}

    def barred(self, text: OracleText) -> set[str]:
        """Return who may not sign ``text``: who wrote in it, and who has an interest in it."""
        return self.authors(text) | {who for key, who in self.conflicts if key == text.key}

    def deleted(self, key: str, who: str, things: Iterable[str]) -> None:
        """Record that ``who`` deleted ``things``, to which the draft of ``key`` refers.

        Those that its current edition names are missing from the next one because of ``who``.
        """
        page = self.page(key)
        if page.editions:
            newest = page.editions[-1]
            named = newest.conditions | newest.figures | {newest.drug_class}
            page.removed |= {(thing, who) for thing in things if thing in named}

    def signed(self, submission: str, seen: OracleSignature) -> None:
        """Record an accepted signature and check its preconditions."""
        require(seen.entitled, f"{seen.who} signed at step “{seen.step}” without being entitled to")
        sent = self.sent[submission]
        require(
            (sent.text.key, seen.who) not in self.conflicts,
            f"{seen.who} signed {sent.text.title} with a conflict of interest",
        )
        page = self.page(sent.text.key)
        before = page.editions[-1] if page.editions else None
        changes = sent.text.changes(before)
        unread = sorted(name for name, change in changes.items() if (seen.who, name, change) not in page.read)
        require(not unread, f"{seen.who} signed {sent.text.title} without having read {unread}")
        unticked = sent.checklist - sent.ticked.get(seen.who, frozenset())
        require(not unticked, f"{seen.who} signed {sent.text.title} without having ticked {sorted(unticked)}")
        require(not page.open_notes, f"{seen.who} signed {sent.text.title} over open notes {page.open_notes}")
        sent.signed.append(seen)

    def section_marked(self, submission: str, who: str, part: str, *, read: bool = True) -> None:
        """Record that ``who`` marked a changed part as read or unread."""
        text = self.sent[submission].text
        page = self.page(text.key)
        changes = text.changes(page.editions[-1] if page.editions else None)
        require(part in changes, f"{who} could mark “{part}” of {text.title}, in which nothing changed")
        mark = (who, part, changes[part])
        page.read = page.read | {mark} if read else page.read - {mark}

    def note_changed(self, key: str, note: int, *, settled: bool = False) -> None:
        """Record that a note was opened or settled."""
        notes = self.page(key).open_notes
        self.page(key).open_notes = notes - {note} if settled else notes | {note}

    def edition(self, row: Mapping[str, Any], signatures: Iterable[tuple[str, str, str]]) -> None:
        """Record a new edition and check it. ``signatures`` are its rows: user, step, hash."""
        sent = self.sent.get(str(row["submission"]))
        name = f"edition {row['slug']}/{row['number']}"
        require(sent is not None, f"{name} was made from something nobody submitted")
        assert sent is not None
        text, page = sent.text, self.page(sent.text.key)
        require(not sent.void, f"{name} was submitted before its page was withdrawn")
        require(str(row["key"]) == text.key, f"{name} belongs to another page than what was submitted")
        require(row["sha256"] == text.sha256, f"{name} is not, byte for byte, what was submitted")
        require(row["number"] == len(page.editions) + 1, f"{name} has the wrong number")
        rows = {(who, step) for who, step, sha256 in signatures if sha256 == text.sha256}
        excluded = self.excluded(sent)
        valid = [
            s for s in sent.signed
            if (s.who, s.step) in rows and s.sha256 == text.sha256 and s.who not in excluded
        ]  # fmt: skip
        for step, wanted in sent.steps:
            given = {s.who for s in valid if s.step == step}
            require(
                len(given) >= wanted,
                f"{name} has {len(given)} of {wanted} signatures at “{step}” by people who did not write it "
                f"(signed by {sorted(s.who for s in sent.signed)}, written by {sorted(excluded)})",
            )
        require(
            len({s.who for s in valid}) >= sum(n for _, n in sent.steps), f"{name}: one person, two steps"
        )
        for seen in valid:
            wrote = sorted(seen.vouchers & excluded)
            require(not wrote, f"{name}: {wrote} wrote it and vouch for {seen.who}, who signed it")
            require(seen.shown == text.shown, f"{name} says something else than {seen.who} had on the screen")
        page.wrote |= self.authors(text) | (set() if sent.unchanged else {sent.submitter})
        self._public(text, page, frozenset[str]().union(*(names(seen.public_name) for seen in valid)))

    def _public(self, text: OracleText, page: OraclePage, signers: frozenset[str]) -> None:
        page.editions.append(text)
        page.signers.append(signers)
        page.removed, page.chosen = set(), set()
        page.current, page.withdrawn = text, False
        page.withdrawn_texts.discard(text.sha256)
        page.read = set()
        page.setters = dict.fromkeys(page.fields, "")
        self.paths[text.path] = text.key

    def at(self, path: str) -> tuple[OraclePage, OracleText] | None:
        """Return the page at ``path`` and its current text."""
        key = self.paths.get(path)
        page = self.pages.get(key) if key else None
        return (page, page.current) if page and page.current else None

    def signers(self) -> frozenset[str]:
        """Return the names of people on any edition."""
        return frozenset[str]().union(*(names for page in self.pages.values() for names in page.signers))

    def figures(self) -> set[str]:
        """Return the hashes of figures in any edition."""
        return {name for page in self.pages.values() for name in page.figures}

    def public_figures(self) -> set[str]:
        """Return the hashes of figures that are served: not those of withdrawn pages."""
        return {name for page in self.pages.values() if not page.withdrawn for name in page.figures}

    def listed(self) -> frozenset[str]:
        """Return the words that lists may show now: of a withdrawn medicine its names only."""
        current = [(page.current, page.withdrawn) for page in self.pages.values() if page.current]
        public = [text.listed for text, withdrawn in current if not withdrawn]
        named = [text.named for text, withdrawn in current if withdrawn and text.kind == "monograph"]
        return frozenset[str]().union(*public, *named)
