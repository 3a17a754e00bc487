"""The oracle's model of how signers are named, and of which accounts must not sign for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class OracleSigner:
    """What patients would read of one account, and who entered each value that nobody else confirmed."""

    values: dict[str, str]
    unconfirmed: dict[str, str] = field(default_factory=dict)
    #: Whether the email address changed, and nobody else confirmed that.
    held: bool = False

    def changed(self, values: Mapping[str, str], who: str) -> None:
        """Record that ``who`` entered the values that differ; an earlier last day needs nobody else."""
        self.unconfirmed |= {
            name: who
            for name, value in values.items()
            if value != self.values.get(name) and not self._is_earlier(name, value)
        }
        self.values = dict(values)

    def _is_earlier(self, name: str, value: str) -> bool:
        """Whether ``value`` is a last day before the confirmed one; as text, ``none`` comes after any day."""
        return name == "last_day" and name not in self.unconfirmed and value < self.values.get(name, "")

    def confirmed(self, who: str) -> None:
        """Record that ``who`` confirmed what somebody else entered."""
        self.unconfirmed = {name: by for name, by in self.unconfirmed.items() if by == who}

    @property
    def is_named(self) -> bool:
        """Whether two people agree on every value that patients would read, which is none that is empty."""
        return not any(self.values[name] for name in self.unconfirmed)

    @property
    def named(self) -> str:
        """What a signature says of its signer."""
        return ", ".join(filter(None, (self.values[name] for name in ("name", "credentials", "field"))))


@dataclass
class OracleSigners:
    """The signers by user name."""

    known: dict[str, OracleSigner] = field(default_factory=dict)

    def read(self, rows: Mapping[str, Mapping[str, str]], who: str) -> None:
        """Attribute the differences to ``who``."""
        for owner, values in rows.items():
            self.known.setdefault(owner, OracleSigner(dict(values))).changed(values, who)

    def is_named(self, who: str) -> bool:
        """Return whether ``who`` may be shown to patients as they are named now."""
        return who in self.known and self.known[who].is_named

    def may_sign(self, who: str) -> bool:
        """Return whether nothing about the account keeps ``who`` from signing."""
        return self.is_named(who) and not self.known[who].held
