"""The oracle's model of a draft that is set aside: its values, who set each, and what must be decided."""

from dataclasses import dataclass

#: A field's name and value.
Field = tuple[str, str]
#: Fields with one value, of which a person chooses one if both drafts changed it: title, slug, summary.
WHOLE_FIELDS = frozenset("012")


@dataclass(frozen=True)
class OracleAside:
    """The values of a draft set aside with who set each first, and the values it was replaced by."""

    setters: dict[Field, str]
    base: frozenset[Field]

    def decided(self, latest: frozenset[Field]) -> set[str]:
        """Return the names of the fields that both drafts changed, each to something else."""
        waiting, base, now = dict(self.setters.keys()), dict(self.base), dict(latest)
        return {
            name for name in WHOLE_FIELDS
            if len({waiting.get(name), base.get(name), now.get(name)}) == len("abc")
        }  # fmt: skip
